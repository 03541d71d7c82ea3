package import ClinicalAPI
package import Vocabulary

/// How well somebody attended.
package struct AttendanceRate: Hashable, Sendable {
    package let attended: Int
    /// Absences for court, police, isolation or illness; they stand apart.
    package let excused: Int
    /// Absences that count against the person: refused and unexcused.
    package let countedAgainst: Int

    package init(attended: Int, excused: Int, countedAgainst: Int) {
        self.attended = attended
        self.excused = excused
        self.countedAgainst = countedAgainst
    }

    /// The sessions that the person could have come to.
    package var due: Int { attended + countedAgainst }

    /// Attended over due, 0 to 1; nil where none was due.
    package var rate: Double? { due == 0 ? nil : Double(attended) / Double(due) }
}

/// Counts attendance.
package enum AttendanceRules {
    /// The attendance of the person of an enrollment, over the sessions of one domain or of both.
    ///
    /// Only held sessions count, and only on days on which the enrollment was active: days on
    /// hold lie outside, as do sessions that were cancelled or missed.
    package static func rate(
        over sessions: [Session], of enrollment: EnrollmentFact, domain: SessionDomain? = nil,
        zone: Zone
    ) -> AttendanceRate {
        var (attended, excused, against) = (0, 0, 0)
        for session in sessions where session.status == .held {
            if let domain, session.kind.domain != domain { continue }
            guard enrollment.standing(on: session.day(in: zone)) == .active else { continue }
            let line = session.attendance?.first { $0.participant == enrollment.participant }
            switch line?.mark {
            case .present: attended += 1
            case .absent(let reason) where reason.countsAgainst: against += 1
            case .absent: excused += 1
            case nil: continue
            }
        }
        return AttendanceRate(attended: attended, excused: excused, countedAgainst: against)
    }
}
