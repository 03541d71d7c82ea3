package import EvaluationAPI
package import FoundationEssentials
internal import RegistryFollower
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
        try all(Contact.self, of: participant).sorted { ($0.day, $0.id) < ($1.day, $1.id) }
    }
}
