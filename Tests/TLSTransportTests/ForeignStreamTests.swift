import Foundation
import RPC
import TLSTransport
import TestKit
import Testing
import Vocabulary

/// What the client in Python does beyond one question and one answer; the service is a real one,
/// with methods that the services of the program have no reason to have.
@Suite("A client in another language, on long calls", .timeLimit(.minutes(1)))
struct ForeignStreamTests {
    /// The client as a process, whose lines a test may read one by one.
    private final class Client {
        let process = Process()
        private let output = Pipe()
        private let errors = Pipe()

        init(_ exchange: Exchange, _ arguments: String...) throws {
            let files = try Exchange.files(
                exchange.certificates,
                TestCertificates.request(TestCertificates.person(.counselor)))
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().appendingPathComponent("IntegrationTests/client.py")
            process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
            process.arguments =
                [
                    script.path, "127.0.0.1", "\(exchange.listener.port)", files.authorities,
                    files.certificate, files.key,
                ] + arguments
            process.standardOutput = output
            process.standardError = errors
            try process.run()
        }

        /// Waits until it has written something about its errors, and returns that.
        func note() async -> String {
            let errors = errors
            return await Task.detached {
                String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
            }.value
        }

        /// Everything it has printed when it ends.
        func end() async -> (status: Int32, lines: [Substring], notes: String) {
            let (output, errors, process) = (output, errors, process)
            return await Task.detached {
                let data = output.fileHandleForReading.readDataToEndOfFile()
                let notes = errors.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                let text = String(decoding: data, as: UTF8.self)
                return (
                    process.terminationStatus, text.split(separator: "\n"),
                    String(decoding: notes, as: UTF8.self)
                )
            }.value
        }
    }

    @Test("takes a stream of several windows, granting as it goes")
    func credit() async throws {
        let exchange = try await Exchange()
        let client = try Client(
            exchange, "test.number.count", #"{"upTo": 1500}"#, "30", "0")
        let end = await client.end()
        #expect(end.status == 0, "\(end.notes)")
        #expect(end.lines.count == 1500)
        #expect(end.lines.last?.contains("\"number\": 1500") == true)
    }

    @Test("gives up a stream in its middle, and goes on with the connection")
    func cancel() async throws {
        let exchange = try await Exchange()
        let client = try Client(
            exchange, "test.number.count", #"{"upTo": 1000000000}"#, "30", "7")
        let end = await client.end()
        #expect(end.status == 0, "\(end.notes)")
        #expect(end.lines.count == 7)
    }

    @Test("waits no longer than its deadline, and the handler is cancelled")
    func deadline() async throws {
        let exchange = try await Exchange()
        let client = try Client(exchange, "test.call.wait", "{}", "0.3")
        let end = await client.end()
        #expect(end.status == 1)
        #expect(end.notes.contains("status 4"), "\(end.notes)")
        await exchange.waits.untilCancelled()
    }

    @Test("hears to the end what was open when the service goes away, and opens nothing more")
    func goAway() async throws {
        let exchange = try await Exchange()
        let client = try Client(exchange, "test.number.slowly", #"{"upTo": 5}"#, "30", "0")
        await exchange.waits.untilBegun()
        async let drained: Void = exchange.listener.drain(within: .seconds(20))
        #expect(await client.note().contains("goes away"))
        await exchange.gate.open()
        let end = await client.end()
        await drained
        #expect(end.lines.count == 5)
        #expect(end.status == 1)
        #expect(end.notes.contains("takes no more calls"), "\(end.notes)")
    }
}
