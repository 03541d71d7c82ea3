import ClinicalAPI
import EvaluationAPI
import RegistryAPI
import Shared
import Testing

@testable import Gateway

/// A day in the calendar, or a failed test.
func day(_ text: String) -> Day {
    guard let day = Day(text: text) else {
        Issue.record("\(text) is no day")
        return Day(number: 0)
    }
    return day
}

/// A moment, or a failed test.
func time(_ text: String) -> Timestamp {
    guard let time = Timestamp(text: text) else {
        Issue.record("\(text) is no time")
        return Timestamp(microseconds: 0)
    }
    return time
}

/// An identifier that is the same in every run.
func id<Kind>(_ number: UInt64) -> Identifier<Kind> {
    Identifier(at: Timestamp(microseconds: 1_700_000_000_000_000), high: 0, low: number)
}

/// Replies of the three services, made by hand for 2026-04-15.
enum Answers {
    static let today = day("2026-04-15")

    static func enrollment(
        _ number: UInt64, since text: String, status: Enrollment.Status = .active
    ) -> Enrollment {
        Enrollment(
            id: id(700 + number), participant: id(number), program: id(200), cohort: "2026-1",
            status: status,
            stages: [
                StageEntry(stage: "entry", from: day(text)),
                StageEntry(stage: "primary", from: day(text).adding(days: 30)),
            ], openedOn: day(text), plannedEnd: day(text).adding(days: 180))
    }

    static func due(
        _ number: UInt64, _ point: String, on text: String, _ state: DueEvaluation.State
    ) -> DueEvaluation {
        DueEvaluation(
            participant: id(number), enrollment: id(700 + number), programCode: "sosial-6",
            kind: .periodic(point: point), dueOn: day(text),
            daysPastDue: today.days(since: day(text)), state: state)
    }

    static func line(
        _ number: UInt64, overdue: Int = 0, due: Int = 0, unsigned: Int = 0,
        next: DueEvaluation? = nil, handover: Handover? = nil
    ) -> CaseloadLine {
        CaseloadLine(
            participant: id(number), enrollment: id(700 + number), programCode: "sosial-6",
            overdue: overdue, due: due, unsigned: unsigned, next: next, handover: handover)
    }

    static func session(
        _ number: UInt64, at text: String, for participants: [UInt64],
        status: Session.Status = .scheduled
    ) -> Session {
        let counselor = StaffReference(
            affiliation: Affiliation(kind: .facility, code: "rutan-kraksaan"), code: "k1")
        return Session(
            id: id(900 + number), kind: .group, participants: participants.map { id($0) },
            scheduledAt: time(text), durationMinutes: 60, facilitator: counselor, place: "aula",
            status: status, scheduledBy: Signatory(staff: counselor, role: .counselor))
    }

    /// Budi is overdue, Agus comes due, Citra is on hold, Dewi was released.
    static let caseload = CaseloadAnswers(
        enrollments: CaseloadAnswers.Enrollments(
            enrollments: [
                enrollment(1, since: "2026-01-05"), enrollment(2, since: "2026-02-01"),
                enrollment(3, since: "2026-03-01", status: .onHold),
            ], programs: [id(200): "sosial-6"]),
        names: [
            id(1): "Budi Santoso", id(2): "Agus Salim", id(3): "Citra Lestari", id(4): "Dewi",
        ],
        sessions: [
            session(1, at: "2026-04-20T02:00:00Z", for: [1, 2]),
            session(2, at: "2026-04-16T02:00:00Z", for: [2]),
            session(3, at: "2026-04-15T03:00:00Z", for: [1], status: .cancelled),
        ],
        evaluations: ListCaseload.Reply(
            asOf: today,
            lines: [
                line(1, overdue: 1, next: due(1, "M3", on: "2026-04-05", .overdue)),
                line(2, next: due(2, "M3", on: "2026-05-01", .upcoming)),
                line(
                    4,
                    handover: Handover(
                        releasedOn: day("2026-04-01"), dueBy: day("2026-04-22"),
                        firstReachedOn: nil, state: .pending, daysLeft: 7)),
            ],
            sources: [SourceAge(service: .registry, position: 9)]))
}
