package import EvaluationAPI
package import FoundationEssentials
package import Storage
internal import Vocabulary

extension FollowUp: StoredRecord {
    package static let noun: StaticString = "follow_up"
    package static let columns: [StaticString] = []
    package var key: UUID { participant.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [] }
}

extension Reading where Self: ~Copyable {
    func followUps() throws -> [FollowUp] { try all(FollowUp.self) }

    func followUp(of participant: ParticipantID) throws -> FollowUp? {
        try get(FollowUp.self, participant.uuid)
    }

    /// One page of follow-ups, and where the next begins.
    func page(of call: ListFollowUps, limit: Int) throws -> ListFollowUps.Reply {
        let found = try all(
            FollowUp.self, where: "key > ?", [call.after.map { .id($0) } ?? .blob([])],
            limit: limit + 1)
        let shown = Array(found.prefix(limit))
        return ListFollowUps.Reply(
            followUps: shown, next: found.count > limit ? shown.last?.participant : nil)
    }
}
