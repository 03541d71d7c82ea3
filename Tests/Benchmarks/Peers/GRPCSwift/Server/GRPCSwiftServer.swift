import ArgumentParser
import EchoMessages
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// The echo over grpc-swift-2: server.
@main
struct GRPCSwiftServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grpc-swift-server", abstract: "The echo of the benchmarks: server.")

    @Option(help: "The own certificate (PEM).") var certificate: String
    @Option(help: "The own key (PEM).") var key: String
    @Option(help: "The trusted authorities (PEM).") var authorities: String
    @Option(help: "Where to write the port once calls are taken.") var portFile: String

    func run() async throws {
        let transport = HTTP2ServerTransport.Posix(
            address: .ipv4(host: "127.0.0.1", port: 0),
            transportSecurity: .mTLS(
                certificateChain: [.file(path: certificate, format: .pem)],
                privateKey: .file(path: key, format: .pem)
            ) { tls in
                tls.trustRoots = .certificates([.file(path: authorities, format: .pem)])
            })
        let server = GRPCServer(transport: transport, services: [EchoService()])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.serve() }
            let port = try await transport.listeningAddress.ipv4?.port ?? 0
            try Data("\(port)\n".utf8).write(to: URL(fileURLWithPath: portFile), options: .atomic)
            try await group.waitForAll()
        }
    }
}

private struct EchoService: Echo_Echo.SimpleServiceProtocol {
    func echoMessages(
        request: Echo_EchoMessage, context: ServerContext
    ) async throws -> Echo_EchoMessage { request }

    func sendMessages(
        request: Echo_SendMessagesRequest, response: RPCWriter<Echo_EchoMessage>,
        context: ServerContext
    ) async throws {
        for number in 0..<request.count { try await response.write(.sample(number)) }
    }

    func echoBlobs(request: Echo_EchoBlob, context: ServerContext) async throws -> Echo_EchoBlob {
        request
    }
}
