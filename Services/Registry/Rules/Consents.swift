import RPC
package import RegistryAPI
package import Vocabulary

/// What is known when a consent is recorded.
package struct ConsentFacts: Hashable, Sendable {
    package var participant: Participant
    /// The member of staff that the witness is said to be.
    package var witness: Staff?
    /// The consent that has the call's id.
    package var existing: Consent?

    package init(participant: Participant, witness: Staff? = nil, existing: Consent? = nil) {
        self.participant = participant
        self.witness = witness
        self.existing = existing
    }
}

/// Whether a consent holds on a day.
package enum ConsentState: Hashable, Sendable {
    case notYetSigned
    case valid
    case expired
    case revoked
}

/// Decides on consents.
package enum ConsentRules {
    /// Roles that hold people in custody, and so never witness their consent.
    package static let custodyRoles: Set<Role> = [.security, .registrar, .facilityHead]
    /// The fewest days between the explanation and the signing.
    ///
    /// No law gives a number; a night is what a facility can keep to, and it is stated otherwise.
    static let reflectionDays = 1
    /// Within which processing stops after a revocation (UU 27/2022, article 40), in seconds.
    static let stopSeconds: Int64 = 3 * 24 * 3600

    /// Records a consent, before a witness who is not custody.
    package static func record(
        _ call: RecordConsent, facts: ConsentFacts, today: Day
    ) throws -> RecordConsent.Reply {
        let consent = call.consent
        try check(consent, today: today)
        guard facts.participant.mergedInto == nil else {
            throw Refused(RecordConsent.Refusal.merged)
        }
        guard facts.participant.diedOn == nil else {
            throw Refused(RecordConsent.Refusal.deceased)
        }
        if let staff = consent.witness.staff {
            guard let witness = facts.witness, witness.id == staff, witness.active else {
                throw Refused(RecordConsent.Refusal.witnessUnknown)
            }
            guard !custodyRoles.contains(witness.role) else {
                throw Refused(RecordConsent.Refusal.witnessIsCustody, witness.role.rawValue)
            }
        }
        if let existing = facts.existing, existing != consent {
            throw Refused(RecordConsent.Refusal.idTaken)
        }
        // What an earlier version recorded without it stands, and may be sent again.
        if facts.existing == nil { try checkExplanation(of: consent) }
        let minor = ParticipantRules.mayBeYounger(
            than: 18, facts.participant.identity, on: consent.signedOn)
        return RecordConsent.Reply(
            consent: consent,
            warnings: minor && consent.guardianship == nil ? [.minorWithoutGuardian] : [])
    }

    /// Consent in custody needs time to reflect, and the word that refusing has no penalty.
    private static func checkExplanation(of consent: Consent) throws {
        typealias Reason = RecordConsent.Refusal
        guard let explanation = consent.explanation else { throw Refused(Reason.notExplained) }
        guard explanation.noPenaltyReadOut else { throw Refused(Reason.penaltyNotExcluded) }
        let latest = consent.signedOn.adding(days: -reflectionDays)
        guard explanation.explainedOn <= latest || explanation.hurriedBecause != nil else {
            throw Refused(Reason.noTimeToReflect)
        }
    }

    private static func check(_ consent: Consent, today: Day) throws {
        try Input.text(consent.version, "consent.version", max: Input.codeMax)
        try checkScope(consent.scope, "consent.scope")
        try Input.text(consent.purpose, "consent.purpose", max: Input.textMax)
        try Input.count(consent.recipients.count, "consent.recipients", 0...20)
        try Input.unique(consent.recipients, "consent.recipients")
        for recipient in consent.recipients { try Input.text(recipient, "consent.recipients") }
        guard consent.recipients.isEmpty == (consent.kind == .treatment) else {
            throw InvalidInput(
                "consent.recipients", "data sharing names who may receive, treatment nobody")
        }
        let language = consent.language.utf8
        let plain = language.allSatisfy { byte in
            (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x2d
        }
        guard plain, (2...35).contains(language.count) else {
            throw InvalidInput("consent.language", "must be a language tag such as id or jv")
        }
        try Input.past(consent.signedOn, "consent.signedOn", today: today)
        if let last = consent.expiresOn {
            try Input.order(
                last, "consent.expiresOn", notBefore: consent.signedOn, of: "signedOn")
        } else if consent.endsWith == nil {
            throw InvalidInput(
                "consent.expiresOn", "a consent ends on a day or with an event; give one")
        }
        try Input.text(consent.witness.name, "consent.witness.name")
        try Input.optionalText(consent.witness.relation, "consent.witness.relation")
        guard consent.witness.staff != nil || consent.witness.relation != nil else {
            throw InvalidInput(
                "consent.witness.relation", "say what a witness who is not staff is to the person")
        }
        try Input.optionalText(consent.guardian, "consent.guardian")
        if let guardianship = consent.guardianship {
            guard consent.guardian != nil else {
                throw InvalidInput("consent.guardian", "name the guardian")
            }
            try Input.text(guardianship.relation, "consent.guardianship.relation")
            try Input.past(
                guardianship.agreedOn, "consent.guardianship.agreedOn", today: today)
        }
        if let explanation = consent.explanation {
            try Input.order(
                consent.signedOn, "consent.signedOn", notBefore: explanation.explainedOn,
                of: "explanation.explainedOn")
            try Input.optionalText(
                explanation.hurriedBecause, "consent.explanation.hurriedBecause",
                max: Input.textMax)
        }
        guard consent.revocations.isEmpty else {
            throw InvalidInput("consent.revocations", "must be empty: revoke it afterwards")
        }
    }

    private static func checkScope(_ scope: [Section], _ field: String) throws {
        try Input.count(scope.count, field, 1...Section.allCases.count)
        try Input.unique(scope, field)
        guard !scope.contains(.operational), !scope.contains(.aggregate) else {
            throw InvalidInput(
                field, "operational and aggregate hold nobody's data: leave them out")
        }
    }

    /// Takes a consent back, whole or in part.
    ///
    /// `now` is when the revocation was received: processing must have stopped 3 × 24 hours later.
    package static func revoke(
        _ call: RevokeConsent, consent: Consent, today: Day, now: Timestamp
    ) throws -> RevokeConsent.Reply {
        try Input.text(call.reason, "reason", max: Input.textMax)
        try Input.past(call.day, "day", today: today)
        try Input.order(call.day, "day", notBefore: consent.signedOn, of: "signedOn")
        let standing = Set(scope(of: consent, on: today))
        if let sections = call.sections {
            try checkScope(sections, "sections")
            guard sections.allSatisfy(consent.scope.contains) else {
                throw Refused(RevokeConsent.Refusal.notInScope)
            }
            guard !standing.isDisjoint(with: sections) else {
                throw Refused(RevokeConsent.Refusal.alreadyRevoked)
            }
        } else if standing.isEmpty {
            throw Refused(RevokeConsent.Refusal.alreadyRevoked)
        }
        var changed = consent
        changed.revocations.append(
            Revocation(day: call.day, reason: call.reason, sections: call.sections))
        return RevokeConsent.Reply(consent: changed, stopBy: now.adding(seconds: stopSeconds))
    }

    /// The sections that a consent covers on `day` after its revocations, in its own order.
    ///
    /// Its term is not looked at. A revocation holds from the start of its day.
    package static func scope(of consent: Consent, on day: Day) -> [Section] {
        let revoked = consent.revocations.filter { $0.day <= day }
        guard !revoked.contains(where: { $0.sections == nil }) else { return [] }
        let sections = Set(revoked.flatMap { $0.sections ?? [] })
        return consent.scope.filter { !sections.contains($0) }
    }

    /// Whether a consent holds on `day`.
    ///
    /// It holds through the day of the event that ends it, and only an event after the signing
    /// ends it: one of `exits`, the ends of the participant's enrollments, or of `releases`.
    package static func state(
        of consent: Consent, on day: Day, exits: [Day], releases: [Day]
    ) -> ConsentState {
        if day < consent.signedOn { return .notYetSigned }
        if scope(of: consent, on: day).isEmpty { return .revoked }
        if let last = consent.expiresOn, day > last { return .expired }
        let events =
            switch consent.endsWith {
            case .exit: exits
            case .release: releases
            case nil: [Day]()
            }
        return events.contains { $0 > consent.signedOn && $0 < day } ? .expired : .valid
    }
}
