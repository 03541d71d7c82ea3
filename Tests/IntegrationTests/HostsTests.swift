import Foundation
import TestKit
import Testing
import Vocabulary

@Suite(
    "Each service on a host of its own",
    .enabled(
        if: NamespacedNetwork.obstacle == nil,
        "needs network namespaces: \(NamespacedNetwork.obstacle ?? "")"),
    .timeLimit(.minutes(2)))
struct HostsTests {
    private struct Health: Decodable {
        struct Line: Decodable {
            let service: String
            let position: Int64?
            let follows: String?
        }

        let services: [Line]
    }

    private func services(_ result: PulihCommand.Result) throws -> [Health.Line] {
        try JSONDecoder().decode(Health.self, from: Data(result.output.utf8)).services
    }

    /// Asks again until what a service follows is said to be so.
    private func wait(
        _ head: PulihCommand, until isSo: ([Health.Line]) -> Bool
    ) async throws -> Bool {
        let deadline = ContinuousClock.now.advanced(by: .seconds(30))
        while ContinuousClock.now < deadline {
            if isSo(try await services(head.run("health", "-o", "json"))) { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    @Test("answers by its name; one cut off is said to be missing, and catches up afterwards")
    func hosts() async throws {
        let network = try NamespacedNetwork()
        let cluster = try Cluster(at: network)
        var running: [RunningService] = []
        defer { for service in running { service.kill() } }
        for name in ServiceName.allCases { running.append(try await cluster.start(name)) }
        let administrator = try PulihCommand(cluster, as: .administrator)
        #expect(try await administrator.run("health").status == 0)

        try network.cut(ServiceName.clinical.rawValue)
        let partial = try await administrator.run("health", "--timeout", "2")
        #expect(partial.status == 3)
        #expect(partial.notes.contains("clinical"))
        let added = try await administrator.run(
            "facility", "add", "facility.code=rutan-kraksaan", "facility.name=Rutan Kraksaan",
            "facility.zone=WIB")
        #expect(added.status == 0, "\(added.notes)")

        try network.mend(ServiceName.clinical.rawValue)
        let hasCaughtUp = try await wait(administrator) { lines in
            lines.first { $0.service == "clinical" }?.follows?.contains("registry to 1") ?? false
        }
        #expect(hasCaughtUp)
    }

    @Test("is not taken for another at whose address it answers")
    func impostor() async throws {
        let network = try NamespacedNetwork()
        let cluster = try Cluster(at: network)
        let registry = try await cluster.start(.registry)
        defer { registry.kill() }
        // The name leads to the registry's host, and its certificate is for another name.
        let command = try PulihCommand(
            cluster, as: .administrator, replacing: [.clinical: network.address(of: .registry)])
        let health = try await command.run("health", "--timeout", "3", "--explain")
        #expect(health.status == 3)
        #expect(health.notes.contains("clinical"))
        #expect(health.notes.contains("certificate"))
    }
}
