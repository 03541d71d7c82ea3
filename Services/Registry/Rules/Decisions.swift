import RPC
package import RegistryAPI
package import Vocabulary

/// What is known when a decision of the assessment team is recorded.
package struct DecisionFacts: Hashable, Sendable {
    package var participant: Participant
    /// The members whom the decision names, as far as they are known.
    package var staff: [Staff]
    /// The decision that has the call's id.
    package var existing: Decision?

    package init(participant: Participant, staff: [Staff], existing: Decision? = nil) {
        self.participant = participant
        self.staff = staff
        self.existing = existing
    }
}

/// Decides on decisions of the assessment team.
package enum DecisionRules {
    private typealias Refusal = RecordDecision.Refusal

    /// Records a decision of a complete team.
    package static func record(
        _ call: RecordDecision, facts: DecisionFacts, today: Day
    ) throws -> Decision {
        let decision = call.decision
        try Input.text(decision.place, "decision.place")
        try Input.past(decision.decidedOn, "decision.decidedOn", today: today)
        try Input.count(decision.members.count, "decision.members", 1...20)
        try Input.unique(decision.members.map(\.staff), "decision.members")
        guard facts.participant.mergedInto == nil else { throw Refused(Refusal.merged) }
        if let existing = facts.existing {
            // Members may have left since: what was decided with them stands.
            guard existing == decision else { throw Refused(Refusal.idTaken) }
            return existing
        }
        if let diedOn = facts.participant.diedOn, diedOn < decision.decidedOn {
            throw Refused(Refusal.deceased)
        }
        for member in decision.members {
            guard let staff = facts.staff.first(where: { $0.id == member.staff }), staff.active
            else { throw Refused(Refusal.memberUnknown, member.staff.description) }
            guard staff.role == member.role else {
                throw Refused(Refusal.memberRoleDiffers, staff.role.rawValue)
            }
        }
        let roles = Set(decision.members.map(\.role))
        guard roles.contains(.physician) else { throw Refused(Refusal.noPhysician) }
        guard !roles.isDisjoint(with: [.counselor, .boardCounselor, .psychologist]) else {
            throw Refused(Refusal.noCounselor)
        }
        guard !roles.isDisjoint(with: Set.registration) else {
            throw Refused(Refusal.noRegistration)
        }
        return decision
    }

    /// The decision that holds on `day`: the latest up to then.
    package static func standing(_ decisions: [Decision], on day: Day) -> Decision? {
        decisions.filter { $0.decidedOn <= day }.max { $0.decidedOn < $1.decidedOn }
    }
}
