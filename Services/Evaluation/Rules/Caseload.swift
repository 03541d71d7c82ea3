package import EvaluationAPI
package import Vocabulary

/// Who needs something done, put together for the people who do it.
package enum Caseload {
    /// One line for each enrollment with something open, the most urgent first.
    ///
    /// `due` comes from ``Calendar``, in its order. A hand-over is shown for the latest release on
    /// or before today.
    package static func lines(
        enrollments: [EnrollmentFact], due: [DueEvaluation], evaluations: [PeriodicEvaluation],
        releases: [ReleaseFact], contacts: [Contact], on today: Day
    ) -> [CaseloadLine] {
        let dueBy = Dictionary(grouping: due.filter { $0.state.known != .missed }, by: \.enrollment)
        let drafts = Dictionary(
            grouping: evaluations.filter { $0.status == .draft }, by: \.enrollment)
        let released = Dictionary(
            grouping: releases.filter { $0.day <= today }, by: \.participant
        ).compactMapValues { $0.map(\.day).max() }
        let contacted = Dictionary(grouping: contacts, by: \.participant)
        let lines = enrollments.compactMap { enrollment -> CaseloadLine? in
            let own = dueBy[enrollment.id] ?? []
            let unsigned = drafts[enrollment.id]?.count ?? 0
            let handover = released[enrollment.participant].flatMap { day in
                day < enrollment.admittedOn
                    ? nil
                    : Calendar.handover(
                        releasedOn: day, contacts: contacted[enrollment.participant] ?? [],
                        on: today)
            }
            let waits = handover.map { $0.state == .pending || $0.state == .overdue } ?? false
            guard !own.isEmpty || unsigned > 0 || waits else { return nil }
            return CaseloadLine(
                participant: enrollment.participant, enrollment: enrollment.id,
                programCode: enrollment.programCode,
                overdue: own.count { $0.state == .overdue },
                due: own.count { $0.state == .due }, unsigned: unsigned, next: own.first,
                handover: handover)
        }
        return lines.sorted { $0.sortKey < $1.sortKey }
    }
}

extension CaseloadLine {
    /// Days that the oldest open thing is past its day.
    private var daysPast: Int {
        let waits = handover.map { $0.state == .pending || $0.state == .overdue } ?? false
        return max(next?.daysPastDue ?? Int.min, waits ? -(handover?.daysLeft ?? 0) : Int.min)
    }

    fileprivate var sortKey: (Int, Int, EnrollmentID) {
        // The negation would overflow for the smallest number.
        (overdue > 0 ? 0 : 1, -max(daysPast, -1_000_000), enrollment)
    }
}
