// Makes the calls of one case over gRPC C++ and measures them: blocking calls where they come one
// after the other, one completion queue where many are in flight.
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "../C/latencies.h"
#include "../C/options.h"
#include "peer.h"

namespace {

using Stub = echo::Echo::Stub;

const char *const negotiated = "not told";
constexpr size_t blob_size = 1 << 20;

[[noreturn]] void fail(const std::string &what) {
    std::cerr << what << "\n";
    exit(1);
}

void check(const grpc::Status &status) {
    if (!status.ok()) fail("a call failed: " + status.error_message());
}

void check(bool is_right) {
    if (!is_right) fail("an answer was not what had been sent");
}

// MARK: Connections

struct Peer {
    std::string address;
    std::shared_ptr<grpc::ChannelCredentials> credentials;

    explicit Peer(const options &options) : address(options.address) {
        grpc::SslCredentialsOptions tls;
        tls.pem_root_certs = text(options.authorities);
        tls.pem_private_key = text(options.key);
        tls.pem_cert_chain = text(options.certificate);
        credentials = grpc::SslCredentials(tls);
    }

    // A connection of its own that has made one call.
    std::unique_ptr<Stub> connected() const {
        grpc::ChannelArguments arguments;
        arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
        auto stub = echo::Echo::NewStub(
            grpc::CreateCustomChannel(address, credentials, arguments));
        echo_once(*stub, 1);
        return stub;
    }

    static void echo_once(Stub &stub, int64_t number) {
        grpc::ClientContext context;
        echo::EchoMessage request, reply;
        fill(&request, number);
        check(stub.EchoMessages(&context, request, &reply));
        check(is_right(reply, number));
    }
};

// MARK: Calls in flight

// One of the calls in flight; when it is answered, it is made again with the next number.
template <typename Message>
struct Call {
    Stub *stub;
    int64_t number;
    uint64_t sent = 0;
    Message request, reply;
    grpc::Status status;
    std::unique_ptr<grpc::ClientContext> context;

    void ask(grpc::CompletionQueue *queue, uint64_t now);
    bool is_answered() const;
};

template <>
void Call<echo::EchoMessage>::ask(grpc::CompletionQueue *queue, uint64_t now) {
    sent = now;
    context = std::make_unique<grpc::ClientContext>();
    fill(&request, ++number);
    stub->AsyncEchoMessages(context.get(), request, queue)->Finish(&reply, &status, this);
}

template <>
bool Call<echo::EchoMessage>::is_answered() const {
    return is_right(reply, number);
}

template <>
void Call<echo::EchoBlob>::ask(grpc::CompletionQueue *queue, uint64_t now) {
    sent = now;
    context = std::make_unique<grpc::ClientContext>();
    auto *bytes = request.mutable_bytes();
    bytes->resize(blob_size, 0x5a);
    number += 1;
    memcpy(bytes->data(), &number, sizeof number);
    stub->AsyncEchoBlobs(context.get(), request, queue)->Finish(&reply, &status, this);
}

template <>
bool Call<echo::EchoBlob>::is_answered() const {
    const auto &sent = request.bytes(), &came = reply.bytes();
    return came.size() == sent.size() && memcmp(came.data(), sent.data(), 8) == 0 &&
           memcmp(came.data() + came.size() - 8, sent.data() + sent.size() - 8, 8) == 0;
}

template <typename Message>
void run_in_flight(const Peer &peer, const options &options, int connections, int in_flight) {
    std::vector<std::unique_ptr<Stub>> stubs;
    for (int index = 0; index < connections; index++) stubs.push_back(peer.connected());
    static latencies all;
    grpc::CompletionQueue queue;
    const uint64_t begin = nanoseconds() + static_cast<uint64_t>(options.warmup * 1e9);
    const uint64_t end = begin + static_cast<uint64_t>(options.seconds * 1e9);
    std::vector<std::unique_ptr<Call<Message>>> calls;
    for (int index = 0; index < connections * in_flight; index++) {
        calls.push_back(std::make_unique<Call<Message>>());
        calls.back()->stub = stubs[index / in_flight].get();
        calls.back()->number = static_cast<int64_t>(index) << 40;
        calls.back()->ask(&queue, nanoseconds());
    }
    bool has_begun = false, has_ended = false;
    void *tag;
    bool is_fine;
    for (size_t left = calls.size(); left > 0 && queue.Next(&tag, &is_fine);) {
        auto *call = static_cast<Call<Message> *>(tag);
        check(call->status);
        check(call->is_answered());
        const uint64_t now = nanoseconds();
        if (!has_begun && now >= begin) {
            report_mark("begin");
            has_begun = true;
        }
        if (now >= end) {
            if (!has_ended)
                report_end(all.total, options.seconds, &all, negotiated);
            has_ended = true;
            left -= 1;
            continue;
        }
        if (has_begun) latencies_add(&all, now - call->sent);
        call->ask(&queue, now);
    }
    queue.Shutdown();
    while (queue.Next(&tag, &is_fine)) continue;
    await_end_of_input();
}

// The blocking form of one call in flight has one thread switch less.
void run_one_at_a_time(const Peer &peer, const options &options) {
    const auto stub = peer.connected();
    static latencies all;
    const uint64_t begin = nanoseconds() + static_cast<uint64_t>(options.warmup * 1e9);
    const uint64_t end = begin + static_cast<uint64_t>(options.seconds * 1e9);
    bool has_begun = false;
    int64_t number = 1;
    for (uint64_t last = nanoseconds(); last < end;) {
        Peer::echo_once(*stub, ++number);
        const uint64_t now = nanoseconds();
        if (!has_begun && now >= begin) {
            report_mark("begin");
            has_begun = true;
        }
        if (has_begun && now < end) latencies_add(&all, now - last);
        last = now;
    }
    report_end(all.total, options.seconds, &all, negotiated);
    await_end_of_input();
}

// MARK: One after the other

void stream_once(Stub &stub, int64_t count) {
    grpc::ClientContext context;
    echo::SendMessagesRequest request;
    request.set_count(count);
    const auto reader = stub.SendMessages(&context, request);
    echo::EchoMessage message;
    int64_t number = 0;
    while (reader->Read(&message)) check(is_right(message, number++));
    check(reader->Finish());
    check(number == count);
}

void run_streams(const Peer &peer, const options &options) {
    const auto stub = peer.connected();
    const uint64_t warm = nanoseconds() + static_cast<uint64_t>(options.warmup * 1e9);
    do stream_once(*stub, 10000);
    while (nanoseconds() < warm);
    report_mark("begin");
    const uint64_t begin = nanoseconds();
    uint64_t calls = 0;
    do {
        stream_once(*stub, 100000);
        calls += 100000;
    } while (nanoseconds() < begin + static_cast<uint64_t>(options.seconds * 1e9));
    report_end(calls, static_cast<double>(nanoseconds() - begin) / 1e9, nullptr, negotiated);
    await_end_of_input();
}

void run_handshakes(const Peer &peer, const options &options) {
    static latencies all;
    const uint64_t warm = nanoseconds() + static_cast<uint64_t>(options.warmup * 1e9);
    do peer.connected();
    while (nanoseconds() < warm);
    report_mark("begin");
    const uint64_t begin = nanoseconds();
    uint64_t last = begin;
    do {
        peer.connected();
        const uint64_t now = nanoseconds();
        latencies_add(&all, now - last);
        last = now;
    } while (last < begin + static_cast<uint64_t>(options.seconds * 1e9));
    report_end(all.total, static_cast<double>(last - begin) / 1e9, &all, negotiated);
    await_end_of_input();
}

void run_idle(const Peer &peer) {
    std::vector<std::unique_ptr<Stub>> stubs;
    // What the first connection brings with it is not counted.
    stubs.push_back(peer.connected());
    report_mark("base");
    usleep(200 * 1000);
    for (int count = 0; count < 1000; count++) stubs.push_back(peer.connected());
    report_mark("begin");
    sleep(2);
    report_end(1000, 2, nullptr, negotiated);
    await_end_of_input();
}

}  // namespace

int main(int count, char **arguments) {
    const options options = options_read(count, arguments);
    const Peer peer(options);
    const std::string load = options.load;
    if (load == "lat") run_one_at_a_time(peer, options);
    else if (load == "t64") run_in_flight<echo::EchoMessage>(peer, options, 1, 64);
    else if (load == "t256") run_in_flight<echo::EchoMessage>(peer, options, 1, 256);
    else if (load == "t8x32") run_in_flight<echo::EchoMessage>(peer, options, 8, 32);
    else if (load == "blob1") run_in_flight<echo::EchoBlob>(peer, options, 1, 1);
    else if (load == "blob4") run_in_flight<echo::EchoBlob>(peer, options, 1, 4);
    else if (load == "stream") run_streams(peer, options);
    else if (load == "hs") run_handshakes(peer, options);
    else if (load == "idle") run_idle(peer);
    else fail("--case is not one of those in Tests/Benchmarks/README.md");
}
