package import ClinicalAPI
import Instruments
package import Vocabulary

/// Everything recorded about one participant.
package struct ParticipantRecords: Hashable, Sendable {
    package var administrations: [Administration]
    package var assessments: [Assessment]
    package var plans: [Plan]
    package var sessions: [Session]
    package var notes: [Note]
    package var urineTests: [UrineTest]
    package var alerts: [Alert]

    package init(
        administrations: [Administration] = [], assessments: [Assessment] = [],
        plans: [Plan] = [], sessions: [Session] = [], notes: [Note] = [],
        urineTests: [UrineTest] = [], alerts: [Alert] = []
    ) {
        self.administrations = administrations
        self.assessments = assessments
        self.plans = plans
        self.sessions = sessions
        self.notes = notes
        self.urineTests = urineTests
        self.alerts = alerts
    }
}

/// Writes the dated lines of a dossier.
package enum Timeline {
    /// The lines of one participant, the oldest first, with what a later record corrects left out.
    ///
    /// No line carries the text of a note, a plan, a finding, a reason, or a medicine. Records of
    /// other people are passed over.
    package static func lines(
        of participant: ParticipantID, from records: ParticipantRecords,
        merges: Merges = Merges(), zone: Zone
    ) -> [TimelineLine] {
        func isTheirs(_ other: ParticipantID) -> Bool { merges.isSame(other, participant) }
        let assessments = Corrections.standing(
            records.assessments.filter { isTheirs($0.participant) })
        let administrations = Corrections.standing(
            records.administrations.filter { isTheirs($0.participant) })
        var lines = administrations.map(line)
        lines += assessments.map(line)
        lines += assessments.flatMap(diagnoses)
        lines += records.plans.filter { isTheirs($0.participant) }.map { line($0, zone) }
        lines += records.sessions.filter { $0.expects(participant, merges) }
            .map { line($0, of: participant, merges, zone) }
        lines += records.notes.filter { isTheirs($0.participant) }.map { line($0, zone) }
        // Tests for security stay out of the clinical dossier.
        lines += records.urineTests
            .filter { isTheirs($0.participant) && $0.purpose == .clinical }.map(line)
        lines += records.alerts.filter { isTheirs($0.participant) }.map { line($0, zone) }
        return lines.sorted(by: isEarlier)
    }

    private static func isEarlier(_ one: TimelineLine, _ other: TimelineLine) -> Bool {
        // Of one day, lines without an hour come first.
        let (a, b) = (one.at?.microseconds ?? .min, other.at?.microseconds ?? .min)
        return (one.day, a, one.kind.rawValue, "\(one.record)")
            < (other.day, b, other.kind.rawValue, "\(other.record)")
    }

    private static func line(_ administration: Administration) -> TimelineLine {
        TimelineLine(
            kind: .administration, day: administration.day, at: nil,
            title: "\(administration.instrument.rawValue), \(administration.occasion.rawValue)",
            record: administration.id.uuid)
    }

    private static func line(_ assessment: Assessment) -> TimelineLine {
        TimelineLine(
            kind: .assessment, day: assessment.day, at: nil,
            title: "assessment, recommends \(assessment.recommendation.rawValue)",
            record: assessment.id.uuid)
    }

    private static func diagnoses(of assessment: Assessment) -> [TimelineLine] {
        assessment.diagnoses.map { diagnosis in
            TimelineLine(
                kind: .diagnosis, day: diagnosis.day, at: nil, title: diagnosis.code.text,
                record: assessment.id.uuid)
        }
    }

    private static func line(_ plan: Plan, _ zone: Zone) -> TimelineLine {
        TimelineLine(
            kind: .plan, day: plan.setAt.day(in: zone), at: plan.setAt,
            title: "plan, revision \(plan.revision), goals: \(plan.goals.count)",
            record: plan.assessment.uuid)
    }

    private static func line(
        _ session: Session, of participant: ParticipantID, _ merges: Merges, _ zone: Zone
    ) -> TimelineLine {
        let mark = session.attendance?.first { merges.isSame($0.participant, participant) }?.mark
        let outcome =
            switch mark {
            case .present: "present"
            case .absent(let reason): "absent: \(reason.rawValue)"
            case nil: session.status == .held ? "not expected" : session.status.rawValue
            }
        return TimelineLine(
            kind: .session, day: session.day(in: zone), at: session.scheduledAt,
            title: "\(session.kind.rawValue), \(outcome)", record: session.id.uuid)
    }

    private static func line(_ note: Note, _ zone: Zone) -> TimelineLine {
        TimelineLine(
            kind: .note, day: note.at.day(in: zone), at: note.at,
            title: "note: \(note.kind.rawValue)", record: note.id.uuid)
    }

    private static func line(_ test: UrineTest) -> TimelineLine {
        let verdict = UrineTestRules.verdict(of: test).rawValue
        return TimelineLine(
            kind: .urineTest, day: test.day, at: nil,
            title: "urine test, \(test.occasion.rawValue): \(verdict)", record: test.id.uuid)
    }

    private static func line(_ alert: Alert, _ zone: Zone) -> TimelineLine {
        let standing = alert.acknowledgment == nil ? "open" : "acknowledged"
        return TimelineLine(
            kind: .alert, day: alert.raisedAt.day(in: zone), at: alert.raisedAt,
            title: "\(alert.kind.rawValue), \(standing)", record: alert.id.uuid)
    }
}
