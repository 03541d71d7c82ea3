import RPC
import RegistryAPI
import RegistryRules
import Testing
import Vocabulary

@Suite("To whom a person's data are given", .timeLimit(.minutes(1)))
struct DisclosuresTests {
    typealias Reason = RecordDisclosure.Refusal

    private static let event = RegisterEvent(
        caller: .person(
            PersonIdentity(
                domain: "pulih.test",
                affiliation: Affiliation(kind: .facility, code: Example.rutan),
                role: .registrar, code: "melati")), now: Example.today.start(in: .wib),
        today: Example.today)

    private func record(
        recipient: String = "BNNK Pasuruan", sections: [Section] = [.program],
        consent: ConsentID? = id(300), request: SubjectRequestID? = nil,
        consents: [Consent] = [Example.consent(kind: .dataSharing)],
        requests: [SubjectRequest] = [], withheld: Set<Section> = []
    ) throws -> Disclosure {
        try DisclosureRules.record(
            RecordDisclosure(
                id: id(1), participant: id(1), recipient: recipient, sections: sections,
                consent: consent, subjectRequest: request, document: "dossier"),
            facts: DisclosureFacts(consents: consents, requests: requests, withheld: withheld),
            event: Self.event)
    }

    @Test("need a consent that covers them and names who gets them")
    func consent() throws {
        let disclosure = try record()
        #expect(disclosure.consent == id(300))
        #expect(disclosure.given == Self.event.expectedStep)
        #expect(refusal(Reason.self) { try record(recipient: "Pers") } == .recipientNotNamed)
        #expect(
            refusal(Reason.self) { try record(sections: [.identity]) } == .consentDoesNotCover)
        #expect(refusal(Reason.self) { try record(consents: []) } == .consentDoesNotCover)
        // Another record of the person says less.
        #expect(
            refusal(Reason.self) { try record(withheld: [.program]) } == .consentDoesNotCover)
        #expect(
            refusal(Reason.self) { try record(consents: [Example.consent()]) }
                == .consentDoesNotCover)
        var revoked = Example.consent(kind: .dataSharing)
        revoked.revocations = [Revocation(day: Example.today, reason: "none given")]
        #expect(refusal(Reason.self) { try record(consents: [revoked]) } == .consentDoesNotCover)
        #expect(wrongField { try record(consent: nil) } == "consent")
        #expect(wrongField { try record(request: id(9)) } == "consent")
    }

    @Test("or the person's own request for a copy, once it is granted")
    func ownRequest() throws {
        let asked = try SubjectRequestRules.enter(
            EnterSubjectRequest(
                id: id(9), participant: id(1), kind: .copy, channel: .paper, words: "salinan"),
            existing: nil, event: Self.event)
        func own(_ request: SubjectRequest) throws -> Disclosure {
            try record(
                recipient: "peserta sendiri", sections: [.counseling], consent: nil,
                request: id(9), requests: [request])
        }
        #expect(refusal(Reason.self) { try own(asked) } == .requestNotGranted)
        func answered(
            _ outcome: RequestOutcome, _ sections: [Section]? = nil
        ) throws -> SubjectRequest {
            try SubjectRequestRules.answer(
                AnswerSubjectRequest(
                    request: id(9), outcome: outcome, ground: "sesuai", sections: sections),
                to: asked, consents: [], event: Self.event)
        }
        #expect(refusal(Reason.self) { try own(try answered(.refused)) } == .requestNotGranted)
        #expect(try own(try answered(.granted)).purpose == .ownRequest)
        // A part says which, and no more than that leaves.
        #expect(wrongField { try answered(.partly) } == "sections")
        #expect(
            refusal(Reason.self) { try own(try answered(.partly, [.program])) }
                == .requestNotGranted)
        #expect(try own(try answered(.partly, [.program, .counseling])).sections == [.counseling])
    }
}

extension RegisterEvent {
    fileprivate var expectedStep: RegisterStep {
        RegisterStep(by: caller.description, at: now)
    }
}
