import RPC
package import RegistryAPI
package import Vocabulary

/// What is known when a decree is recorded.
package struct DecreeFacts: Hashable, Sendable {
    package var program: Program
    /// Of the facility that the program's agreement is with.
    package var facilityCode: String
    /// Who signed, where they are known.
    package var signer: Staff?
    /// The decisions on everybody whom the decree appoints.
    package var decisions: [Decision]
    package var decrees: [Decree]

    package init(
        program: Program, facilityCode: String, signer: Staff?, decisions: [Decision],
        decrees: [Decree]
    ) {
        self.program = program
        self.facilityCode = facilityCode
        self.signer = signer
        self.decisions = decisions
        self.decrees = decrees
    }
}

/// Decides on decrees.
package enum DecreeRules {
    private typealias Refusal = IssueDecree.Refusal

    /// Records a decree that somebody with standing signed.
    package static func issue(
        _ call: IssueDecree, facts: DecreeFacts, today: Day
    ) throws -> Decree {
        let decree = call.decree
        try Input.text(decree.number, "decree.number", max: 80)
        try Input.text(decree.cohort, "decree.cohort", max: Input.codeMax)
        try Input.past(decree.signedOn, "decree.signedOn", today: today)
        try Input.count(decree.participants.count, "decree.participants", 1...500)
        try Input.unique(decree.participants, "decree.participants")
        if let delegation = decree.delegation {
            try Input.text(delegation.letter, "decree.delegation.letter", max: 80)
            try Input.order(
                delegation.until, "decree.delegation.until", notBefore: delegation.from,
                of: "its first day")
        }
        if let same = facts.decrees.first(where: { $0.id == decree.id }) {
            guard same == decree else { throw Refused(Refusal.idTaken) }
            return same
        }
        guard !facts.decrees.contains(where: { $0.number == decree.number }) else {
            throw Refused(Refusal.numberTaken)
        }
        guard maySign(decree, facts) else { throw Refused(Refusal.signerNotHead) }
        for participant in decree.participants {
            let own = facts.decisions.filter { $0.participant == participant }
            guard let decision = DecisionRules.standing(own, on: decree.signedOn) else {
                // Where the program asks for none, none is missing.
                guard facts.program.entryRules.decisionRequired else { continue }
                throw Refused(Refusal.noDecision, participant.description)
            }
            guard ProgramRules.covers(decision.recommends, facts.program.kind) else {
                throw Refused(Refusal.kindNotRecommended, participant.description)
            }
        }
        return decree
    }

    private static func maySign(_ decree: Decree, _ facts: DecreeFacts) -> Bool {
        guard let signer = facts.signer, signer.id == decree.signedBy, signer.active,
            signer.affiliation == Affiliation(kind: .facility, code: facts.facilityCode)
        else { return false }
        if signer.role == .facilityHead { return true }
        guard let delegation = decree.delegation else { return false }
        return delegation.from <= decree.signedOn && decree.signedOn <= delegation.until
    }
}
