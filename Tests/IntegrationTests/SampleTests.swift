import EvaluationAPI
import Foundation
import RegistryAPI
import Shared
import TestKit
import Testing

@testable import Gateway

@Suite("The sample program, in the three services", .timeLimit(.minutes(5)))
struct SampleTests {
    private let cluster: Cluster

    init() throws { cluster = try Cluster() }

    private func loader(_ services: [RunningService]) -> SampleLoader {
        let ports = Dictionary(uniqueKeysWithValues: services.map { ($0.name, $0.port) })
        let certificates = cluster.certificates
        return SampleLoader { colleague, service in
            let identity = PersonIdentity(
                domain: TestCertificates.domain, affiliation: colleague.affiliation,
                role: colleague.role, code: colleague.code)
            let (certificate, key) = try certificates.issue(
                TestCertificates.request(.person(identity)))
            let files = TLSFiles(
                certificate: certificate, key: key, authorities: certificates.authorityFile)
            let client = TLSClient(
                ServiceAddress(host: "127.0.0.1", port: ports[service] ?? 0), peer: service,
                context: try TLSContext(role: .caller, files: files), agent: "test")
            return Caller(client, purpose: colleague.purpose) { .random(at: SystemClock.now()) }
        }
    }

    private func positions(_ services: [RunningService]) async throws -> [Int64] {
        var positions: [Int64] = []
        for service in services {
            let health = try await cluster.caller(.auditor, of: service).call(CheckHealth())
            positions.append(health.position)
        }
        return positions
    }

    @Test("is refused by no rule, leaves open what it promises, and is loaded once")
    func load() async throws {
        let registry = try await cluster.start(.registry)
        defer { registry.kill() }
        let clinical = try await cluster.start(.clinical)
        defer { clinical.kill() }
        let evaluation = try await cluster.start(.evaluation)
        defer { evaluation.kill() }
        let services = [registry, clinical, evaluation]
        let through = SystemClock.now().day(in: .wib)
        let steps = SampleProgram.steps(seed: 2026, through: through)

        var done = 0
        try await loader(services).load(steps) { done += $0 }
        #expect(done == steps.count)

        let manager = try cluster.caller(.programManager, of: registry)
        let enrollments = try await manager.call(ListEnrollments(limit: 500)).enrollments
        #expect(enrollments.count { $0.status == .active } == 14)
        #expect(enrollments.count { $0.status == .onHold } == 1)
        #expect(enrollments.count { $0.exit?.exitClass == .completed } == 5)
        #expect(enrollments.count { $0.exit?.exitClass == .released } == 2)
        let assessor = try cluster.caller(.integratedTeam, of: evaluation)
        let drafts = try await assessor.call(ListEvaluations(status: .draft)).evaluations
        #expect(drafts.count == 2)

        // Somebody who loads it a second time finds it as it was.
        let before = try await positions(services)
        try await loader(services).load(steps) { _ in }
        #expect(try await positions(services) == before)

        // Another sample is not mixed in.
        let other = SampleProgram.steps(seed: 2027, through: through)
        let problem = await #expect(throws: GatewayProblem.self) {
            try await loader(services).load(other) { _ in }
        }
        #expect(problem?.message.contains("foundations/facility") == true)
    }
}
