import RPC
package import RegistryAPI
package import Vocabulary

/// Decides on stages.
package enum StageRules {
    private typealias Refusal = AdvanceEnrollment.Refusal

    /// Moves an enrollment to a phase: the next one, or another with a reason.
    package static func advance(
        _ call: AdvanceEnrollment, enrollment: Enrollment, program: Program, today: Day
    ) throws -> Enrollment {
        try Input.optionalText(call.reason, "reason", max: Input.textMax)
        try Input.past(call.from, "from", today: today)
        switch enrollment.status {
        case .exited: throw Refused(Refusal.exited)
        case .onHold: throw Refused(Refusal.onHold)
        case .active: break
        }
        guard let target = index(of: call.stage, in: program) else {
            throw Refused(Refusal.stageUnknown)
        }
        let current = enrollment.stages.last
        guard current?.stage != call.stage else { throw Refused(Refusal.alreadyThere) }
        let next = current.flatMap { index(of: $0.stage, in: program) }.map { $0 + 1 } ?? 0
        guard target == next || call.reason != nil else { throw Refused(Refusal.outOfOrder) }
        try Input.order(
            call.from, "from", notBefore: current?.from ?? enrollment.openedOn,
            of: "the present stage")
        var changed = enrollment
        changed.stages.append(
            StageEntry(stage: call.stage, from: call.from, reason: call.reason))
        return changed
    }

    static func index(of stage: String, in program: Program) -> Int? {
        program.phases.firstIndex { $0.name == stage }
    }
}

/// Decides on times away, and counts them.
package enum HoldRules {
    /// Begins a time away.
    package static func hold(
        _ call: HoldEnrollment, enrollment: Enrollment, today: Day
    ) throws -> Enrollment {
        try Input.optionalText(call.note, "note", max: Input.textMax)
        try Input.past(call.from, "from", today: today)
        switch enrollment.status {
        case .exited: throw Refused(HoldEnrollment.Refusal.exited)
        case .onHold: throw Refused(HoldEnrollment.Refusal.alreadyOnHold)
        case .active: break
        }
        try Input.order(call.from, "from", notBefore: enrollment.openedOn, of: "the admission")
        if let back = enrollment.holds.last?.until {
            try Input.order(call.from, "from", notBefore: back, of: "the last return")
        }
        var changed = enrollment
        changed.status = .onHold
        changed.holds.append(Hold(from: call.from, reason: call.reason, note: call.note))
        return changed
    }

    /// Ends the hold; the planned end moves later by its days.
    package static func resume(
        _ call: ResumeEnrollment, enrollment: Enrollment, today: Day
    ) throws -> ResumeEnrollment.Reply {
        try Input.past(call.on, "on", today: today)
        guard enrollment.status != .exited else { throw Refused(ResumeEnrollment.Refusal.exited) }
        guard enrollment.status == .onHold,
            let index = enrollment.holds.lastIndex(where: { $0.until == nil })
        else { throw Refused(ResumeEnrollment.Refusal.notOnHold) }
        let from = enrollment.holds[index].from
        try Input.order(call.on, "on", notBefore: from, of: "the day of leaving")
        var changed = enrollment
        changed.status = .active
        changed.holds[index].until = call.on
        changed.plannedEnd = changed.plannedEnd.adding(days: call.on.days(since: from))
        return ResumeEnrollment.Reply(
            enrollment: changed, daysOnHold: days(changed.holds, until: call.on))
    }

    /// Days on hold up to, and without, `day`.
    ///
    /// The day of leaving counts and the day of return does not: away on day 70, back on day 84
    /// is 14 days.
    package static func days(_ holds: [Hold], until day: Day) -> Int {
        holds.reduce(0) { sum, hold in
            sum + max(0, min(hold.until ?? day, day).days(since: hold.from))
        }
    }

    /// Days in the program from admission up to, and without, `day` or the exit.
    ///
    /// Days on hold do not count.
    package static func daysInProgram(_ enrollment: Enrollment, until day: Day) -> Int {
        let end = min(enrollment.exit?.day ?? day, day)
        return max(0, end.days(since: enrollment.openedOn) - days(enrollment.holds, until: end))
    }
}
