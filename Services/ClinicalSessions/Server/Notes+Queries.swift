package import ClinicalAPI
package import FoundationEssentials
internal import RPC
package import Storage
internal import Vocabulary

extension Note: StoredRecord {
    package static let noun: StaticString = "note"
    package static let columns: [StaticString] = ["participant"]
    package static let sealed = [
        SealedPart(
            .counseling, ["firstText": .text, "amendments": .value([Note.Amendment]())])
    ]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant)] }
}

extension Reading where Self: ~Copyable {
    func note(_ id: NoteID) throws -> Note {
        guard let note = try get(Note.self, id.uuid) else { throw NotFound("note", id) }
        return note
    }
}
