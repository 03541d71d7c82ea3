// Makes the calls of one case over TLS, with nothing above OpenSSL and epoll, and measures them.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connection.h"
#include "latencies.h"
#include "message.h"
#include "options.h"

enum { BLOB = 1 << 20, CONNECTIONS_MAXIMUM = 8, IN_FLIGHT_MAXIMUM = 256 };

// Suite and group of the last connection.
static char negotiated[128];
static SSL_CTX *context;
static int port;

static void fail(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(1);
}

// MARK: One call at a time

static void await(struct connection *connection, short events) {
    struct pollfd one = {.fd = connection->fd, .events = events};
    if (poll(&one, 1, 10000) <= 0) fail("the server does not answer");
}

static struct connection *dial(void) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        fail("cannot connect");
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    struct connection *connection = connection_new(context, fd, false);
    int shaken;
    while ((shaken = connection_shake(connection)) == 0) await(connection, POLLIN);
    if (shaken < 0) fail("the handshake failed");
    return connection;
}

static void send_all(struct connection *connection) {
    if (!connection_flush(connection)) fail("the connection has ended");
    while (buffer_count(&connection->out) > 0) {
        await(connection, POLLOUT);
        if (!connection_flush(connection)) fail("the connection has ended");
    }
}

static void receive(struct connection *connection, uint8_t **body, uint32_t *length) {
    while (!connection_next(connection, body, length)) {
        await(connection, POLLIN);
        if (!connection_read(connection)) fail("the connection has ended");
    }
}

static void echo_once(struct connection *connection) {
    uint8_t *body;
    uint32_t length;
    message_write(connection_frame(connection, MESSAGE), 1);
    send_all(connection);
    receive(connection, &body, &length);
    if (!message_is(body, length, 1)) fail("an answer was not what had been sent");
}

// A connection that has made one call.
static struct connection *connected(void) {
    struct connection *connection = dial();
    echo_once(connection);
    snprintf(negotiated, sizeof negotiated, "%s %s", SSL_get_cipher_name(connection->ssl),
             SSL_get_negotiated_group(connection->ssl) == NID_X25519 ? "X25519" : "another group");
    return connection;
}

// MARK: Calls in flight

// The calls of one connection are answered in order, so two counters and a ring of times tell all.
struct calls {
    struct connection *connection;
    uint64_t sent, answered;
    uint64_t times[IN_FLIGHT_MAXIMUM];
    bool is_blob;
};

static void ask(struct calls *calls, uint64_t now) {
    calls->times[calls->sent % IN_FLIGHT_MAXIMUM] = now;
    if (calls->is_blob) {
        uint8_t *body = connection_frame(calls->connection, BLOB);
        memset(body, 0x5a, BLOB);
        body[0] = KIND_ECHO;
        memcpy(body + 1, &calls->sent, sizeof calls->sent);
    } else {
        message_write(connection_frame(calls->connection, MESSAGE), calls->sent);
    }
    calls->sent += 1;
}

static bool is_answer(const struct calls *calls, const uint8_t *body, uint32_t length) {
    if (!calls->is_blob) return message_is(body, length, calls->answered);
    static const uint8_t last[8] = {0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a};
    return length == BLOB && memcmp(body + 1, &calls->answered, sizeof calls->answered) == 0 &&
           memcmp(body + BLOB - sizeof last, last, sizeof last) == 0;
}

static void watch(int poll, int operation, struct calls *calls) {
    bool is_full = buffer_count(&calls->connection->out) > 0;
    struct epoll_event event = {.events = is_full ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = calls};
    if (epoll_ctl(poll, operation, calls->connection->fd, &event) != 0) fail("epoll_ctl failed");
}

static void run_in_flight(const struct options *options, int connections, int in_flight,
                          bool is_blob) {
    static struct calls all[CONNECTIONS_MAXIMUM];
    static struct latencies latencies;
    int poll = epoll_create1(0);
    for (int index = 0; index < connections; index++) {
        all[index].connection = connected();
        all[index].is_blob = is_blob;
    }
    uint64_t begin = nanoseconds() + (uint64_t)(options->warmup * 1e9);
    uint64_t end = begin + (uint64_t)(options->seconds * 1e9);
    for (int index = 0; index < connections; index++) {
        for (int call = 0; call < in_flight; call++) ask(&all[index], nanoseconds());
        if (!connection_flush(all[index].connection)) fail("the connection has ended");
        watch(poll, EPOLL_CTL_ADD, &all[index]);
    }
    bool has_begun = false;
    for (;;) {
        struct epoll_event events[CONNECTIONS_MAXIMUM];
        int ready = epoll_wait(poll, events, CONNECTIONS_MAXIMUM, 10000);
        if (ready <= 0) fail("the server does not answer");
        for (int index = 0; index < ready; index++) {
            struct calls *calls = events[index].data.ptr;
            struct connection *connection = calls->connection;
            bool was_full = buffer_count(&connection->out) > 0;
            if ((events[index].events & EPOLLIN) && !connection_read(connection))
                fail("the connection has ended");
            // The time of what came with one read.
            uint64_t now = nanoseconds();
            if (!has_begun && now >= begin) {
                report_mark("begin");
                has_begun = true;
            }
            if (now >= end) {
                report_end(latencies.total, options->seconds, &latencies, negotiated);
                return;
            }
            uint8_t *body;
            uint32_t length;
            while (connection_next(connection, &body, &length)) {
                if (!is_answer(calls, body, length)) fail("an answer was not what had been sent");
                if (has_begun)
                    latencies_add(&latencies, now - calls->times[calls->answered % IN_FLIGHT_MAXIMUM]);
                calls->answered += 1;
                ask(calls, now);
            }
            if (!connection_flush(connection)) fail("the connection has ended");
            if (was_full || buffer_count(&connection->out) > 0) watch(poll, EPOLL_CTL_MOD, calls);
        }
    }
}

// MARK: One after the other

static void stream_once(struct connection *connection, uint64_t count) {
    uint8_t *request = connection_frame(connection, PREFIX);
    request[0] = KIND_STREAM;
    memcpy(request + 1, &count, sizeof count);
    send_all(connection);
    for (uint64_t number = 0; number < count; number++) {
        uint8_t *body;
        uint32_t length;
        receive(connection, &body, &length);
        if (!message_is(body, length, number)) fail("an answer was not what had been sent");
    }
}

static void run_streams(const struct options *options) {
    struct connection *connection = connected();
    uint64_t warm = nanoseconds() + (uint64_t)(options->warmup * 1e9);
    do stream_once(connection, 10000);
    while (nanoseconds() < warm);
    report_mark("begin");
    uint64_t begin = nanoseconds(), calls = 0;
    do {
        stream_once(connection, 100000);
        calls += 100000;
    } while (nanoseconds() < begin + (uint64_t)(options->seconds * 1e9));
    report_end(calls, (double)(nanoseconds() - begin) / 1e9, NULL, negotiated);
}

static void run_handshakes(const struct options *options) {
    static struct latencies latencies;
    uint64_t warm = nanoseconds() + (uint64_t)(options->warmup * 1e9);
    do connection_close(connected());
    while (nanoseconds() < warm);
    report_mark("begin");
    uint64_t begin = nanoseconds(), last = begin;
    do {
        connection_close(connected());
        uint64_t now = nanoseconds();
        latencies_add(&latencies, now - last);
        last = now;
    } while (last < begin + (uint64_t)(options->seconds * 1e9));
    report_end(latencies.total, (double)(last - begin) / 1e9, &latencies, negotiated);
}

static void run_idle(void) {
    // What the first connection brings with it is not counted.
    connected();
    report_mark("base");
    usleep(200 * 1000);
    for (int count = 0; count < 1000; count++) connected();
    report_mark("begin");
    sleep(2);
    report_end(1000, 2, NULL, negotiated);
}

int main(int count, char **arguments) {
    struct options options = options_read(count, arguments);
    signal(SIGPIPE, SIG_IGN);
    context = context_new(false, options.certificate, options.key, options.authorities);
    port = port_of(options.address);
    const char *load = options.load;
    if (!strcmp(load, "lat")) run_in_flight(&options, 1, 1, false);
    else if (!strcmp(load, "t64")) run_in_flight(&options, 1, 64, false);
    else if (!strcmp(load, "t256")) run_in_flight(&options, 1, 256, false);
    else if (!strcmp(load, "t8x32")) run_in_flight(&options, 8, 32, false);
    else if (!strcmp(load, "blob1")) run_in_flight(&options, 1, 1, true);
    else if (!strcmp(load, "blob4")) run_in_flight(&options, 1, 4, true);
    else if (!strcmp(load, "stream")) run_streams(&options);
    else if (!strcmp(load, "hs")) run_handshakes(&options);
    else if (!strcmp(load, "idle")) run_idle();
    else fail("--case is not one of those in Tests/Benchmarks/README.md");
    await_end_of_input();
}
