import ClinicalAPI
import EvaluationAPI
import RegistryAPI
import Shared

/// Something one service knows: unknown where that service did not answer, which is not "none".
enum Known<Value> {
    case unknown
    case known(Value?)

    /// Nil where it is unknown or none.
    var value: Value? {
        if case .known(let value) = self { value } else { nil }
    }

    func map<Other>(_ change: (Value) -> Other?) -> Known<Other> {
        switch self {
        case .unknown: .unknown
        case .known(let value): .known(value.flatMap(change))
        }
    }
}

extension Known: Equatable where Value: Equatable {}
extension Known: Sendable where Value: Sendable {}

/// What the services answered; nil where one did not.
struct CaseloadAnswers: Sendable {
    /// The enrollments that have not exited, with the programs' codes.
    struct Enrollments: Sendable {
        var enrollments: [Enrollment]
        var programs: [ProgramID: String]
    }

    var enrollments: Enrollments?
    var names: [ParticipantID: String]?
    /// From now on.
    var sessions: [Session]?
    var evaluations: ListCaseload.Reply?
    /// Whether only one program was asked for: a session does not say to which it belongs.
    var isOneProgram = false
}

/// One person in treatment, or with something open after it.
struct CaseloadEntry: Equatable, Sendable {
    enum Standing: String, Encodable, Sendable {
        case inTreatment = "in-treatment"
        case onHold = "on-hold"
        /// The enrollment has ended; a hand-over or a signature is still open.
        case left
    }

    /// What wants doing, the most urgent first.
    enum Attention: String, Encodable, CaseIterable, Sendable {
        case overdue
        case due
        case unsigned
        case upcoming
        case onHold = "on-hold"
        case none
    }

    struct NextSession: Equatable, Encodable, Sendable {
        let at: Timestamp
        let kind: String
    }

    let participant: ParticipantID
    /// Unknown where only a planned session names the person.
    var enrollment: Known<EnrollmentID>
    var name: Known<String>
    var program: Known<String>
    var standing: Known<Standing>
    var stage: Known<String>
    /// Days since admission.
    var daysIn: Known<Int>
    var plannedEnd: Known<Day>
    var nextSession: Known<NextSession>
    /// What the evaluation has open for the enrollment.
    var open: Known<CaseloadLine>
}

/// Who is in treatment, put together from what each service knows.
struct Caseload: Equatable, Sendable {
    /// The most urgent first.
    let entries: [CaseloadEntry]
    let asOf: Day

    /// Joins the answers by enrollment, and sessions by participant.
    ///
    /// `today` is a day where the people are held. People who left are shown only while something
    /// is open for them. Without the registry's answer, those are shown whom another names.
    init(_ answers: CaseloadAnswers, on today: Day) {
        let sessions = answers.sessions.map(Self.next)
        func session(of id: ParticipantID) -> Known<CaseloadEntry.NextSession> {
            sessions.map { .known($0[id]) } ?? .unknown
        }
        func name(of id: ParticipantID) -> Known<String> {
            answers.names.map { .known($0[id]) } ?? .unknown
        }
        let open = answers.evaluations.map { reply in
            Dictionary(reply.lines.map { ($0.enrollment, $0) }, uniquingKeysWith: { one, _ in one })
        }
        var entries: [CaseloadEntry] = []
        for enrollment in answers.enrollments?.enrollments ?? [] {
            entries.append(
                CaseloadEntry(
                    participant: enrollment.participant, enrollment: .known(enrollment.id),
                    name: name(of: enrollment.participant),
                    program: .known(answers.enrollments?.programs[enrollment.program]),
                    standing: .known(enrollment.status == .onHold ? .onHold : .inTreatment),
                    stage: .known(enrollment.stages.last?.stage),
                    daysIn: .known(today.days(since: enrollment.openedOn)),
                    plannedEnd: .known(enrollment.plannedEnd),
                    nextSession: session(of: enrollment.participant),
                    open: open.map { .known($0[enrollment.id]) } ?? .unknown))
        }
        let listed = Set(entries.compactMap(\.enrollment.value))
        let hasRegistry = answers.enrollments != nil
        for line in answers.evaluations?.lines ?? [] where !listed.contains(line.enrollment) {
            entries.append(
                CaseloadEntry(
                    participant: line.participant, enrollment: .known(line.enrollment),
                    name: name(of: line.participant), program: .known(line.programCode),
                    standing: hasRegistry ? .known(.left) : .unknown,
                    stage: hasRegistry ? .known(nil) : .unknown,
                    daysIn: hasRegistry ? .known(nil) : .unknown,
                    plannedEnd: hasRegistry ? .known(nil) : .unknown,
                    nextSession: session(of: line.participant), open: .known(line)))
        }
        if !hasRegistry, !answers.isOneProgram {
            let named = Set(entries.map(\.participant))
            for (participant, next) in sessions ?? [:] where !named.contains(participant) {
                entries.append(
                    CaseloadEntry(
                        participant: participant, enrollment: .unknown,
                        name: name(of: participant), program: .unknown, standing: .unknown,
                        stage: .unknown, daysIn: .unknown, plannedEnd: .unknown,
                        nextSession: .known(next),
                        // The evaluation lists only those for whom something is open.
                        open: answers.evaluations == nil ? .unknown : .known(nil)))
            }
        }
        self.entries = entries.sorted { $0.sortKey < $1.sortKey }
        asOf = today
    }

    /// The next planned session of everybody who has one.
    private static func next(
        _ sessions: [Session]
    ) -> [ParticipantID: CaseloadEntry.NextSession] {
        var next: [ParticipantID: CaseloadEntry.NextSession] = [:]
        for session in sessions where session.status == .scheduled {
            for participant in session.participants
            where next[participant].map({ session.scheduledAt < $0.at }) ?? true {
                next[participant] = CaseloadEntry.NextSession(
                    at: session.scheduledAt, kind: session.kind.rawValue)
            }
        }
        return next
    }
}

extension CaseloadEntry {
    /// The hand-over to aftercare, while it still waits.
    var handover: Handover? {
        open.value?.handover.flatMap { $0.state == .pending || $0.state == .overdue ? $0 : nil }
    }

    /// What wants doing; unknown where the evaluation did not answer.
    var attention: Known<Attention> {
        guard case .known(let line) = open else { return .unknown }
        guard let line else { return .known(Attention.none) }
        if line.overdue > 0 || handover?.state == .overdue { return .known(.overdue) }
        if line.due > 0 { return .known(.due) }
        if line.unsigned > 0 { return .known(.unsigned) }
        if line.next?.state == .upcoming || handover != nil { return .known(.upcoming) }
        return .known(line.next?.state == .onHold ? .onHold : Attention.none)
    }

    /// Days that the most urgent thing is past its day; negative while it lies ahead.
    private var daysPast: Int {
        let days = [open.value?.next?.daysPastDue, handover.map { 0 - $0.daysLeft }]
        return days.compactMap { $0 }.max() ?? Int(Int32.min)
    }

    /// By urgency; without the evaluation's answer by the next session, and at last by id, so that
    /// the order is the same each time.
    fileprivate var sortKey: (Int, Int, Timestamp, ParticipantID) {
        let rank = attention.value.flatMap(Attention.allCases.firstIndex) ?? 0
        return (
            rank, -max(daysPast, Int(Int32.min)),
            nextSession.value?.at ?? Timestamp(microseconds: .max), participant
        )
    }
}

/// The caseload in a line of numbers; each is unknown where its service did not answer.
struct CaseloadSummary: Equatable, Sendable {
    let inTreatment: Known<Int>
    let onHold: Known<Int>
    /// Enrollments with an overdue evaluation.
    let overdue: Known<Int>
    /// Enrollments with an evaluation due, or coming due within 30 days, and none overdue.
    let due: Known<Int>
    /// People released whose hand-over to aftercare is late.
    let handoversOverdue: Known<Int>

    init(_ caseload: Caseload, _ answers: CaseloadAnswers) {
        func count(_ isKnown: Bool, _ fits: (CaseloadEntry) -> Bool) -> Known<Int> {
            isKnown ? .known(caseload.entries.count(where: fits)) : .unknown
        }
        inTreatment = count(answers.enrollments != nil) { $0.standing == .known(.inTreatment) }
        onHold = count(answers.enrollments != nil) { $0.standing == .known(.onHold) }
        let isEvaluated = answers.evaluations != nil
        overdue = count(isEvaluated) { ($0.open.value?.overdue ?? 0) > 0 }
        due = count(isEvaluated) { entry in
            guard let line = entry.open.value, line.overdue == 0 else { return false }
            return line.due > 0 || line.next?.state == .upcoming
        }
        handoversOverdue = count(isEvaluated) { $0.handover?.state == .overdue }
    }
}
