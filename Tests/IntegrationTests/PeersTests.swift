import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

@Suite("Services that follow each other", .timeLimit(.minutes(2)))
struct PeersTests {
    @Test("start and answer while their peers are down, and say that they never heard of them")
    func alone() async throws {
        let cluster = try Cluster()
        let registry = try await cluster.start(.registry)
        defer { registry.kill() }
        let caller = try cluster.caller(.administrator, of: registry)
        let health = try await caller.call(CheckHealth())
        #expect(health.feeds.map(\.of) == [.clinical])
        #expect(health.feeds.map { $0.heardAt == nil } == [true])
        let facility = Facility(
            id: .random(at: Timestamp(microseconds: 1)), code: "rutan-kraksaan",
            name: "Rutan Kraksaan", zone: .wib)
        #expect(try await caller.call(AddFacility(facility: facility)) == facility)
    }

    @Test("take up a feed when the peer comes, at the same address after a restart too")
    func late() async throws {
        let cluster = try Cluster()
        let evaluation = try await cluster.start(.evaluation)
        defer { evaluation.kill() }
        let manager = try cluster.caller(.programManager, of: evaluation)
        func position() async throws -> Int64? {
            try await manager.call(CheckHealth()).feeds.first { $0.of == .registry }?.position
        }
        #expect(try await position() == 0)

        for number in 1...2 {
            let registry = try await cluster.start(.registry)
            defer { registry.kill() }
            let facility = Facility(
                id: .random(at: Timestamp(microseconds: Int64(number) * 1000)),
                code: "rutan-\(number)", name: "Rutan \(number)", zone: .wib)
            _ = try await cluster.caller(.administrator, of: registry).call(
                AddFacility(facility: facility))
            // The follower tries again in at most five seconds.
            let deadline = ContinuousClock.now.advanced(by: .seconds(20))
            while try await position() != Int64(number), ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(try await position() == Int64(number))
        }
    }
}
