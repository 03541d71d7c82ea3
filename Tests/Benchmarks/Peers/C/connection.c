#include "connection.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// MARK: Buffers

static uint8_t *room(struct buffer *buffer, size_t count) {
    if (buffer->begin == buffer->end) buffer->begin = buffer->end = 0;
    if (buffer->capacity - buffer->end < count && buffer->begin > 0) {
        memmove(buffer->bytes, buffer->bytes + buffer->begin, buffer_count(buffer));
        buffer->end -= buffer->begin;
        buffer->begin = 0;
    }
    if (buffer->capacity - buffer->end < count) {
        size_t capacity = buffer->capacity ? buffer->capacity : 4096;
        while (capacity - buffer->end < count) capacity *= 2;
        buffer->bytes = realloc(buffer->bytes, capacity);
        if (!buffer->bytes) abort();
        buffer->capacity = capacity;
    }
    return buffer->bytes + buffer->end;
}

// MARK: OpenSSL's way out: into the connection's own buffer

static int collect(BIO *bio, const char *bytes, int count) {
    struct connection *connection = BIO_get_data(bio);
    memcpy(room(&connection->out, (size_t)count), bytes, (size_t)count);
    connection->out.end += (size_t)count;
    return count;
}

static long control(BIO *bio, int command, long number, void *pointer) {
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static BIO_METHOD *collector(void) {
    static BIO_METHOD *method;
    if (!method) {
        method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "collector");
        BIO_meth_set_write(method, collect);
        BIO_meth_set_ctrl(method, control);
    }
    return method;
}

// MARK: Contexts

static void check(bool isFine, const char *what) {
    if (isFine) return;
    fprintf(stderr, "%s\n", what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

SSL_CTX *context_new(bool is_server, const char *certificate, const char *key,
                     const char *authorities) {
    SSL_CTX *context = SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method());
    check(context && SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
              SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") == 1 &&
              SSL_CTX_set1_groups_list(context, "X25519") == 1,
          "OpenSSL does not offer what TLS 1.3 needs here");
    check(SSL_CTX_use_certificate_chain_file(context, certificate) == 1, certificate);
    check(SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1, key);
    check(SSL_CTX_load_verify_file(context, authorities) == 1, authorities);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    // Every handshake is a full one, as it is with the others.
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // One read(2) takes all records that have arrived.
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_default_read_buffer_len(context, 128 * 1024);
    return context;
}

// MARK: Connections

struct connection *connection_new(SSL_CTX *context, int fd, bool is_server) {
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection) abort();
    connection->fd = fd;
    connection->ssl = SSL_new(context);
    BIO *way_out = BIO_new(collector());
    check(connection->ssl && way_out, "OpenSSL gives no connection");
    BIO_set_data(way_out, connection);
    BIO_set_init(way_out, 1);
    SSL_set_bio(connection->ssl, BIO_new_socket(fd, BIO_NOCLOSE), way_out);
    if (is_server) SSL_set_accept_state(connection->ssl);
    else SSL_set_connect_state(connection->ssl);
    return connection;
}

void connection_close(struct connection *connection) {
    if (SSL_is_init_finished(connection->ssl)) {
        SSL_shutdown(connection->ssl);
        connection_flush(connection);
    }
    SSL_free(connection->ssl);
    close(connection->fd);
    free(connection->in.bytes);
    free(connection->plain.bytes);
    free(connection->out.bytes);
    free(connection);
}

int connection_shake(struct connection *connection) {
    ERR_clear_error();
    int result = SSL_do_handshake(connection->ssl);
    if (!connection_flush(connection)) return -1;
    if (result == 1) return 1;
    return SSL_get_error(connection->ssl, result) == SSL_ERROR_WANT_READ ? 0 : -1;
}

bool connection_read(struct connection *connection) {
    ERR_clear_error();
    do {
        uint8_t *into = room(&connection->in, 16384);
        int count = SSL_read(connection->ssl, into, 16384);
        if (count <= 0) return SSL_get_error(connection->ssl, count) == SSL_ERROR_WANT_READ;
        connection->in.end += (size_t)count;
    } while (SSL_has_pending(connection->ssl));
    return true;
}

bool connection_next(struct connection *connection, uint8_t **body, uint32_t *length) {
    struct buffer *in = &connection->in;
    if (buffer_count(in) < HEAD) return false;
    memcpy(length, in->bytes + in->begin, HEAD);
    if (buffer_count(in) < HEAD + (size_t)*length) return false;
    *body = in->bytes + in->begin + HEAD;
    in->begin += HEAD + (size_t)*length;
    return true;
}

uint8_t *connection_frame(struct connection *connection, uint32_t length) {
    uint8_t *frame = room(&connection->plain, HEAD + (size_t)length);
    memcpy(frame, &length, HEAD);
    connection->plain.end += HEAD + (size_t)length;
    return frame + HEAD;
}

bool connection_flush(struct connection *connection) {
    struct buffer *plain = &connection->plain, *out = &connection->out;
    if (buffer_count(plain) > 0) {
        if (SSL_write(connection->ssl, plain->bytes + plain->begin, (int)buffer_count(plain)) <= 0)
            return false;
        plain->begin = plain->end = 0;
    }
    while (buffer_count(out) > 0) {
        ssize_t count = write(connection->fd, out->bytes + out->begin, buffer_count(out));
        if (count < 0) return errno == EAGAIN;
        out->begin += (size_t)count;
    }
    return true;
}
