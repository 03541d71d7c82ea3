import Foundation
import Hosting
import RPC
import Storage
import TestKit
import Testing
import Vocabulary

@Suite("A service that is told to stop", .timeLimit(.minutes(1)))
struct StopTests {
    @Test("finishes open calls, refuses new ones, and is not ready meanwhile")
    func drain() async throws {
        var settled = try Settled(.registry)
        // So long that the test would not end if anything were waited for in vain.
        settled.flags["stop.seconds"] = "600"
        let run = try await settled.host(WordService.self).start()
        let (stop, told) = AsyncStream.makeStream(of: Void.self)
        let person = TestCertificates.person(.counselor)
        let first = try settled.caller(person, port: run.port)
        let second = try settled.caller(person, port: run.port)
        let follower = try settled.caller(TestCertificates.service(.evaluation), port: run.port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await run.serve { for await _ in stop {} } }
            #expect(try await second.call(CheckHealth()).ready)
            async let open = first.call(WaitForGate())
            var feed = try await follower.stream(
                FollowWords(after: 0), options: .init(timeout: .seconds(600))
            ).makeAsyncIterator()
            #expect(try await feed.next()?.position == 0)
            try await until { await Gate.shared.waiting == 1 }
            told.finish()
            try await until { !run.state.isReady }
            // A feed has no end of its own; it must not hold the service.
            await #expect(throws: RPCFailure.self) { while try await feed.next() != nil {} }
            var refused: RPCFailure?
            try await until {
                do throws(CallError<NoRefusal>) {
                    _ = try await second.call(CheckHealth(), options: .init(timeout: .seconds(5)))
                } catch {
                    refused = error.failure
                }
                return refused != nil
            }
            #expect(refused?.code == .unavailable)
            #expect(refused?.outcome == .notProcessed)
            await Gate.shared.open()
            #expect(try await open)
            try await group.waitForAll()
        }
        await #expect(throws: StorageError.closed) { try await run.store.write { _ in } }
    }

    /// Runs the service in this process, with a call that never ends; tells it to stop `signals`
    /// times.
    private static func run(signals: Int) async throws {
        var settled = try Settled(.registry)
        settled.flags["portFile"] = settled.directory.path + "/port"
        settled.flags["stop.seconds"] = signals == 1 ? "0" : "600"
        let host = try await settled.host(WordService.self)
        let file = settled.directory.path + "/port"
        let ready = settled
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await host.run() }
            group.addTask {
                try await until { FileManager.default.fileExists(atPath: file) }
                let text = try String(contentsOfFile: file, encoding: .utf8)
                let port = Int(text.trimmingCharacters(in: .newlines)) ?? 0
                let person = TestCertificates.person(.counselor)
                let caller = try ready.caller(person, port: port)
                async let open = caller.call(WaitForGate())
                try await until { await Gate.shared.waiting == 1 }
                kill(getpid(), SIGTERM)
                for _ in 1..<signals {
                    // The first has been seen once nobody new is let in.
                    let probe = try ready.caller(person, port: port)
                    try await until {
                        (try? await probe.call(CheckHealth())) == nil
                    }
                    kill(getpid(), SIGINT)
                }
                _ = try? await open
            }
            try await group.waitForAll()
        }
    }

    @Test("by a signal stops well")
    func signal() async {
        await #expect(processExitsWith: .exitCode(0)) {
            try await StopTests.run(signals: 1)
            exit(0)
        }
    }

    @Test("by a second signal ends at once")
    func secondSignal() async {
        await #expect(processExitsWith: .exitCode(1)) {
            try await StopTests.run(signals: 2)
            exit(0)
        }
    }
}
