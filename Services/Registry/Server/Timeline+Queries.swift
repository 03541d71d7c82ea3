internal import FoundationEssentials
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension Reading where Self: ~Copyable {
    /// Everything a dossier is written from, under whichever of a person's records.
    func timelineFacts(on id: ParticipantID) throws -> TimelineFacts {
        let records = try records(of: id)
        let wanted = Set(records)
        return TimelineFacts(
            participants: try records.map { try participant($0) },
            marks: try records.flatMap { try marks(on: $0) },
            items: try items(of: id), consents: try consents(of: id),
            decisions: try decisions(of: id),
            decrees: try decrees().filter { !wanted.isDisjoint(with: $0.participants) },
            enrollments: try enrollments(of: id),
            programCodes: Dictionary(
                try programs().map { ($0.id, $0.code) }, uniquingKeysWith: { code, _ in code }))
    }

    /// What the journal says of a record, and the record itself no longer does.
    private func marks(on id: ParticipantID) throws -> [RecordMark] {
        try rows(
            """
            SELECT verb, at FROM journal
            WHERE subject = ? AND noun = 'participant' ORDER BY position
            """, [.id(id)]
        ) { row in
            RecordMark.Event(rawValue: row.text(0)).map {
                RecordMark(
                    participant: id, event: $0, at: Timestamp(microseconds: row.integer(1)))
            }
        }.compactMap { $0 }
    }
}
