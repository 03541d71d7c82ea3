package import FoundationEssentials
package import RPC
package import Storage
internal import Vocabulary

extension EmergencyAccess: StoredRecord {
    package static let noun: StaticString = "emergency_access"
    package static let columns: [StaticString] = ["participant", "taker", "until", "is_reviewed"]
    package static let sealed = [SealedPart(.clinical, ["reason": .text])]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] {
        [.id(participant), .text(by), .time(until), .flag(review != nil)]
    }

    /// Its table, in the store of every service.
    package static let migration = Migration(
        """
        CREATE TABLE emergency_access (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, taker TEXT NOT NULL,
            until BIGINT NOT NULL, is_reviewed BIGINT NOT NULL, body BLOB NOT NULL);
        CREATE INDEX emergency_access_participant ON emergency_access (participant, taker);
        CREATE INDEX emergency_access_open ON emergency_access (key) WHERE is_reviewed = 0;
        """)
}

extension Reading where Self: ~Copyable {
    /// Whether somebody may read a person's records now, because they took leave to.
    func hasEmergencyAccess(
        _ taker: Identity, to participant: ParticipantID, at now: Timestamp
    ) throws -> Bool {
        try count(
            EmergencyAccess.self, where: "participant = ? AND taker = ? AND until > ?",
            [.id(participant), .text(taker.description), .time(now)]) > 0
    }
}
