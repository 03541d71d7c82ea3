import Logging
import NIOCore
import RPC
import Synchronization
import TLSTransport
import TestKit
import Testing
import Vocabulary

@Suite("A listener among strangers", .timeLimit(.minutes(1)))
struct ListenerBoundsTests {
    /// Keeps the warnings that are logged.
    private final class Warnings: Sendable {
        private let messages = Mutex<[String]>([])

        var all: [String] { messages.withLock { $0 } }

        var logger: Logger { Logger(label: "test") { _ in Keeper(warnings: self) } }

        private struct Keeper: LogHandler {
            let warnings: Warnings
            var metadata: Logger.Metadata = [:]
            var logLevel = Logger.Level.warning

            subscript(metadataKey key: String) -> Logger.Metadata.Value? {
                get { metadata[key] }
                set { metadata[key] = newValue }
            }

            func log(event: LogEvent) {
                warnings.messages.withLock { $0.append("\(event.message)") }
            }
        }
    }

    private static func exchange(
        handshakesMaximum: Int = 256, logger: Logger = Logger(label: "test")
    ) async throws -> Exchange {
        let certificates = try TestCertificates()
        let files = try Exchange.files(
            certificates, TestCertificates.request(TestCertificates.service(.registry)))
        return try await Exchange(
            certificates, try TLSContext(role: .service, files: files),
            handshakesMaximum: handshakesMaximum, logger: logger)
    }

    @Test("closes those who never speak after five seconds, and further ones meanwhile at once")
    func silent() async throws {
        let warnings = Warnings()
        let exchange = try await Self.exchange(handshakesMaximum: 3, logger: warnings.logger)
        let port = exchange.listener.port
        let began = ContinuousClock.now
        var silent: [any Channel] = []
        for _ in 0..<3 { silent.append(try await SilentPeer.call(port: port)) }
        var further: [any Channel] = []
        for _ in 0..<12 { further.append(try await SilentPeer.call(port: port)) }
        for channel in further { try await channel.closeFuture.get() }
        let flood = began.duration(to: .now)
        // At once is before the time of the first is over, however slow the machine.
        #expect(silent.allSatisfy { $0.isActive })
        let allowed = Int(flood.components.seconds) + 1
        #expect((1...allowed).contains(warnings.all.count), "\(warnings.all)")
        #expect(warnings.all.allSatisfy { $0.contains("handshake") })

        for channel in silent { try await channel.closeFuture.get() }
        let waited = began.duration(to: .now)
        #expect(waited > .seconds(4.5) && waited < .seconds(10), "\(waited)")
        // Their places are free again.
        #expect(try await exchange.caller().call(Echo(text: "free")).text == "free")
    }
}
