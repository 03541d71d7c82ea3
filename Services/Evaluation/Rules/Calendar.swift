package import EvaluationAPI
package import Vocabulary

/// Which evaluations the calendar wants, and when aftercare must have begun.
package enum Calendar {
    /// An evaluation is overdue after this many days past its day: the board visits monthly.
    package static let graceDays = 7
    /// Aftercare begins within so many days of release (the British continuity-of-care measure).
    package static let handoverDays = 21

    /// The day on which a point falls due for an enrollment.
    package static func dueDay(of point: PointFact, in enrollment: EnrollmentFact) -> Day {
        // Far beyond any program; it keeps a slip in a definition from overflowing.
        let after = min(max(point.after, 0), 10_000)
        return point.inMonths
            ? enrollment.admittedOn.adding(months: after)
            : enrollment.admittedOn.adding(days: after)
    }

    /// Every evaluation that was wanted and is not joint yet, the longest overdue first.
    ///
    /// After an exit the points up to it are missed, and those after it are not wanted. An exit
    /// evaluation is wanted after a completion; whoever was released or moved cannot come to one.
    ///
    /// With `withinDays` also what comes due within so many days.
    package static func due(
        enrollments: [EnrollmentFact], points: [PointFact], evaluations: [PeriodicEvaluation],
        on today: Day, withinDays: Int
    ) -> [DueEvaluation] {
        let byEnrollment = Dictionary(grouping: evaluations, by: \.enrollment)
        let byProgram = Dictionary(grouping: points, by: \.programCode)
        let horizon = today.adding(days: min(max(withinDays, 0), 10_000))
        let all = enrollments.flatMap { enrollment in
            let own = byEnrollment[enrollment.id] ?? []
            var wanted = (byProgram[enrollment.programCode] ?? []).map {
                (EvaluationKind.periodic(point: $0.code), dueDay(of: $0, in: enrollment))
            }
            if let exit = enrollment.exit {
                wanted.removeAll { $0.1 > exit.day }
                if exit.group == .successful { wanted.append((.exit, exit.day)) }
            }
            return wanted.compactMap { kind, day in
                line(kind, day, enrollment, own, on: today)
            }
        }
        return all.filter { $0.dueOn <= horizon }.sorted { $0.sortKey < $1.sortKey }
    }

    private static func line(
        _ kind: EvaluationKind, _ day: Day, _ enrollment: EnrollmentFact,
        _ evaluations: [PeriodicEvaluation], on today: Day
    ) -> DueEvaluation? {
        let held = evaluations.filter { $0.kind == kind }
        guard !held.contains(where: { $0.status == .joint }) else { return nil }
        let draft = held.map(\.id).min()
        let past = today.days(since: day)
        let state: DueEvaluation.State
        if enrollment.exit != nil, kind != .exit {
            // A draft that was held before the exit can still be signed.
            state = draft == nil ? .missed : past > graceDays ? .overdue : .due
        } else if past < 0 {
            state = .upcoming
        } else if draft == nil, enrollment.holds.contains(where: { $0.contains(today) }) {
            state = .onHold
        } else {
            state = past > graceDays ? .overdue : .due
        }
        return DueEvaluation(
            participant: enrollment.participant, enrollment: enrollment.id,
            programCode: enrollment.programCode, kind: kind, dueOn: day, daysPastDue: past,
            state: state, draft: draft)
    }

    /// Whether aftercare began in time after a release.
    package static func handover(
        releasedOn: Day, contacts: [Contact], on today: Day
    ) -> Handover {
        let dueBy = releasedOn.adding(days: handoverDays)
        let first = contacts.filter { $0.reached && $0.day >= releasedOn && $0.day <= today }
            .map(\.day).min()
        let state: Handover.State =
            if let first {
                first <= dueBy ? .met : .late
            } else {
                today <= dueBy ? .pending : .overdue
            }
        return Handover(
            releasedOn: releasedOn, dueBy: dueBy, firstReachedOn: first, state: state,
            daysLeft: dueBy.days(since: today))
    }
}

extension DueEvaluation {
    /// Longest overdue first; then by enrollment and kind, so that the order never depends on
    /// that of the records.
    fileprivate var sortKey: (Int, EnrollmentID, String) {
        (-daysPastDue, enrollment, kind.description)
    }
}
