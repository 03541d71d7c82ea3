import RPC
package import RegistryAPI
package import Vocabulary

/// Decides on requests of police, prosecutor and court.
package enum LegalRequestRules {
    /// The most days that a decision lets something be read, so that no answer to one letter
    /// becomes a standing access.
    static let daysMaximum = 90
    /// What is bound by professional secrecy: 42 CFR 2.61 to 2.67 ask for a court order, and so
    /// does article 43 of the Indonesian code of procedure (UU 8/1981) for what those keep who are
    /// bound to secrecy; its successor UU 20/2025 is still to be read on this by a lawyer.
    static let secret: Set<Section> = [.clinical, .counseling]

    /// Enters a request; the same again changes nothing.
    package static func enter(
        _ call: EnterLegalRequest, existing: LegalRequest?, event: RegisterEvent
    ) throws -> LegalRequest {
        let asked = call.asked
        try Input.text(asked.office, "asked.office")
        try Input.text(asked.letterNumber, "asked.letterNumber")
        try Input.past(asked.letterOn, "asked.letterOn", today: event.today)
        try Input.text(asked.citation, "asked.citation")
        try Input.text(asked.purpose, "asked.purpose", max: Input.textMax)
        try Input.sections(asked.sections, "asked.sections")
        if let from = asked.from, let through = asked.through {
            try Input.order(through, "asked.through", notBefore: from, of: "from")
        }
        if let existing {
            guard existing.participant == call.participant, existing.asked == asked else {
                throw Refused(EnterLegalRequest.Refusal.idTaken)
            }
            return existing
        }
        return LegalRequest(
            id: call.id, participant: call.participant, asked: asked, entered: event.step)
    }

    /// Adds a decision, which takes the place of the one before.
    package static func decide(
        _ call: DecideLegalRequest, on request: LegalRequest, event: RegisterEvent
    ) throws -> LegalRequest {
        typealias Reason = DecideLegalRequest.Refusal
        try Input.text(call.ground, "ground", max: Input.textMax)
        guard !event.isBySamePerson(as: request.entered) else { throw Refused(Reason.ownEntry) }
        let sections = try granted(call, of: request.asked)
        if let sections, request.asked.basis != .courtOrder,
            let bound = sections.first(where: secret.contains)
        {
            throw Refused(Reason.courtOrderMissing, bound.rawValue)
        }
        if sections == nil {
            guard call.through == nil else {
                throw InvalidInput("through", "goes with what is granted only")
            }
        } else {
            let latest = event.today.adding(days: daysMaximum)
            guard let through = call.through, through >= event.today, through <= latest else {
                throw InvalidInput(
                    "through",
                    "say until when it may be read: a day from today to \(daysMaximum) days on")
            }
        }
        var decided = request
        decided.decisions.append(
            LegalDecision(
                outcome: call.outcome, sections: sections ?? [], ground: call.ground,
                through: call.through, decided: event.step))
        return decided
    }

    /// The sections that a decision grants; nil where it refuses.
    private static func granted(
        _ call: DecideLegalRequest, of asked: LegalAsk
    ) throws -> [Section]? {
        let sections = call.sections ?? (call.outcome == .granted ? asked.sections : [])
        guard call.outcome != .refused else {
            guard sections.isEmpty else {
                throw InvalidInput("sections", "a refusal grants no section: leave them out")
            }
            return nil
        }
        try Input.sections(sections, "sections")
        if let other = sections.first(where: { !asked.sections.contains($0) }) {
            throw Refused(DecideLegalRequest.Refusal.notAsked, other.rawValue)
        }
        guard (sections.count == asked.sections.count) == (call.outcome == .granted) else {
            throw InvalidInput(
                "outcome", "granted is all that was asked, and partly is less than that")
        }
        return sections
    }

    /// Records what was handed over, here and for the person's list of disclosures.
    package static func give(
        _ call: GiveOnLegalRequest, on request: LegalRequest, existing: Disclosure?,
        event: RegisterEvent
    ) throws -> (request: LegalRequest, disclosure: Disclosure) {
        typealias Reason = GiveOnLegalRequest.Refusal
        try Input.sections(call.sections, "sections")
        try Input.text(call.document, "document")
        try Input.text(call.recipient, "recipient")
        guard existing == nil else { throw Refused(Reason.idTaken) }
        guard let grant = Self.grant(of: request), grant.through >= event.today,
            grant.sections.isSuperset(of: call.sections)
        else { throw Refused(Reason.notGranted) }
        var given = request
        given.given.append(
            LegalGiving(
                disclosure: call.id, sections: call.sections, document: call.document,
                recipient: call.recipient, given: event.step))
        let asked = request.asked
        let disclosure = Disclosure(
            id: call.id, participant: request.participant, recipient: call.recipient,
            sections: call.sections, purpose: .legal,
            basis: "\(asked.office), \(asked.letterNumber): \(asked.citation)",
            legalRequest: request.id, document: call.document, given: event.step,
            from: asked.from, through: asked.through)
        return (given, disclosure)
    }

    /// What may be read for a request by the decision that holds; nil where nothing may.
    ///
    /// Its first day is the decision's, where the day begins last: it may be read at once.
    package static func grant(of request: LegalRequest) -> LegalGrant? {
        guard let decision = request.decisions.last, let through = decision.through else {
            return nil
        }
        return LegalGrant(
            sections: Set(decision.sections), from: decision.decided.at.day(in: .wib),
            through: through)
    }

    /// Those on one person, or all; the oldest first.
    package static func list(
        _ call: ListLegalRequests, of requests: [LegalRequest]
    ) -> [LegalRequest] {
        requests.filter { !(call.undecided ?? false) || $0.decisions.isEmpty }
            .sorted { ($0.entered.at, $0.id) < ($1.entered.at, $1.id) }
    }
}
