package import ClinicalAPI
package import FoundationEssentials
package import Storage
internal import Vocabulary

/// The table has the newest revision of each; the journal has them all.
extension Plan: StoredRecord {
    package static let noun: StaticString = "plan"
    package static let columns: [StaticString] = ["participant"]
    package static let sealed = [SealedPart(.clinical, wholeWith: ["goals", "services"])]
    package var key: UUID { assessment.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant)] }
}
