import RPC
package import RegistryAPI
package import Vocabulary

/// Decides on exits.
package enum ExitRules {
    private typealias Refusal = ExitEnrollment.Refusal

    /// How statistics count an exit.
    package static func outcome(of exitClass: ExitClass) -> ExitOutcome {
        switch exitClass {
        case .completed: .successful
        case .withdrew, .removed, .escaped: .unsuccessful
        case .partlyCompleted, .released, .transferred, .referred, .died: .administrative
        }
    }

    /// Ends an episode in one of the ways that have no call of their own.
    package static func exit(
        _ call: ExitEnrollment, enrollment: Enrollment, program: Program, today: Day
    ) throws -> Enrollment {
        let exit = call.exit
        try Input.text(exit.reason, "exit.reason", max: Input.textMax)
        try Input.optionalText(exit.destination, "exit.destination")
        try Input.past(exit.day, "exit.day", today: today)
        guard enrollment.status != .exited else { throw Refused(Refusal.exited) }
        switch exit.exitClass {
        case .released, .died, .transferred, .partlyCompleted: throw Refused(Refusal.hasOwnCall)
        case .completed:
            guard enrollment.status == .active else { throw Refused(Refusal.onHold) }
            guard enrollment.stages.last?.stage == program.phases.last?.name else {
                throw Refused(Refusal.phasesUnfinished)
            }
        case .referred:
            guard exit.destination != nil else {
                throw InvalidInput("exit.destination", "name where the person is referred to")
            }
        case .removed: try checkRemoval(exit, enrollment)
        case .withdrew, .escaped: break
        }
        guard exit.exitClass == .removed || exit.removal == nil else {
            throw InvalidInput("exit.removal", "only a removal has grounds")
        }
        return try close(enrollment, exit)
    }

    /// A removal is heard first, and a urine test alone never carries it.
    private static func checkRemoval(_ exit: Exit, _ enrollment: Enrollment) throws {
        guard let removal = exit.removal else { throw Refused(Refusal.notHeard) }
        try Input.count(removal.grounds.count, "exit.removal.grounds", 1...10)
        try Input.unique(removal.grounds, "exit.removal.grounds")
        guard removal.heardOn <= exit.day else { throw Refused(Refusal.notHeard) }
        try Input.order(
            removal.heardOn, "exit.removal.heardOn", notBefore: enrollment.openedOn,
            of: "the admission")
        guard removal.grounds != [.confirmedUrine] else { throw Refused(Refusal.urineAlone) }
    }

    /// Ends an episode and an open hold; the caller has made sure that it may end so.
    ///
    /// Throws `InvalidInput` where the episode already went on after that day.
    static func close(_ enrollment: Enrollment, _ exit: Exit) throws -> Enrollment {
        let began =
            [enrollment.openedOn] + enrollment.stages.map(\.from)
            + enrollment.holds.flatMap { [$0.from] + ($0.until.map { [$0] } ?? []) }
        try Input.order(
            exit.day, "day", notBefore: began.max() ?? enrollment.openedOn,
            of: "the enrollment's last change")
        var changed = enrollment
        for index in changed.holds.indices where changed.holds[index].until == nil {
            changed.holds[index].until = exit.day
        }
        changed.status = .exited
        changed.exit = exit
        return changed
    }

    /// Ends an episode with a transfer for good, and moves the participant.
    package static func transfer(
        _ call: TransferEnrollment, enrollment: Enrollment, participant: Participant,
        program: Program, facilityCodes: Set<String>, today: Day
    ) throws -> TransferEnrollment.Reply {
        try Input.text(call.destination, "destination")
        try Input.text(call.reason, "reason", max: Input.textMax)
        try Input.past(call.day, "day", today: today)
        guard enrollment.status != .exited else {
            throw Refused(TransferEnrollment.Refusal.exited)
        }
        if let code = call.facilityCode {
            guard facilityCodes.contains(code) else {
                throw Refused(TransferEnrollment.Refusal.facilityUnknown)
            }
            guard code != participant.facilityCode else {
                throw InvalidInput("facilityCode", "must be another facility than the present one")
            }
        }
        let stage = enrollment.stages.last.flatMap { StageRules.index(of: $0.stage, in: program) }
        guard !call.planGoesAlong || stage ?? 0 > 0 else {
            throw Refused(TransferEnrollment.Refusal.noPhaseCompleted)
        }
        let ended = try close(
            enrollment,
            Exit(
                exitClass: call.planGoesAlong ? .partlyCompleted : .transferred, day: call.day,
                reason: call.reason, destination: call.destination))
        var moved = participant
        PlacementRules.leave(&moved, on: call.day)
        if let code = call.facilityCode { moved.facilityCode = code }
        return TransferEnrollment.Reply(enrollment: ended, participant: moved)
    }
}
