import ArgumentParser
import EchoMessages
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// Calls over grpc-swift-2, as its own guides do it.
struct GRPCSwiftPeer: EchoPeer {
    typealias Transport = HTTP2ClientTransport.Posix

    // BoringSSL's choice: the library neither lets it be set nor tells it.
    let negotiated = "not told"

    private let host: String
    private let port: Int
    private let security: Transport.TransportSecurity

    init(_ options: LoadOptions) throws {
        let parts = options.address.split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1]) else {
            throw ValidationError("--address must be HOST:PORT")
        }
        host = String(parts[0])
        self.port = port
        security = .mTLS(
            certificateChain: [.file(path: options.certificate, format: .pem)],
            privateKey: .file(path: options.key, format: .pem)
        ) { tls in
            tls.trustRoots = .certificates([.file(path: options.authorities, format: .pem)])
        }
    }

    func connect() async throws -> Connection {
        // The server's certificate is also for this name, and an address cannot be named in TLS.
        var config = Transport.Config.defaults
        config.http2.authority = "localhost"
        let client = GRPCClient(
            transport: try Transport(
                target: .ipv4(address: host, port: port), transportSecurity: security,
                config: config))
        let running = Task { try await client.runConnections() }
        return Connection(client, running)
    }

    struct Connection: EchoConnection {
        private static let author = Echo_EchoMessage.sample(0).author

        private let client: GRPCClient<Transport>
        private let echo: Echo_Echo.Client<Transport>
        private let running: Task<Void, any Error>

        init(_ client: GRPCClient<Transport>, _ running: Task<Void, any Error>) {
            self.client = client
            self.running = running
            echo = Echo_Echo.Client(wrapping: client)
        }

        func echo(_ number: Int64) async throws -> Bool {
            Self.isRight(try await echo.echoMessages(.sample(number)), number)
        }

        func stream(_ count: Int) async throws -> Bool {
            var request = Echo_SendMessagesRequest()
            request.count = Int64(count)
            return try await echo.sendMessages(request) { response in
                var number: Int64 = 0
                for try await message in response.messages {
                    guard Self.isRight(message, number) else { return false }
                    number += 1
                }
                return number == count
            }
        }

        func blob(_ bytes: Data) async throws -> Data {
            var request = Echo_EchoBlob()
            request.bytes = bytes
            return try await echo.echoBlobs(request).bytes
        }

        func close() async {
            client.beginGracefulShutdown()
            _ = await running.result
        }

        private static func isRight(_ message: Echo_EchoMessage, _ number: Int64) -> Bool {
            message.id == number && message.author == author
        }
    }
}
