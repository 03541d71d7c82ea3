package import FoundationEssentials
package import RegistryAPI
package import Storage
internal import Vocabulary

extension RecordedItem: StoredRecord {
    package static let noun: StaticString = "item"
    package static let columns: [StaticString] = ["participant"]
    package static let sealed = [
        SealedPart(.clinical, ["text": .text, "code": .absent, "source": .text])
    ]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant)] }
}

extension Reading where Self: ~Copyable {
    func items(of participant: ParticipantID) throws -> [RecordedItem] {
        try all(RecordedItem.self, of: participant).sorted { $0.recordedOn < $1.recordedOn }
    }
}
