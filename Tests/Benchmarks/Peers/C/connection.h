// One TLS connection of the C program: frames in, frames out, and as few system calls as can be.
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A frame is four bytes of length, then a body: its kind, a number of eight bytes, and what
// follows. Numbers are in the machine's own order, because both ends are on one machine.
enum { KIND_ECHO = 0, KIND_STREAM = 1, HEAD = 4, PREFIX = 9 };
// The length of a body of the usual message: about what the others' messages have.
enum { MESSAGE = 300 };

struct buffer {
    uint8_t *bytes;
    size_t begin, end, capacity;
};

struct connection {
    int fd;
    SSL *ssl;
    // Plaintext that arrived and is not yet a whole frame.
    struct buffer in;
    // Plaintext to be sent in one SSL_write.
    struct buffer plain;
    // Ciphertext to be sent in one write(2).
    struct buffer out;
    // Of a server: messages still to be sent, and the next one's number.
    uint64_t left, number;
};

SSL_CTX *context_new(bool is_server, const char *certificate, const char *key,
                     const char *authorities);

struct connection *connection_new(SSL_CTX *context, int fd, bool is_server);
// Says goodbye where it can, and frees everything.
void connection_close(struct connection *connection);

// Does what can be done of the handshake: 1 when it is complete, 0 when more must arrive.
int connection_shake(struct connection *connection);
// Reads what is there; false when the connection has ended.
bool connection_read(struct connection *connection);
// Takes the next whole frame's body, which is valid until the next read; false if there is none.
bool connection_next(struct connection *connection, uint8_t **body, uint32_t *length);

// Appends one frame to those to be sent, and returns its body for the caller to fill in.
uint8_t *connection_frame(struct connection *connection, uint32_t length);
// Encrypts and sends; false when the connection has ended. Something may be left in `out`.
bool connection_flush(struct connection *connection);

static inline size_t buffer_count(const struct buffer *buffer) {
    return buffer->end - buffer->begin;
}
