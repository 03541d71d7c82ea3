import Foundation
import RPC
import TLSTransport
import TestKit
import Vocabulary

/// Real services as processes of their own, with fresh certificates and stores.
final class Cluster: Sendable {
    let certificates: TestCertificates
    let directory: TemporaryDirectory
    let site: any Site

    /// Makes certificates and directories; nothing runs yet.
    init(at site: some Site) throws {
        self.site = site
        certificates = try TestCertificates()
        directory = try TemporaryDirectory()
        try directory.write("journal.key", String(repeating: "5a", count: 32))
        try directory.write("encryption.key", String(repeating: "a5", count: 32))
    }

    /// On the loopback, at ports that are free.
    convenience init() throws { try self.init(at: Loopback()) }

    /// What a service has written to its log.
    func log(of service: ServiceName) throws -> String {
        try String(contentsOfFile: directory.path + "/\(service.rawValue).log", encoding: .utf8)
    }

    /// Where the build has put the executables: beside the tests.
    static var products: URL {
        // The test bundle or its runner lies in the folder of the products.
        let arguments = CommandLine.arguments.first ?? ""
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
        let path = bundle?.bundlePath ?? arguments
        return URL(fileURLWithPath: path).deletingLastPathComponent()
    }

    /// Starts a service and waits until it takes calls, whether or not its peers run.
    ///
    /// `settings`: more of them, as `KEY=VALUE`.
    /// `knowsPeers`: whether it is told where the others are.
    func start(
        _ service: ServiceName, settings more: [String] = [], knowsPeers: Bool = true
    ) async throws -> RunningService {
        let (certificate, key) = try certificates.issue(
            TestCertificates.request(
                TestCertificates.service(service), hosts: site.names(of: service)))
        let portFile = directory.path + "/\(service.rawValue).port"
        try? FileManager.default.removeItem(atPath: portFile)
        let settings =
            [
                "tls.certificate=\(certificate)", "tls.key=\(key)",
                "tls.authorities=\(certificates.authorityFile)",
                "store.directory=\(directory.path)/\(service.rawValue)",
                "store.journalKey=\(directory.path)/journal.key",
                "store.encryptionKey=\(directory.path)/encryption.key", "portFile=\(portFile)",
            ]
            + ServiceName.allCases.filter { knowsPeers && $0 != service }.map {
                "peers.\($0.rawValue)=\(site.address(of: $0))"
            } + more
        let process = Process()
        let program = Self.products.appendingPathComponent("pulih-\(service.rawValue)").path
        let command = site.command(
            [program, "--listen", "\(site.address(of: service))"]
                + settings.flatMap { ["--set", $0] }, on: service.rawValue)
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        try site.admit([certificates.directory.path, directory.path])
        let log = directory.path + "/\(service.rawValue).log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.standardError = FileHandle(forWritingAtPath: log)
        try process.run()
        let running = RunningService(
            service, process: process,
            files: TLSFiles(
                certificate: certificate, key: key, authorities: certificates.authorityFile))
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while ContinuousClock.now < deadline, process.isRunning {
            if let text = try? String(contentsOfFile: portFile, encoding: .utf8),
                let port = Int(text.trimmingCharacters(in: .newlines))
            {
                running.port = port
                return running
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        running.kill()
        throw ClusterProblem(
            description: (try? String(contentsOfFile: log, encoding: .utf8)) ?? "no log")
    }

    /// Calls a service as a member of staff.
    func caller(
        _ role: Role, code: String = "tester", of service: RunningService
    ) throws -> Caller {
        try caller(TestCertificates.person(role, code: code), of: service)
    }

    /// Calls a service as whoever it is.
    func caller(_ identity: Identity, of service: RunningService) throws -> Caller {
        let (certificate, key) = try certificates.issue(TestCertificates.request(identity))
        let files = TLSFiles(
            certificate: certificate, key: key, authorities: certificates.authorityFile)
        let client = TLSClient(
            ServiceAddress(host: "127.0.0.1", port: service.port), peer: service.name,
            context: try TLSContext(role: .caller, files: files), agent: "test")
        return Caller(client, purpose: identity.usualPurpose) {
            .random(at: Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)))
        }
    }
}

struct ClusterProblem: Error, CustomStringConvertible {
    let description: String
}

/// One service's process; it is ended with the value.
final class RunningService {
    let name: ServiceName
    /// What it read when it started.
    let files: TLSFiles
    private let process: Process
    var port = 0

    init(_ name: ServiceName, process: Process, files: TLSFiles) {
        self.name = name
        self.process = process
        self.files = files
    }

    var id: Int32 { process.processIdentifier }

    deinit { kill() }

    /// Ends it as a power cut would: it learns nothing of it.
    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Asks it to stop, and returns its exit code.
    func stop() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
