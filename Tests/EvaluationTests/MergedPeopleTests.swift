import EvaluationAPI
import RPC
import RegistryAPI
import Testing
import Vocabulary

/// Record 2 is merged into record 1.
@Suite("A person with two records, in the evaluation", .timeLimit(.minutes(1)))
struct MergedPeopleTests {
    private let service: TestService

    init() throws { service = try TestService() }

    private func hearOfBoth() async throws {
        try await service.hearOfStay(1, admitted: day(-100))
        try await service.hearOfStay(2, admitted: day(-300), exit: (.completed, day(-150)))
        try await service.hear(.participant, participant(2, mergedInto: 1))
    }

    private func participant(
        _ number: Int, at facilityCode: String = facility.code, mergedInto: Int? = nil,
        status: LegalStatus = .convict
    ) -> ParticipantSummary {
        ParticipantSummary(
            id: id(number), facilityCode: facilityCode, sex: .male, birthYear: 1990,
            legalStatus: status, pseudonym: "P-00000001", releasedOn: nil, releases: [],
            diedOn: nil, mergedInto: mergedInto.map { id($0) }, historical: false)
    }

    /// Why the outcomes of a record are refused, for either number the same; nil where they are
    /// shown.
    private func refusal(sourceLocation: SourceLocation = #_sourceLocation) async -> String? {
        var rules: [String?] = []
        for number in [1, 2] {
            do throws(CallError<ListOutcomes.Refusal>) {
                _ = try await service.caller(treating).call(ListOutcomes(participant: id(number)))
                rules.append(nil)
            } catch {
                rules.append(error.failure.rule ?? error.failure.message)
            }
        }
        #expect(rules[0] == rules[1], sourceLocation: sourceLocation)
        return rules[0]
    }

    private func hear(consentOf record: Int, withdrawnOn: Int?, signedOn: Int = -90) async throws {
        try await service.hear(
            .consent,
            ConsentSummary(
                id: id(70 + record), participant: id(record), kind: .treatment,
                scope: withdrawnOn == nil ? [.clinical] : [],
                withdrawn: withdrawnOn == nil ? [] : [.clinical], purpose: "", recipients: [],
                signedOn: day(signedOn), expiresOn: day(900), endsWith: nil,
                revokedOn: withdrawnOn.map(day)))
    }

    @Test("a consent taken back under either is taken back")
    func withdrawn() async throws {
        try await hearOfBoth()
        #expect(await refusal() == nil)
        try await hear(consentOf: 1, withdrawnOn: nil)
        try await hear(consentOf: 2, withdrawnOn: -20)
        #expect(await refusal() == "consent-withdrawn")
        try await hear(consentOf: 1, withdrawnOn: nil, signedOn: -10)
        #expect(await refusal() == nil)
        // Apart again, each has what was said under it.
        try await service.hear(.participant, participant(2))
        let apart = try? await service.caller(treating).call(ListOutcomes(participant: id(2)))
        #expect(apart == nil)
        _ = try await service.caller(treating).call(ListOutcomes(participant: id(1)))
    }

    @Test("a restriction of either is one of both")
    func restricted() async throws {
        try await hearOfBoth()
        try await service.hear(
            .restriction,
            RestrictionSummary(id: id(60), participant: id(2), sections: [.clinical]))
        #expect(await refusal() == "restricted")
        try await service.hear(
            .restriction, RestrictionSummary(id: id(60), participant: id(2), sections: []))
        #expect(await refusal() == nil)
    }

    @Test("they are where the record says that stands for them")
    func moved() async throws {
        try await hearOfBoth()
        try await service.hear(.participant, participant(1, at: "rutan-situbondo"))
        #expect(await refusal() == "out-of-reach")
        try await service.hear(.participant, participant(2))
        let own = try await service.caller(treating).call(ListOutcomes(participant: id(2)))
        #expect(own.events.isEmpty)
    }

    @Test("what is recorded under one is shown under both")
    func shown() async throws {
        try await hearOfBoth()
        let event = OutcomeEvent(
            id: id(80), participant: id(2), kind: .relapse, day: day(-120), source: .contact,
            reportedOn: day(-110), knownUntil: day(-110))
        let officer = service.caller(person("A1", as: .aftercareOfficer))
        _ = try await officer.call(RecordOutcome(event: event))
        for number in [1, 2] {
            let list = try await service.caller(treating).call(
                ListOutcomes(participant: id(number)))
            #expect(list.events.map(\.id) == [event.id])
            let lines = try await service.caller(treating).call(
                EvaluationTimeline(participant: id(number))
            ).lines
            #expect(lines.contains { $0.day == day(-120) })
        }
    }
}
