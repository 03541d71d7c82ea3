package import EvaluationAPI
package import FoundationEssentials
package import Storage
internal import Vocabulary

extension Contact: StoredRecord {
    package static let noun: StaticString = "contact"
    package static let columns: [StaticString] = ["participant", "day"]
    package static let sealed = [
        SealedPart(
            .clinical, ["lastNegativeOn": .absent, "firstPositiveOn": .absent, "urine": .absent])
    ]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant), .day(day)] }
}

extension Reading where Self: ~Copyable {
    func contacts() throws -> [Contact] { try all(Contact.self, order: "day, key") }

    func contacts(with participant: ParticipantID) throws -> [Contact] {
        try all(Contact.self, where: "participant = ?", [.id(participant)], order: "day, key")
    }
}
