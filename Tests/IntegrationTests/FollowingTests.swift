import ClinicalAPI
import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

@Suite("A clinical service beside a registry", .timeLimit(.minutes(2)))
struct FollowingTests {
    private static func id<Kind>(_ number: UInt64) -> Identifier<Kind> {
        Identifier(at: Timestamp(microseconds: 1_700_000_000_000_000), high: 0, low: number)
    }

    @Test("learns of a participant there, and keeps what is recorded while the registry is down")
    func follows() async throws {
        let cluster = try Cluster()
        let registry = try await cluster.start(.registry)
        let clinical = try await cluster.start(.clinical)
        _ = try await cluster.caller(.administrator, of: registry).call(
            AddFacility(
                facility: Facility(
                    id: Self.id(1), code: "rutan-kraksaan", name: "Rutan Kraksaan", zone: .wib)))
        let birth = try #require(Day(text: "1990-05-04"))
        let since = try #require(Day(text: "2025-09-01"))
        _ = try await cluster.caller(.registrar, of: registry).call(
            RegisterParticipant(
                id: Self.id(2),
                identity: ParticipantIdentity(
                    name: "Budi Santoso", nikUnknownReason: "lost his card", sex: .male,
                    birthDate: birth),
                facilityCode: "rutan-kraksaan",
                register: RegisterEntry(
                    number: RegisterNumber(book: .b1, number: "12/2025"), from: since),
                caseArticles: [CaseArticle(code: "127 ayat (1)", law: "UU 35/2009")],
                sentenceMonths: 24, releaseDates: []))
        let counselor = try cluster.caller(.counselor, of: clinical)
        let alert = RaiseAlert(id: Self.id(3), participant: Self.id(2), reason: "menarik diri")
        let raised = try await untilKnown { try await counselor.call(alert) }
        #expect(raised.participant == Self.id(2))

        registry.kill()
        let flags = try await cluster.caller(.security, of: clinical).call(ListSafetyFlags())
        #expect(flags.watch == [Self.id(2)])
        _ = try await counselor.call(
            WriteNote(
                id: Self.id(4), participant: Self.id(2),
                at: Timestamp(microseconds: 1_700_000_000_000_000),
                text: "tenang"))
        #expect(clinical.stop() == 0)
    }

    /// Makes a call until the feed has brought whom it speaks of; the suite's time limit ends it.
    private func untilKnown(_ call: () async throws -> Alert) async throws -> Alert {
        while true {
            do {
                return try await call()
            } catch let error as CallError<RaiseAlert.Refusal>
                where error.reason == .participantUnknown
            {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    @Test("is not started without the registry's address, and says which setting is missing")
    func withoutPeer() async throws {
        let cluster = try Cluster()
        let problem = await #expect(throws: ClusterProblem.self) {
            try await cluster.start(.clinical, knowsPeers: false)
        }
        let log = problem?.description ?? ""
        #expect(log.contains("peers.registry"))
        #expect(!log.contains("ready"))
    }
}
