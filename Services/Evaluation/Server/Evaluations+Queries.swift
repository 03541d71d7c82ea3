package import EvaluationAPI
package import FoundationEssentials
internal import RegistryFollower
package import Storage
internal import Vocabulary

extension PeriodicEvaluation: StoredRecord {
    package static let noun: StaticString = "evaluation"
    package static let columns: [StaticString] = ["participant", "enrollment", "kind", "status"]
    package static let sealed = [
        SealedPart(
            .clinical,
            [
                "findings": .text,
                "evidence": .value(
                    Evidence(
                        quality: [],
                        urine: UrineTally(
                            positive: 0, negative: 0, invalid: 0, refused: 0, missed: 0),
                        attendance: AttendanceTally(
                            attended: 0, missed: 0, excused: 0, cancelled: 0))),
            ])
    ]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] {
        [.id(participant), .id(enrollment), .text(kind.column), .text(status.rawValue)]
    }
}

extension EvaluationKind {
    /// A point may itself be called `exit`.
    fileprivate var column: String {
        switch self {
        case .periodic(let point): "periodic \(point)"
        case .exit: "exit"
        }
    }
}

extension Reading where Self: ~Copyable {
    func evaluations() throws -> [PeriodicEvaluation] { try all(PeriodicEvaluation.self) }

    func evaluations(of participant: ParticipantID) throws -> [PeriodicEvaluation] {
        try all(PeriodicEvaluation.self, of: participant)
    }

    /// All evaluations of an enrollment, and the one with an id.
    func evaluations(
        of enrollment: EnrollmentID, or id: EvaluationID
    ) throws -> [PeriodicEvaluation] {
        try all(
            PeriodicEvaluation.self, where: "enrollment = ? OR key = ?",
            [.id(enrollment), .id(id)])
    }

    /// One page of evaluations, and where the next begins; those of a person under all their
    /// records.
    func page(of call: ListEvaluations, limit: Int) throws -> ListEvaluations.Reply {
        let status = SQLValue.optional(call.status?.rawValue)
        let records: [ParticipantID?] =
            try call.participant.map { try self.records(of: $0) } ?? [nil]
        let found = try records.flatMap { record in
            try all(
                PeriodicEvaluation.self,
                where: """
                    key > ? AND (? IS NULL OR participant = ?) AND (? IS NULL OR enrollment = ?)
                    AND (? IS NULL OR status = ?)
                    """,
                [
                    call.after.map { .id($0) } ?? .blob([]), .id(record), .id(record),
                    .id(call.enrollment), .id(call.enrollment), status, status,
                ], limit: limit + 1)
        }.sorted { $0.id < $1.id }
        let shown = Array(found.prefix(limit))
        return ListEvaluations.Reply(
            evaluations: shown, next: found.count > limit ? shown.last?.id : nil)
    }
}
