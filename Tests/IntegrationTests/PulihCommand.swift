import Foundation
import TestKit
import Vocabulary

/// The operators' command as a process of its own, as one member of staff.
struct PulihCommand {
    struct Result {
        let status: Int32
        let output: String
        let notes: String
    }

    private let directory: TemporaryDirectory

    /// Writes the context: where the services are, and the certificate of somebody in `role`.
    ///
    /// `ports`: where each service listens, or would if it ran.
    init(_ cluster: Cluster, as role: Role, ports: [ServiceName: Int]) throws {
        directory = try TemporaryDirectory()
        let (certificate, key) = try cluster.certificates.issue(
            TestCertificates.request(TestCertificates.person(role)))
        let services = Dictionary(
            uniqueKeysWithValues: ports.map { ($0.key.rawValue, "127.0.0.1:\($0.value)") })
        let context: [String: Any] = [
            "services": services, "certificate": certificate, "key": key,
            "authorities": cluster.certificates.authorityFile,
        ]
        let contexts: [String: Any] = ["current": "test", "contexts": ["test": context]]
        let data = try JSONSerialization.data(withJSONObject: contexts)
        try directory.write("contexts.json", String(decoding: data, as: UTF8.self))
    }

    func run(_ arguments: String...) throws -> Result {
        let process = Process()
        process.executableURL = Cluster.products.appendingPathComponent("pulih")
        process.arguments = arguments
        process.environment = ["PULIH_CONTEXTS": directory.path + "/contexts.json"]
        // Files, because a pipe that nobody empties would stop the command.
        let (output, notes) = (directory.path + "/output", directory.path + "/notes")
        try directory.write("output", "")
        try directory.write("notes", "")
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: notes)
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: try String(contentsOfFile: output, encoding: .utf8),
            notes: try String(contentsOfFile: notes, encoding: .utf8))
    }
}
