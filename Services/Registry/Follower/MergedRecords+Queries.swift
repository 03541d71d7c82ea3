package import Storage
package import Vocabulary

extension Reading where Self: ~Copyable {
    /// The record that stands for a person, whichever of their records is named.
    package func standing(for id: ParticipantID) throws -> ParticipantID {
        var current = id
        var seen: Set = [id]
        // A ring of merges cannot be; should one come, the walk ends all the same.
        while let next = try recordMergedInto(current), seen.insert(next).inserted {
            current = next
        }
        return current
    }

    private func recordMergedInto(_ id: ParticipantID) throws -> ParticipantID? {
        try rows("SELECT merged_into FROM participant_copy WHERE key = ?", [.id(id)]) {
            $0.uuid(0)
        }.first?.map { ParticipantID($0) }
    }

    /// Every record of a person, whichever of them is named, with that one first.
    package func records(of id: ParticipantID) throws -> [ParticipantID] {
        [id] + (try records(behind: standing(for: id))).filter { $0 != id }
    }

    /// Every record of the person for whom one stands, with that one first.
    func records(behind standing: ParticipantID) throws -> [ParticipantID] {
        try rows(
            """
            WITH RECURSIVE person (key) AS (
                SELECT ?
                UNION
                SELECT participant_copy.key FROM participant_copy
                JOIN person ON participant_copy.merged_into = person.key
            )
            SELECT key FROM person
            """, [.id(standing)]
        ) { $0.uuid(0) }.compactMap { $0 }.map { ParticipantID($0) }
    }

    /// Everything of one kind that speaks of a person, under whichever of their records.
    ///
    /// The kind's table must have the column `participant`.
    package func all<Record: StoredRecord>(
        _ type: Record.Type, of id: ParticipantID
    ) throws -> [Record] {
        try all(type, ofAny: records(of: id))
    }

    /// Everything of one kind that speaks of any of these records.
    func all<Record: StoredRecord>(
        _ type: Record.Type, ofAny records: [ParticipantID]
    ) throws -> [Record] {
        try records.flatMap { try all(type, where: "participant = ?", [.id($0)]) }
    }
}
