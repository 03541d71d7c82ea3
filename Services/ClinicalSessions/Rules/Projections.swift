package import ClinicalAPI
import Instruments
package import Vocabulary

/// Decides what the followers of the feed may see of a record.
///
/// There is no projection of a note, an assessment, a plan, or an alert: they go to nobody.
package enum Projections {
    /// What the registry learns of an administration; nil where it is no screening.
    ///
    /// A screening is an ASSIST or DAST-10 taken to decide about entry. A correction that says
    /// that it was taken on another occasion tells only that the corrected one does not stand.
    package static func screening(_ administration: Administration) -> ScreeningSummary? {
        switch administration.instrument {
        case .assist, .dast10: break
        case .urica32, .whoqolBref, .phq9: return nil
        }
        switch administration.occasion {
        case .screening, .baseline: break
        case .month3, .month6, .exit, .other:
            guard let correction = administration.correction else { return nil }
            return ScreeningSummary(
                administration: administration.id, participant: administration.participant,
                day: administration.day, instrument: administration.instrument, bands: [],
                highestDrugBand: nil, replaces: correction.of)
        }
        let bands = administration.sheet.scores.compactMap { score in
            score.band.map { ScreeningSummary.Band(scale: score.scale, band: $0) }
        }
        return ScreeningSummary(
            administration: administration.id, participant: administration.participant,
            day: administration.day, instrument: administration.instrument, bands: bands,
            highestDrugBand: administration.instrument == .assist
                ? highest(administration.sheet) : nil,
            replaces: administration.correction?.of)
    }

    /// What the evaluation learns of an administration.
    package static func score(_ administration: Administration) -> ScoreSummary {
        ScoreSummary(
            administration: administration.id, participant: administration.participant,
            enrollment: administration.enrollment, instrument: administration.instrument,
            version: administration.version, occasion: administration.occasion,
            mode: administration.mode, window: administration.window, day: administration.day,
            assessor: administration.assessor, scores: administration.sheet.scores,
            replaces: administration.correction?.of)
    }

    /// What the evaluation learns of a session.
    package static func attendance(_ session: Session, zone: Zone) -> AttendanceSummary {
        let lines = (session.attendance ?? []).map { line in
            AttendanceSummary.Line(participant: line.participant, presence: presence(line.mark))
        }
        return AttendanceSummary(
            session: session.id, domain: session.kind.domain, status: session.status,
            day: session.day(in: zone), at: session.scheduledAt,
            durationMinutes: session.durationMinutes, facilitator: session.facilitator,
            expected: session.participants, lines: lines, closedAt: session.closedAt)
    }

    /// What the evaluation learns of a urine test; nil for a test for security.
    package static func urineTest(_ test: UrineTest) -> UrineSummary? {
        guard test.purpose == .clinical else { return nil }
        let positives = test.panel.filter { line in
            line.result == .positive && line.confirmation?.outcome != .notConfirmed
        }
        return UrineSummary(
            test: test.id, participant: test.participant, day: test.day,
            occasion: test.occasion, verdict: UrineTestRules.verdict(of: test),
            positives: positives.map(\.analyte))
    }

    /// What the registry learns of a urine test; nil where no valid sample was tested, and for a
    /// test for security.
    package static func urineTestDay(_ test: UrineTest) -> UrineTestDay? {
        guard test.purpose == .clinical, test.status == .tested else { return nil }
        return UrineTestDay(test: test.id, participant: test.participant, day: test.day)
    }

    /// The worst band over the drugs that could be scored.
    private static func highest(_ sheet: ScoreSheet) -> RiskBand? {
        ASSIST.Substance.allCases
            .filter { $0 != .tobacco && $0 != .alcohol }
            .compactMap { sheet[$0.scale]?.band }
            .compactMap(RiskBand.init(rawValue:)).max()
    }

    private static func presence(_ mark: Attendance.Mark) -> AttendanceSummary.Presence {
        switch mark {
        case .present: .present
        case .absent(let reason): reason.countsAgainst ? .countsAgainst : .excused
        }
    }
}
