import Foundation
import RPC
import TestKit
import Vocabulary

/// The real `pulih` command with a context of its own.
struct GatewayProcess {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    /// The top of the source tree, where the guides' commands are run.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    private let cluster: Cluster
    private let certificate: String
    private let key: String
    private var contexts: String { cluster.directory.path + "/contexts.json" }

    init(
        _ cluster: Cluster, as role: Role, registry: RunningService, evaluation: RunningService
    ) throws {
        self.cluster = cluster
        (certificate, key) = try cluster.certificates.issue(
            TestCertificates.request(TestCertificates.person(role)))
        try point(at: registry, evaluation)
    }

    /// Writes where the services are now.
    func point(at registry: RunningService, _ evaluation: RunningService) throws {
        let services = [
            "registry": "127.0.0.1:\(registry.port)", "clinical": "127.0.0.1:1",
            "evaluation": "127.0.0.1:\(evaluation.port)",
        ]
        let context: [String: Any] = [
            "services": services, "authorities": cluster.certificates.authorityFile,
            "certificate": certificate, "key": key,
        ]
        let data = try JSONSerialization.data(
            withJSONObject: ["current": "test", "contexts": ["test": context]])
        try cluster.directory.write("contexts.json", String(decoding: data, as: UTF8.self))
    }

    /// Runs the command to its end.
    func run(_ arguments: [String]) async throws -> Result {
        let process = Process()
        process.executableURL = Cluster.products.appendingPathComponent("pulih")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: Self.root)
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["PULIH_CONTEXTS": contexts]
        ) { $1 }
        // Files, not pipes: a pipe that nobody empties would stop the command.
        let name = cluster.directory.path + "/" + UUID().uuidString
        for end in [".out", ".err"] {
            _ = FileManager.default.createFile(atPath: name + end, contents: nil)
        }
        process.standardOutput = FileHandle(forWritingAtPath: name + ".out")
        process.standardError = FileHandle(forWritingAtPath: name + ".err")
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        return Result(
            status: status, output: try String(contentsOfFile: name + ".out", encoding: .utf8),
            errors: try String(contentsOfFile: name + ".err", encoding: .utf8))
    }
}
