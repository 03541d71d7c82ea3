import Foundation
import RPC
import TestKit
import Testing
import Vocabulary

@Suite("A service that may open no more files", .timeLimit(.minutes(1)))
struct FilesExhaustedTests {
    /// Sets how many files a running process may have open.
    private func allow(_ files: Int, to process: Int32) throws {
        let command = Process()
        command.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        command.arguments = ["prlimit", "--pid", "\(process)", "--nofile=\(files):"]
        try command.run()
        command.waitUntilExit()
        try #require(command.terminationStatus == 0)
    }

    /// Seconds of processor time that a process has taken.
    private func busy(_ process: Int32) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        // The name may hold anything but ends with the last parenthesis; times are the 12th and
        // 13th field behind it.
        let fields = try #require(text.split(separator: ")").last).split(separator: " ")
        let ticks = try #require(Double(fields[11])) + #require(Double(fields[12]))
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    @Test("answers those it has, waits without work, and takes new ones when it may again")
    func exhausted() async throws {
        let cluster = try Cluster()
        let registry = try await cluster.start(.registry, knowsPeers: true)
        defer { registry.kill() }
        let known = try cluster.caller(.administrator, of: registry)
        _ = try await known.call(CheckHealth())
        try allow(3, to: registry.id)
        let new = try cluster.caller(.registrar, of: registry)
        async let waiting = new.call(CheckHealth(), options: .init(timeout: .seconds(20)))
        let before = try busy(registry.id)
        // Measured over a time, because an accept that fails would be tried again without end.
        try await Task.sleep(for: .seconds(2))
        #expect(try busy(registry.id) - before < 0.5)
        #expect(try await known.call(CheckHealth()).ready)
        try allow(1024, to: registry.id)
        #expect(try await waiting.ready)
        #expect(registry.stop() == 0)
    }
}
