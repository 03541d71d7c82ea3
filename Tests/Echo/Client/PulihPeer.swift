import ArgumentParser
import EchoAPI
import Shared

/// Everything of the engine that the client uses.
struct PulihPeer: EchoPeer {
    // Which groups and suites are offered first is fixed; the engine does not tell the choice.
    let negotiated = "not told"

    private let address: ServiceAddress
    private let context: TLSContext

    init(_ options: LoadOptions) throws {
        guard let address = ServiceAddress(text: options.address) else {
            throw ValidationError("--address must be HOST:PORT")
        }
        self.address = address
        context = try TLSContext(
            role: .caller,
            files: TLSFiles(
                certificate: options.certificate, key: options.key,
                authorities: options.authorities))
    }

    /// Dials at the first call.
    func connect() async throws -> Connection { Connection(client()) }

    /// A connection of its own without what the load wants of it.
    func client() -> TLSClient {
        TLSClient(address, peer: .registry, context: context, agent: "pulih-echo/1")
    }

    struct Connection: EchoConnection {
        private static let sample = EchoMessage.sample(0)

        private let client: TLSClient
        private let caller: Caller

        init(_ client: TLSClient) {
            self.client = client
            caller = Caller(client, retries: .none) { .random(at: SystemClock.now()) }
        }

        var executor: (any TaskExecutor)? { client.executor }

        func echo(_ number: Int64) async throws -> Bool {
            let reply = try await caller.call(EchoMessage.sample(number))
            return Self.isRight(reply, number)
        }

        func stream(_ count: Int) async throws -> Bool {
            var number: Int64 = 0
            for try await message in try await caller.stream(SendMessages(count: count)) {
                guard Self.isRight(message, number) else { return false }
                number += 1
            }
            return number == count
        }

        func blob(_ bytes: [UInt8]) async throws -> [UInt8] {
            try await caller.call(EchoBlob(bytes: bytes)).bytes
        }

        func close() async { client.close() }

        private static func isRight(_ message: EchoMessage, _ number: Int64) -> Bool {
            message.id == number && message.author == sample.author
        }
    }
}
