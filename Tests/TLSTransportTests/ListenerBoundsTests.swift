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
        let ends = Mutex<[Duration]>([])
        var peers: [any Channel] = []
        for _ in 0..<15 {
            let peer = try await SilentPeer.call(port: port)
            peer.closeFuture.whenComplete { _ in
                ends.withLock { $0.append(began.duration(to: .now)) }
            }
            peers.append(peer)
        }
        for peer in peers { try await peer.closeFuture.get() }
        // Which three got the places is the listener's affair: its threads take them in any order.
        let (further, silent) = ends.withLock { ($0.prefix(12), $0.dropFirst(12)) }
        #expect(further.allSatisfy { $0 < .seconds(4.5) }, "\(further)")
        #expect(silent.allSatisfy { $0 > .seconds(4.5) && $0 < .seconds(10) }, "\(silent)")
        #expect(silent.count == 3)
        let allowed = Int((further.last ?? .zero).components.seconds) + 1
        #expect((1...allowed).contains(warnings.all.count), "\(warnings.all)")
        #expect(warnings.all.allSatisfy { $0.contains("handshake") })

        // Their places are free again.
        #expect(try await exchange.caller().call(Echo(text: "free")).text == "free")
    }
}
