import RPC
package import RegistryAPI
package import Vocabulary

/// What is known when a disclosure is recorded.
package struct DisclosureFacts: Hashable, Sendable {
    /// The person's consents and requests.
    package var consents: [Consent]
    package var requests: [SubjectRequest]
    /// The days on which the person left a program, or custody.
    package var exits: [Day]
    package var releases: [Day]
    /// What the person's consents to sharing do not come to, taken together.
    package var withheld: Set<Section>
    /// The disclosure that has the call's id.
    package var existing: Disclosure?

    package init(
        consents: [Consent] = [], requests: [SubjectRequest] = [], exits: [Day] = [],
        releases: [Day] = [], withheld: Set<Section> = [], existing: Disclosure? = nil
    ) {
        self.consents = consents
        self.requests = requests
        self.exits = exits
        self.releases = releases
        self.withheld = withheld
        self.existing = existing
    }
}

/// Decides whether a person's data may leave.
package enum DisclosureRules {
    private typealias Reason = RecordDisclosure.Refusal

    /// Records a disclosure under a consent that names its recipient, or on the person's request.
    package static func record(
        _ call: RecordDisclosure, facts: DisclosureFacts, event: RegisterEvent
    ) throws -> Disclosure {
        try Input.text(call.recipient, "recipient")
        try Input.sections(call.sections, "sections")
        try Input.text(call.document, "document")
        guard facts.existing == nil else { throw Refused(Reason.idTaken) }
        guard (call.consent == nil) != (call.subjectRequest == nil) else {
            throw InvalidInput("consent", "give either a consent or the person's own request")
        }
        if let id = call.consent {
            let consent = try Self.consent(id, covering: call, facts, on: event.today)
            return disclosure(
                call, .operations, "persetujuan versi \(consent.version): \(consent.purpose)",
                event)
        }
        guard let request = facts.requests.first(where: { $0.id == call.subjectRequest }),
            request.kind == .copy, let answer = request.answers.last, answer.outcome != .refused,
            answer.sections.isEmpty || Set(answer.sections).isSuperset(of: call.sections)
        else { throw Refused(Reason.requestNotGranted) }
        return disclosure(call, .ownRequest, PurposeOfUse.ownRequest.legalBasis, event)
    }

    private static func consent(
        _ id: ConsentID, covering call: RecordDisclosure, _ facts: DisclosureFacts, on today: Day
    ) throws -> Consent {
        guard let consent = facts.consents.first(where: { $0.id == id }),
            consent.kind == .dataSharing,
            ConsentRules.state(
                of: consent, on: today, exits: facts.exits, releases: facts.releases) == .valid,
            Set(ConsentRules.scope(of: consent, on: today)).isSuperset(of: call.sections),
            facts.withheld.isDisjoint(with: call.sections)
        else { throw Refused(Reason.consentDoesNotCover) }
        guard consent.recipients.contains(call.recipient) else {
            throw Refused(Reason.recipientNotNamed)
        }
        return consent
    }

    private static func disclosure(
        _ call: RecordDisclosure, _ purpose: PurposeOfUse, _ basis: String, _ event: RegisterEvent
    ) -> Disclosure {
        Disclosure(
            id: call.id, participant: call.participant, recipient: call.recipient,
            sections: call.sections, purpose: purpose, basis: basis, consent: call.consent,
            subjectRequest: call.subjectRequest, document: call.document, given: event.step)
    }
}
