package import EvaluationAPI
package import FoundationEssentials
internal import RegistryFollower
package import Storage
internal import Vocabulary

extension OutcomeEvent: StoredRecord {
    package static let noun: StaticString = "outcome"
    package static let columns: [StaticString] = ["participant", "day"]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant), .day(countedOn)] }
}

extension Reading where Self: ~Copyable {
    func outcomes() throws -> [OutcomeEvent] { try all(OutcomeEvent.self, order: "day, key") }

    func outcomes(of participant: ParticipantID) throws -> [OutcomeEvent] {
        try all(OutcomeEvent.self, of: participant)
            .sorted {
                ($0.countedOn?.number ?? .min, $0.id) < ($1.countedOn?.number ?? .min, $1.id)
            }
    }
}
