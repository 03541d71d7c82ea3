import EvaluationAPI
import EvaluationRules
import Vocabulary

/// The day on which the tests take place, and days around it.
let today = Day(number: 20_500)

func day(_ offset: Int) -> Day { today.adding(days: offset) }

/// An identifier that is the same in every run.
func id<Kind>(_ number: Int) -> Identifier<Kind> {
    Identifier(at: Timestamp(microseconds: 0), high: 0, low: UInt64(number))
}

let facility = Affiliation(kind: .facility, code: "rutan-kraksaan")
let board = Affiliation(kind: .institution, code: "bnnk-pasuruan")

func person(
    _ code: String, at affiliation: Affiliation = facility, as role: Role = .psychologist
) -> PersonIdentity {
    PersonIdentity(domain: "pulih.test", affiliation: affiliation, role: role, code: code)
}

let ofFacility = person("F1")
let ofBoard = person("B1", at: board, as: .boardCounselor)
let treating = person("C1", as: .counselor)

func stay(
    _ number: Int, admitted: Day = day(-100), planned: Int = 180, exit: ExitFact? = nil,
    holds: [HoldFact] = [], cohort: String = "2026-1", group: String? = nil,
    daysLeft: Int? = nil, participant: Int? = nil
) -> EnrollmentFact {
    EnrollmentFact(
        id: id(number), participant: id(participant ?? number), programCode: "sosial-6",
        cohort: cohort, group: group, admittedOn: admitted, plannedDays: planned, exit: exit,
        holds: holds, daysLeftAtEntry: daysLeft, parties: [facility, board])
}

let points = [
    PointFact(programCode: "sosial-6", code: "M3", after: 3, inMonths: true),
    PointFact(programCode: "sosial-6", code: "M6", after: 6, inMonths: true),
]

let noEvidence = Evidence(
    quality: [],
    urine: UrineTally(positive: 0, negative: 0, invalid: 0, refused: 0, missed: 0),
    attendance: AttendanceTally(attended: 0, missed: 0, excused: 0, cancelled: 0))

func draft(
    _ number: Int = 1, kind: EvaluationKind = .periodic(point: "M3"), enrollment: Int = 1
) -> PeriodicEvaluation {
    PeriodicEvaluation(
        id: id(number), participant: id(enrollment), enrollment: id(enrollment), kind: kind,
        dueOn: day(-10), heldOn: day(-2), evidence: noEvidence, findings: "steady",
        recommendation: .continue, openedBy: StaffMember(ofFacility))
}
