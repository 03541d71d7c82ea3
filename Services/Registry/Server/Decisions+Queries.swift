package import FoundationEssentials
package import RegistryAPI
package import Storage
internal import Vocabulary

extension Decision: StoredRecord {
    package static let noun: StaticString = "decision"
    package static let columns: [StaticString] = ["participant"]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant)] }
}

extension Reading where Self: ~Copyable {
    func decisions(of participant: ParticipantID) throws -> [Decision] {
        try all(Decision.self, of: participant).sorted { $0.decidedOn < $1.decidedOn }
    }

    /// The decisions on several people, each under the record that is asked for.
    ///
    /// A decision on a record that was merged away counts for the one that stands.
    func decisions(on participants: [ParticipantID]) throws -> [Decision] {
        try participants.flatMap { participant in
            try decisions(of: participant).map {
                Decision(
                    id: $0.id, participant: participant, members: $0.members,
                    recommends: $0.recommends, place: $0.place, decidedOn: $0.decidedOn)
            }
        }
    }
}
