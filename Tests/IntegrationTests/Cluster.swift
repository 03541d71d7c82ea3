import Foundation
import RPC
import TLSTransport
import TestKit
import Vocabulary

/// Real services as processes of their own, on free ports, with fresh certificates and stores.
///
/// Every service has its port from the beginning, and keeps it over a restart: services follow each
/// other, so each must know where the others will be before any of them runs.
final class Cluster: Sendable {
    let certificates: TestCertificates
    let directory: TemporaryDirectory
    private let ports: [ServiceName: ReservedPort]

    init() throws {
        certificates = try TestCertificates()
        directory = try TemporaryDirectory()
        ports = try Dictionary(
            uniqueKeysWithValues: ServiceName.allCases.map { ($0, try ReservedPort()) })
        try directory.write("journal.key", String(repeating: "5a", count: 32))
    }

    /// Where the build has put the executables: beside the tests.
    static var products: URL {
        // The test bundle or its runner lies in the folder of the products.
        let arguments = CommandLine.arguments.first ?? ""
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
        let path = bundle?.bundlePath ?? arguments
        return URL(fileURLWithPath: path).deletingLastPathComponent()
    }

    private func address(of service: ServiceName) -> String {
        "127.0.0.1:\(ports[service]?.number ?? 0)"
    }

    /// Starts a service and waits until it takes calls, whether or not its peers run.
    func start(_ service: ServiceName) async throws -> RunningService {
        let (certificate, key) = try certificates.issue(
            TestCertificates.request(TestCertificates.service(service)))
        let portFile = directory.path + "/\(service.rawValue).port"
        try? FileManager.default.removeItem(atPath: portFile)
        let settings =
            [
                "tls.certificate=\(certificate)", "tls.key=\(key)",
                "tls.authorities=\(certificates.authorityFile)",
                "store.directory=\(directory.path)/\(service.rawValue)",
                "store.journalKey=\(directory.path)/journal.key", "portFile=\(portFile)",
            ]
            + ServiceName.allCases.filter { $0 != service }.map {
                "peers.\($0.rawValue)=\(address(of: $0))"
            }
        let process = Process()
        process.executableURL = Self.products.appendingPathComponent("pulih-\(service.rawValue)")
        process.arguments =
            ["--listen", address(of: service)] + settings.flatMap { ["--set", $0] }
        let log = directory.path + "/\(service.rawValue).log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.standardError = FileHandle(forWritingAtPath: log)
        try process.run()
        let running = RunningService(service, process: process)
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
    func caller(_ role: Role, of service: RunningService) throws -> Caller {
        let (certificate, key) = try certificates.issue(
            TestCertificates.request(TestCertificates.person(role)))
        let files = TLSFiles(
            certificate: certificate, key: key, authorities: certificates.authorityFile)
        let client = TLSClient(
            ServiceAddress(host: "127.0.0.1", port: service.port), peer: service.name,
            context: try TLSContext(role: .caller, files: files), agent: "test")
        return Caller(client) {
            .random(at: Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)))
        }
    }
}

/// A port of the loopback that no other program is given.
///
/// The socket is bound and never listens. Linux lets a service that sets `SO_REUSEADDR` listen at
/// the same address, and gives the port to nobody who asks for any free one.
private final class ReservedPort: Sendable {
    let number: Int
    private let socket: CInt

    init() throws {
        let socket = Foundation.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var yes: CInt = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard isBound else {
            close(socket)
            throw ClusterProblem(description: "no port is free")
        }
        self.socket = socket
        number = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(socket) }
}

struct ClusterProblem: Error, CustomStringConvertible {
    let description: String
}

/// One service's process; it is ended with the value.
final class RunningService {
    let name: ServiceName
    private let process: Process
    var port = 0

    init(_ name: ServiceName, process: Process) {
        self.name = name
        self.process = process
    }

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
