import RPC
package import RegistryAPI
package import Vocabulary

/// Decides on blocks.
package enum PlacementRules {
    /// Moves somebody to a block, and closes the placement before.
    package static func place(
        _ call: PlaceParticipant, participant: Participant, today: Day
    ) throws -> Participant {
        try Input.text(call.block, "block", max: 60)
        try Input.past(call.from, "from", today: today)
        guard participant.mergedInto == nil else { throw Refused(PlaceParticipant.Refusal.merged) }
        guard let entry = RegisterRules.current(participant.legal), participant.diedOn == nil
        else { throw Refused(PlaceParticipant.Refusal.notInCustody) }
        // An entry may be newer than the stay: books change within one stay.
        let arrival = participant.releases.last?.day ?? participant.legal.register.first?.from
        try Input.order(
            call.from, "from", notBefore: arrival ?? entry.from, of: "the arrival in custody")
        if let last = participant.placements.last {
            guard last.until != nil || last.block != call.block else {
                throw Refused(PlaceParticipant.Refusal.alreadyThere)
            }
            try Input.order(
                call.from, "from", notBefore: last.until ?? last.from, of: "the last placement")
        }
        var changed = participant
        leave(&changed, on: call.from)
        changed.placements.append(Placement(block: call.block, from: call.from))
        return changed
    }

    /// The block somebody lives in.
    package static func current(_ participant: Participant) -> Placement? {
        participant.placements.last { $0.until == nil }
    }

    static func leave(_ participant: inout Participant, on day: Day) {
        for index in participant.placements.indices
        where participant.placements[index].until == nil {
            participant.placements[index].until = max(day, participant.placements[index].from)
        }
    }
}
