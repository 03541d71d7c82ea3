import Foundation
import TLSTransport
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
    private let site: any Site

    /// Writes the context: where the services of a cluster are, and the certificate of somebody
    /// in `role`.
    ///
    /// `replacing`: addresses at which services are looked for instead.
    init(
        _ cluster: Cluster, as role: Role, replacing: [ServiceName: ServiceAddress] = [:]
    ) throws {
        let credential = try cluster.certificates.issue(
            TestCertificates.request(TestCertificates.person(role)))
        try self.init(
            cluster, with: credential, trusting: cluster.certificates.authorityFile,
            for: role.usualPurpose, replacing: replacing)
    }

    /// Writes the context with a certificate and an authority that may be bad.
    init(
        _ cluster: Cluster, with credential: (certificate: String, key: String),
        trusting authorities: String, for purpose: PurposeOfUse? = nil,
        replacing: [ServiceName: ServiceAddress] = [:]
    ) throws {
        site = cluster.site
        directory = try TemporaryDirectory()
        let services = Dictionary(
            uniqueKeysWithValues: ServiceName.allCases.map { name in
                (name.rawValue, "\(replacing[name] ?? cluster.site.address(of: name))")
            })
        var context: [String: Any] = [
            "services": services, "certificate": credential.certificate,
            "key": credential.key, "authorities": authorities,
        ]
        context["purpose"] = purpose?.rawValue
        let contexts: [String: Any] = ["current": "test", "contexts": ["test": context]]
        let data = try JSONSerialization.data(withJSONObject: contexts)
        try directory.write("contexts.json", String(decoding: data, as: UTF8.self))
    }

    /// The top of the source tree, from which the command is run, as the guides do.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    func run(_ arguments: String...) async throws -> Result { try await run(arguments) }

    /// Runs the command to its end.
    func run(_ arguments: [String]) async throws -> Result {
        let process = Process()
        let program = Cluster.products.appendingPathComponent("pulih").path
        let command = site.command([program] + arguments, on: "gateway")
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = URL(fileURLWithPath: Self.root)
        process.environment = ["PULIH_CONTEXTS": directory.path + "/contexts.json"]
        // Files, because a pipe that nobody empties would stop the command.
        let (output, notes) = (directory.path + "/output", directory.path + "/notes")
        try directory.write("output", "")
        try directory.write("notes", "")
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: notes)
        // A blocked thread would keep other tests from running: there are as few as cores.
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
            status: status, output: try String(contentsOfFile: output, encoding: .utf8),
            notes: try String(contentsOfFile: notes, encoding: .utf8))
    }
}
