import RPC
package import RegistryAPI
package import Vocabulary

/// Decides on releases and deaths, which end an open enrollment too.
package enum DepartureRules {
    /// Releases somebody, and ends `open`, their enrollment that has not ended, with BEBAS.
    package static func release(
        _ call: ReleaseParticipant, participant: Participant, open: Enrollment?, today: Day
    ) throws -> Departure {
        try Input.past(call.day, "day", today: today)
        try Input.optionalText(call.letter, "letter", max: 80)
        guard call.kind != .notRecorded else {
            throw InvalidInput("kind", "must say how the person was released")
        }
        guard participant.mergedInto == nil else {
            throw Refused(ReleaseParticipant.Refusal.merged)
        }
        guard participant.diedOn == nil else { throw Refused(ReleaseParticipant.Refusal.deceased) }
        guard let entry = RegisterRules.current(participant.legal) else {
            throw Refused(ReleaseParticipant.Refusal.notInCustody)
        }
        try Input.order(call.day, "day", notBefore: entry.from, of: "the present register entry")
        let ended = try open.map { enrollment in
            try ExitRules.close(
                enrollment,
                Exit(exitClass: .released, day: call.day, reason: call.kind.rawValue))
        }
        var changed = participant
        leave(&changed, on: call.day)
        changed.releases.append(
            Release(
                day: call.day, kind: call.kind, letter: call.letter,
                handoverDue: ReleaseRules.handoverDue(releasedOn: call.day)))
        return Departure(participant: changed, enrollment: ended)
    }

    /// Records a death, and ends `open`, the enrollment that has not ended, with MENINGGAL.
    package static func recordDeath(
        _ call: RecordDeath, participant: Participant, open: Enrollment?, today: Day
    ) throws -> Departure {
        try Input.past(call.day, "day", today: today)
        try Input.text(call.source, "source")
        guard participant.mergedInto == nil else { throw Refused(RecordDeath.Refusal.merged) }
        if let diedOn = participant.diedOn {
            guard diedOn == call.day else { throw Refused(RecordDeath.Refusal.alreadyRecorded) }
            return Departure(participant: participant, enrollment: nil)
        }
        if let entry = participant.legal.register.last {
            try Input.order(
                call.day, "day", notBefore: entry.until ?? entry.from, of: "the register entry")
        }
        let ended = try open.map { enrollment in
            try ExitRules.close(
                enrollment, Exit(exitClass: .died, day: call.day, reason: call.source))
        }
        var changed = participant
        leave(&changed, on: call.day)
        changed.diedOn = call.day
        return Departure(participant: changed, enrollment: ended)
    }

    /// Closes the register entry and the placement that are open.
    private static func leave(_ participant: inout Participant, on day: Day) {
        for index in participant.legal.register.indices
        where participant.legal.register[index].until == nil {
            participant.legal.register[index].until = day
        }
        PlacementRules.leave(&participant, on: day)
    }
}
