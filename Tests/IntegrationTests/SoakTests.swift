import Foundation
import TestKit
import Testing
import Vocabulary

/// A few seconds of what `Tests/Benchmarks/soak` does for as long as one likes.
@Suite("Calls of all sorts, cut off at random", .timeLimit(.minutes(1)))
struct SoakTests {
    private let certificates: TestCertificates

    init() throws { certificates = try TestCertificates() }

    private func process(
        _ program: String, _ identity: Identity, _ arguments: [String]
    ) throws -> Process {
        let (certificate, key) = try certificates.issue(TestCertificates.request(identity))
        let process = Process()
        process.executableURL = Cluster.products.appendingPathComponent(program)
        process.arguments =
            [
                "--certificate", certificate, "--key", key, "--authorities",
                certificates.authorityFile,
            ] + arguments
        process.standardError = FileHandle.nullDevice
        return process
    }

    @Test("are answered rightly or not at all, and leave nothing behind")
    func soak() async throws {
        let portFile = certificates.directory.path + "/port"
        let server = try process(
            "pulih-echo-server", TestCertificates.service(.registry), ["--port-file", portFile])
        try server.run()
        defer {
            server.terminate()
            server.waitUntilExit()
        }
        var port: String?
        while port == nil {
            try await Task.sleep(for: .milliseconds(20))
            port = try? String(contentsOfFile: portFile, encoding: .utf8)
                .trimmingCharacters(in: .newlines)
        }
        let client = try process(
            "pulih-echo-client", TestCertificates.person(.counselor),
            [
                "--case", "soak", "--seconds", "5", "--address", "127.0.0.1:\(port ?? "")",
                "--server-pid", "\(server.processIdentifier)",
            ])
        let output = Pipe()
        client.standardOutput = output
        try client.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        client.waitUntilExit()
        #expect(client.terminationStatus == 0, "\(String(decoding: text, as: UTF8.self))")
    }
}
