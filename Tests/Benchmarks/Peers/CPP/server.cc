// The echo over gRPC C++: server, with the callback API.
#include <grpcpp/grpcpp.h>

#include "../C/options.h"
#include "peer.h"

namespace {

// Sends so many messages, each when the one before has been taken.
class Sender final : public grpc::ServerWriteReactor<echo::EchoMessage> {
public:
    explicit Sender(int64_t count) : count_(count) { Next(); }

    void OnWriteDone(bool is_fine) override {
        if (is_fine) Next();
        else Finish(grpc::Status::CANCELLED);
    }

    void OnDone() override { delete this; }

private:
    void Next() {
        if (number_ == count_) return Finish(grpc::Status::OK);
        fill(&message_, number_++);
        StartWrite(&message_);
    }

    const int64_t count_;
    int64_t number_ = 0;
    echo::EchoMessage message_;
};

class Service final : public echo::Echo::CallbackService {
    grpc::ServerUnaryReactor *EchoMessages(grpc::CallbackServerContext *context,
                                           const echo::EchoMessage *request,
                                           echo::EchoMessage *reply) override {
        *reply = *request;
        auto *reactor = context->DefaultReactor();
        reactor->Finish(grpc::Status::OK);
        return reactor;
    }

    grpc::ServerUnaryReactor *EchoBlobs(grpc::CallbackServerContext *context,
                                        const echo::EchoBlob *request,
                                        echo::EchoBlob *reply) override {
        *reply = *request;
        auto *reactor = context->DefaultReactor();
        reactor->Finish(grpc::Status::OK);
        return reactor;
    }

    grpc::ServerWriteReactor<echo::EchoMessage> *SendMessages(
        grpc::CallbackServerContext *, const echo::SendMessagesRequest *request) override {
        return new Sender(request->count());
    }
};

}  // namespace

int main(int count, char **arguments) {
    const options options = options_read(count, arguments);
    grpc::SslServerCredentialsOptions tls(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    tls.pem_root_certs = text(options.authorities);
    tls.pem_key_cert_pairs.push_back({text(options.key), text(options.certificate)});
    Service service;
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(tls), &port);
    builder.RegisterService(&service);
    const auto server = builder.BuildAndStart();
    if (!server || port == 0) return 1;
    write_port(options.port_file, port);
    server->Wait();
}
