import ClinicalAPI
import EvaluationAPI
import Instruments
import RPC
import Testing
import Vocabulary

@Suite("What the clinical service told, in an evaluation", .timeLimit(.minutes(1)))
struct EvidenceServiceTests {
    private let service: TestService

    init() throws { service = try TestService() }

    private let opening = OpenEvaluation(
        id: id(50), participant: id(1), enrollment: id(1), kind: .periodic(point: "M3"),
        heldOn: day(-105), findings: "steady", recommendation: .continue)

    @Test("freezes what was known on the day of an evaluation")
    func evidence() async throws {
        try await service.hearOfStays()
        try await service.hearOfTreatment()
        let evidence = try await service.caller(ofFacility).call(opening).evidence
        #expect(
            evidence.attendance
                == AttendanceTally(attended: 2, missed: 0, excused: 0, cancelled: 0))
        #expect(
            evidence.urine
                == UrineTally(positive: 0, negative: 1, invalid: 0, refused: 1, missed: 0))
        let change = try #require(evidence.quality.first)
        #expect(evidence.quality.count == 1)
        #expect([change.baseline, change.current, change.difference] == [40, 64, 24])
        // 24 points exceed the 23.5 that the social domain asks for.
        #expect(change.changeClass == .improved)
        #expect(!change.ownDeviation)
        #expect(
            evidence.readiness == ReadinessSummary(action: 4.1, maintenance: 3.2, on: day(-110)))

        let correction = ClinicalFeed.social(11, of: 1, .month3, on: -110, 50, replaces: 3)
        try await service.hear(.score, correction, at: 99)
        let reader = service.caller(ofBoard)
        let kept = try await reader.call(GetEvaluation(evaluation: opening.id))
        #expect(kept.evidence == evidence)
        let amended = try await reader.call(
            AmendEvaluation(evaluation: opening.id, revision: 1, findings: "less steady"))
        #expect(amended.evidence.quality.map(\.difference) == [10])
    }

    @Test("judges change by the program's own deviation once there are enough baselines")
    func ownDeviation() async throws {
        for number in 1...30 {
            try await service.hearOfStay(number, admitted: day(-200))
            let score = ClinicalFeed.social(
                number, of: number, .baseline, on: -200, Double(30 + number))
            try await service.hear(.score, score, at: Int64(number))
        }
        try await service.hear(
            .score, ClinicalFeed.social(99, of: 1, .month3, on: -110, 71), at: 31)
        let evidence = try await service.caller(ofFacility).call(opening).evidence
        let change = try #require(evidence.quality.first)
        #expect(change.ownDeviation)
        // Of 31 ... 60: the variance is (30² - 1) / 12 · 30 / 29 = 77.5.
        #expect(isNear(change.standardDeviation * change.standardDeviation, 77.5))
    }

    private func refusal(of person: PersonIdentity) async -> SignEvaluation.Refusal? {
        do throws(CallError<SignEvaluation.Refusal>) {
            _ = try await service.caller(person).call(
                SignEvaluation(evaluation: opening.id, revision: 1))
            return nil
        } catch {
            return error.reason
        }
    }

    @Test("lets nobody sign who treats the participant, and says so")
    func treatingCounselor() async throws {
        try await service.hearOfStays()
        try await service.hearOfTreatment()
        let between = ClinicalFeed.score(
            20, of: 1, .other, on: -120, instrument: .phq9, by: "C3")
        try await service.hear(.score, between, at: 90)
        let ofOthers = ClinicalFeed.session(
            10, on: -60, led: "C4", expected: [4], [4: .present])
        try await service.hear(.attendance, ofOthers, at: 91)
        _ = try await service.caller(ofFacility).call(opening)
        #expect(await refusal(of: treating) == .treatingCounselor)
        // Expected, and did not come.
        #expect(await refusal(of: person("D1", as: .physician)) == .treatingCounselor)
        #expect(await refusal(of: person("C3", as: .counselor)) == .treatingCounselor)
        // Only a session that was called off; only other people's; only the questionnaires.
        #expect(await refusal(of: person("C2", as: .counselor)) == nil)
        #expect(await refusal(of: person("C4", as: .counselor)) == nil)
        #expect(await refusal(of: ofFacility) == nil)
    }

    @Test("lets nobody sign who treated the same person under another record")
    func treatingUnderAnotherRecord() async throws {
        try await service.hearOfStay(1, admitted: day(-200))
        try await service.hearOfStay(2, admitted: day(-200), mergedInto: 1)
        let session = ClinicalFeed.session(1, on: -150, expected: [2], [2: .present])
        try await service.hear(.attendance, session)
        _ = try await service.caller(ofFacility).call(opening)
        #expect(await refusal(of: treating) == .treatingCounselor)
    }

    @Test("lets nobody sign before the clinical service was heard")
    func neverHeard() async throws {
        try await service.hearOfStays()
        _ = try await service.caller(ofFacility).call(opening)
        #expect(await refusal(of: ofFacility) == .treatingUnknown)
        try await service.hear(clinical: FeedItem(position: 1, at: TestService.now))
        #expect(await refusal(of: ofFacility) == nil)
    }
}
