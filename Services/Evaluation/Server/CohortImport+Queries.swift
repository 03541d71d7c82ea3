package import EvaluationAPI
package import FoundationEssentials
internal import RegistryFollower
package import Storage
internal import Vocabulary

extension CohortEntry: StoredRecord {
    package static let noun: StaticString = "cohort_entry"
    package static let columns: [StaticString] = ["participant", "cohort"]
    package static let sealed = [
        SealedPart(.clinical, ["baseline": .absent, "exit": .absent])
    ]
    package var key: UUID { enrollment.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant), .text(cohort)] }
}

extension Reading where Self: ~Copyable {
    func imported() throws -> [CohortEntry] { try all(CohortEntry.self) }

    func imported(of participant: ParticipantID) throws -> [CohortEntry] {
        try all(CohortEntry.self, of: participant)
    }

    /// The entries that stand under the names of some rows.
    func standing(for rows: [CohortEntry]) throws -> [EnrollmentID: CohortEntry] {
        var found: [EnrollmentID: CohortEntry] = [:]
        for row in rows { found[row.enrollment] = try get(CohortEntry.self, row.key) }
        return found
    }
}
