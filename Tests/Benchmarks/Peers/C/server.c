// The floor of the benchmarks: sends frames back over TLS, with nothing above OpenSSL and epoll.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "connection.h"
#include "message.h"
#include "options.h"

// How much of a stream is sent in one batch.
enum { BATCH = 64 * 1024 };

static void answer(struct connection *connection) {
    uint8_t *body;
    uint32_t length;
    while (connection_next(connection, &body, &length)) {
        if (length < PREFIX) continue;
        if (body[0] == KIND_STREAM) {
            memcpy(&connection->left, body + 1, sizeof connection->left);
            connection->number = 0;
        } else {
            memcpy(connection_frame(connection, length), body, length);
        }
    }
}

// Sends a stream until the socket is full or all is sent.
static bool stream(struct connection *connection) {
    while (connection->left > 0 && buffer_count(&connection->out) == 0) {
        while (connection->left > 0 && buffer_count(&connection->plain) < BATCH) {
            message_write(connection_frame(connection, MESSAGE), connection->number);
            connection->number += 1;
            connection->left -= 1;
        }
        if (!connection_flush(connection)) return false;
    }
    return true;
}

static bool serve(struct connection *connection, uint32_t events) {
    if (events & EPOLLIN) {
        if (!SSL_is_init_finished(connection->ssl)) {
            int shaken = connection_shake(connection);
            if (shaken <= 0) return shaken == 0;
            // The first request may have arrived with the end of the handshake.
            if (!SSL_has_pending(connection->ssl)) return true;
        }
        if (!connection_read(connection)) return false;
        answer(connection);
    }
    return connection_flush(connection) && stream(connection);
}

static int listen_on_loopback(int *port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 256) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        perror("listen");
        exit(1);
    }
    *port = ntohs(address.sin_port);
    return fd;
}

static void watch(int poll, int operation, int fd, struct connection *connection, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(poll, operation, fd, &event) != 0) {
        perror("epoll_ctl");
        exit(1);
    }
}

static void take(int poll, int listener, SSL_CTX *context) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        int one = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        watch(poll, EPOLL_CTL_ADD, fd, connection_new(context, fd, true), EPOLLIN);
    }
}

int main(int count, char **arguments) {
    struct options options = options_read(count, arguments);
    signal(SIGPIPE, SIG_IGN);
    SSL_CTX *context =
        context_new(true, options.certificate, options.key, options.authorities);
    int port;
    int listener = listen_on_loopback(&port);
    int poll = epoll_create1(0);
    watch(poll, EPOLL_CTL_ADD, listener, NULL, EPOLLIN);
    write_port(options.port_file, port);
    for (;;) {
        struct epoll_event events[64];
        int ready = epoll_wait(poll, events, 64, -1);
        if (ready < 0 && errno != EINTR) return 1;
        for (int index = 0; index < ready; index++) {
            struct connection *connection = events[index].data.ptr;
            if (!connection) {
                take(poll, listener, context);
                continue;
            }
            bool was_full = buffer_count(&connection->out) > 0;
            if (!serve(connection, events[index].events)) {
                connection_close(connection);
                continue;
            }
            bool is_full = buffer_count(&connection->out) > 0;
            if (is_full != was_full || is_full != ((events[index].events & EPOLLOUT) != 0))
                watch(poll, EPOLL_CTL_MOD, connection->fd, connection,
                      is_full ? EPOLLIN | EPOLLOUT : EPOLLIN);
        }
    }
}
