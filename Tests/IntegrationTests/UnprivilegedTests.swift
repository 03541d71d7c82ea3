import Foundation
import RPC
import TLSTransport
import TestKit
import Testing
import Vocabulary

/// This machine, where services run as a user who may do nothing more than others.
struct Unprivileged: Site {
    static let user = 65_534
    private let loopback: Loopback
    private let programs: TemporaryDirectory

    init() throws {
        loopback = try Loopback()
        programs = try TemporaryDirectory()
        for service in ServiceName.allCases {
            let name = "pulih-\(service.rawValue)"
            try FileManager.default.copyItem(
                atPath: Cluster.products.appendingPathComponent(name).path,
                toPath: "\(programs.path)/\(name)")
        }
    }

    func address(of service: ServiceName) -> ServiceAddress { loopback.address(of: service) }

    func names(of service: ServiceName) -> [String] { loopback.names(of: service) }

    func command(_ command: [String], on host: String) -> [String] {
        // Where the build has put them that user may see nothing.
        let name = (command[0] as NSString).lastPathComponent
        return [
            "/usr/bin/env", "setpriv", "--reuid=\(Self.user)", "--regid=\(Self.user)",
            "--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs",
            "\(programs.path)/\(name)",
        ] + command.dropFirst()
    }

    func admit(_ directories: [String]) throws {
        for directory in directories + [programs.path] {
            let below = FileManager.default.enumerator(atPath: directory)
            let files = (below?.compactMap { $0 as? String } ?? []).map { "\(directory)/\($0)" }
            for file in [directory] + files {
                try FileManager.default.setAttributes(
                    [.ownerAccountID: Self.user, .groupOwnerAccountID: Self.user],
                    ofItemAtPath: file)
            }
        }
    }
}

@Suite(
    "Services without privileges",
    .enabled(if: getuid() == 0, "only root can start a program as another user"),
    .timeLimit(.minutes(1)))
struct UnprivilegedTests {
    @Test("start and answer", arguments: ServiceName.allCases)
    func answer(service: ServiceName) async throws {
        let cluster = try Cluster(at: Unprivileged())
        let running = try await cluster.start(service)
        defer { running.kill() }
        let status = try String(contentsOfFile: "/proc/\(running.id)/status", encoding: .utf8)
        #expect(status.contains("Uid:\t65534\t65534"))
        #expect(status.contains("CapEff:\t0000000000000000"))
        let health = try await cluster.caller(.administrator, of: running).call(CheckHealth())
        #expect(health.service == service)
        #expect(health.ready)
        #expect(running.stop() == 0)
    }
}
