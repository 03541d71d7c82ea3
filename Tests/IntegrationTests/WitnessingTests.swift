import Foundation
import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

@Suite("Services that witness each other's journals", .timeLimit(.minutes(3)))
struct WitnessingTests {
    private func heads(_ service: RunningService, _ cluster: Cluster) async throws -> [HeldHead] {
        try await cluster.caller(.auditor, of: service).call(AskWitness()).heads
    }

    private func notices(
        _ service: RunningService, _ cluster: Cluster
    ) async throws -> [HealthNotice] {
        try await cluster.caller(.auditor, of: service).call(CheckHealth()).notices ?? []
    }

    /// Looks again until something holds, for ten seconds at most.
    private func soon(_ holds: () async throws -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now.advanced(by: .seconds(10))
        while ContinuousClock.now < deadline {
            if try await holds() { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    private func addFacility(_ service: RunningService, _ cluster: Cluster) async throws {
        _ = try await cluster.caller(.administrator, of: service).call(
            AddFacility(
                facility: Facility(
                    id: .random(at: Timestamp(microseconds: 1)), code: "rutan-1", name: "Rutan 1",
                    zone: .wib)))
    }

    @Test("start together, and soon each holds the heads of both others")
    func together() async throws {
        let cluster = try Cluster()
        async let first = cluster.start(.registry)
        async let second = cluster.start(.clinical)
        async let third = cluster.start(.evaluation)
        let services = try await [first, second, third]
        try await addFacility(services[0], cluster)
        for service in services {
            #expect(
                try await soon {
                    let held = try await heads(service, cluster)
                    let registry = held.first { $0.of == .registry }
                    return held.count == 2
                        && (service.name == .registry || registry?.head.position == 1)
                })
            #expect(try await soon { try await notices(service, cluster) == [] })
        }
        for service in services { service.kill() }
    }

    @Test("answer without their witnesses and say who is missing, and why")
    func degraded() async throws {
        let cluster = try Cluster()
        let alone = try await cluster.start(.registry)
        try await addFacility(alone, cluster)
        #expect(
            try await notices(alone, cluster).map(\.kind.known) == [
                .witnessUnheard, .witnessUnheard,
            ])
        let clinical = try await cluster.start(.clinical)
        #expect(
            try await soon { try await notices(alone, cluster).map(\.about) == [.evaluation] })
        #expect(try await heads(clinical, cluster).first?.head.position == 1)
        alone.kill()

        let unset = try await cluster.start(
            .registry, settings: ["peers.clinical=\(cluster.site.address(of: .clinical))"],
            knowsPeers: false)
        let notice = try #require(try await notices(unset, cluster).first)
        #expect(notice.kind == .witnessUnset)
        #expect(notice.text.contains("peers.evaluation is not set"))
        #expect(try cluster.log(of: .registry).contains("peers.evaluation"))
        let command = try PulihCommand(cluster, as: .auditor)
        let health = try await command.run("health")
        #expect(health.output.contains("ready (degraded)"))
        #expect(health.output.contains("[witness-unset]"))
        let audit = try await command.run("audit", "verify")
        #expect(audit.status == 3)
        unset.kill()
        clinical.kill()
    }

    @Test("find an old store as soon as a witness answers, and then answer nothing else")
    func late() async throws {
        let cluster = try Cluster()
        let store = cluster.directory.path + "/registry"
        var registry = try await cluster.start(.registry)
        #expect(registry.stop() == 0)
        try FileManager.default.copyItem(atPath: store, toPath: store + ".old")
        var clinical = try await cluster.start(.clinical)
        registry = try await cluster.start(.registry)
        try await addFacility(registry, cluster)
        #expect(registry.stop() == 0)
        #expect(clinical.stop() == 0)
        try FileManager.default.removeItem(atPath: store)
        try FileManager.default.copyItem(atPath: store + ".old", toPath: store)

        registry = try await cluster.start(.registry)
        let counselor = try cluster.caller(.counselor, of: registry)
        #expect(try await counselor.call(ListFacilities()).facilities.isEmpty)
        clinical = try await cluster.start(.clinical)
        let came = ContinuousClock.now
        #expect(
            try await soon {
                try await notices(registry, cluster).map(\.kind.known).contains(.journalAlarm)
            })
        #expect(came.duration(to: .now) < .seconds(5))
        let error = await #expect(throws: CallError<NoRefusal>.self) {
            try await counselor.call(ListFacilities())
        }
        #expect(error?.failure.rule == "journal-alarm")
        #expect(try await notices(clinical, cluster).map(\.kind.known).contains(.headRefused))
        // It remains a witness itself.
        #expect(try await heads(registry, cluster).map(\.of) == [.clinical])
        registry.kill()
        clinical.kill()
    }

    @Test("refuse an old store at the start, and take it where that is accepted, with a trace")
    func restored() async throws {
        let cluster = try Cluster()
        let store = cluster.directory.path + "/registry"
        var registry = try await cluster.start(.registry)
        #expect(registry.stop() == 0)
        try FileManager.default.copyItem(atPath: store, toPath: store + ".old")
        let clinical = try await cluster.start(.clinical)
        registry = try await cluster.start(.registry)
        try await addFacility(registry, cluster)
        // The last deposit is made when it stops.
        #expect(registry.stop() == 0)
        try FileManager.default.removeItem(atPath: store)
        try FileManager.default.copyItem(atPath: store + ".old", toPath: store)
        let problem = await #expect(throws: ClusterProblem.self) {
            try await cluster.start(.registry)
        }
        let log = problem?.description ?? ""
        #expect(log.contains("ends at entry 0, but clinical has witnessed entry 1"))
        #expect(log.contains("store.acceptRestored=true"))
        #expect(!log.contains("] ready"))
        #expect(try await notices(clinical, cluster).map(\.kind.known).contains(.headRefused))
        #expect(try cluster.log(of: .clinical).contains("contradicts the head"))

        registry = try await cluster.start(
            .registry, settings: ["store.acceptRestored=true"])
        #expect(try await !notices(clinical, cluster).map(\.kind.known).contains(.headRefused))
        #expect(try cluster.log(of: .clinical).contains("a restored journal was accepted"))
        let health = try await cluster.caller(.auditor, of: registry).call(CheckHealth())
        #expect(health.ready)
        // The note of the restore is the first entry of the journal that goes on.
        #expect(health.position == 1)
        #expect(registry.stop() == 0)
        registry = try await cluster.start(.registry)
        #expect(registry.stop() == 0)
        clinical.kill()
    }
}
