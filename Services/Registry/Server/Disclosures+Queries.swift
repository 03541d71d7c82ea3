package import FoundationEssentials
package import RegistryAPI
package import Storage
internal import Vocabulary

extension Disclosure: StoredRecord {
    package static let noun: StaticString = "disclosure"
    package static let columns: [StaticString] = ["participant"]
    package static let sealed = [
        SealedPart(.legal, ["recipient": .text, "basis": .text, "document": .text])
    ]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant)] }
}
