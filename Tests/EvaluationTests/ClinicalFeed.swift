import ClinicalAPI
import Instruments
import Vocabulary

/// Records as the clinical service's feed tells of them.
enum ClinicalFeed {
    static func staff(_ code: String, at affiliation: Affiliation = facility) -> StaffReference {
        StaffReference(affiliation: affiliation, code: code)
    }

    static func session(
        _ number: Int, on offset: Int, domain: SessionDomain = .social,
        _ status: Session.Status = .held, led leader: String = treating.code,
        expected: [Int], _ lines: [Int: AttendanceSummary.Presence] = [:]
    ) -> AttendanceSummary {
        AttendanceSummary(
            session: id(1000 + number), domain: domain, status: status, day: day(offset),
            at: TestService.now, durationMinutes: 60, facilitator: staff(leader),
            expected: expected.map { id($0) },
            lines: lines.sorted { $0.key < $1.key }.map {
                AttendanceSummary.Line(participant: id($0.key), presence: $0.value)
            }, closedAt: status == .scheduled ? nil : TestService.now)
    }

    static func score(
        _ number: Int, of participant: Int, _ occasion: Administration.Occasion, on offset: Int,
        _ values: [String: Double?] = [:], status: ScoreStatus = .complete,
        instrument: InstrumentCode = .whoqolBref, enrollment: Int? = nil,
        by assessor: String = ofFacility.code, replaces: Int? = nil
    ) -> ScoreSummary {
        ScoreSummary(
            administration: id(2000 + number), participant: id(participant),
            enrollment: enrollment.map { id($0) }, instrument: instrument, version: "1",
            occasion: occasion, mode: .interview, window: nil, day: day(offset),
            assessor: staff(assessor),
            scores: values.sorted { $0.key < $1.key }.map { scale, value in
                Score(scale: scale, value: value, status: value == nil ? .invalid : status)
            }, replaces: replaces.map { id(2000 + $0) })
    }

    static func social(
        _ number: Int, of participant: Int, _ occasion: Administration.Occasion, on offset: Int,
        _ value: Double?, status: ScoreStatus = .complete, enrollment: Int? = nil,
        replaces: Int? = nil
    ) -> ScoreSummary {
        score(
            number, of: participant, occasion, on: offset, ["whoqol-bref.social": value],
            status: status, enrollment: enrollment, replaces: replaces)
    }

    static func urine(
        _ number: Int, of participant: Int, _ occasion: UrineTest.Occasion, on offset: Int,
        _ verdict: UrineSummary.Verdict
    ) -> UrineSummary {
        UrineSummary(
            test: id(3000 + number), participant: id(participant), day: day(offset),
            occasion: occasion, verdict: verdict, positives: [])
    }
}

/// Whether two numbers are the same but for rounding.
func isNear(_ value: Double?, _ expected: Double) -> Bool {
    value.map { abs($0 - expected) < 1e-9 } ?? false
}
