import Foundation
import TestKit
import Testing
import Vocabulary

@Suite(
    "A host that vanishes without a word",
    .enabled(
        if: NamespacedNetwork.obstacle == nil,
        "needs network namespaces: \(NamespacedNetwork.obstacle ?? "")"),
    .timeLimit(.minutes(1)))
struct VanishingTests {
    /// Waits until a service's log has a line with all of the words; returns how long that took.
    private func time(
        until words: [String], in cluster: Cluster, of service: ServiceName,
        since began: ContinuousClock.Instant
    ) async throws -> Duration? {
        while began.duration(to: .now) < .seconds(14) {
            let lines = try cluster.log(of: service).split(separator: "\n")
            if lines.contains(where: { line in words.allSatisfy(line.contains) }) {
                return began.duration(to: .now)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    @Test("is noticed within ten seconds by who calls it, and by whom it calls")
    func both() async throws {
        let network = try NamespacedNetwork()
        let cluster = try Cluster(at: network)
        let registry = try await cluster.start(.registry)
        defer { registry.kill() }
        let clinical = try await cluster.start(.clinical)
        defer { clinical.kill() }
        let administrator = try PulihCommand(cluster, as: .administrator)
        let follows = ContinuousClock.now.advanced(by: .seconds(20))
        var hasFollowed = false
        while !hasFollowed, ContinuousClock.now < follows {
            hasFollowed = try await administrator.run("health", "-o", "json").output
                .contains("registry to 0")
        }
        try #require(hasFollowed)

        // Clinical sessions follow the registry: one call that stays open for ever.
        try network.cut(ServiceName.registry.rawValue)
        let began = ContinuousClock.now
        async let caller = time(
            until: ["feed interrupted", "peer=registry"], in: cluster, of: .clinical, since: began)
        async let service = time(
            until: ["registry.feed.follow", "status=cancelled"], in: cluster, of: .registry,
            since: began)
        // Each is counted from the last byte that came, and pings come every 2.5 seconds.
        let (noticed, dropped) = try await (caller, service)
        let logs = try ServiceName.allCases.prefix(2).map { try cluster.log(of: $0) }
        let within = Duration.zero..<Duration.seconds(10.5)
        #expect(noticed.map(within.contains) == true, "\(logs)")
        #expect(dropped.map(within.contains) == true, "\(logs)")
    }
}
