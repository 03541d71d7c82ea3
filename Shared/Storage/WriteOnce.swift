internal import GRDB
internal import Vocabulary

// What a transaction does for the store itself: keeping the answers of keyed writes, and making
// the tables again.

extension Transaction {
    /// The answer that was given under a key before; nil where there was none.
    func firstAnswer(to key: WriteKey) throws -> ([UInt8], Int64)? {
        let found = try rows(
            """
            SELECT method, digest, answer, position FROM write_once WHERE caller = ? AND key = ?
            """, [.text(key.caller), .id(key.key)]
        ) { ($0.text(0), $0.blob(1), $0.blob(2), $0.integer(3)) }.first
        guard let (method, digest, answer, position) = found else { return nil }
        guard method == key.method, digest == key.digest else { throw StorageError.keyReused }
        return (answer, position)
    }

    func keep(_ answer: [UInt8], for key: WriteKey) throws {
        try run(
            database,
            """
            INSERT INTO write_once (caller, key, method, digest, answer, position)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                .text(key.caller), .id(key.key), .text(key.method), .blob(key.digest),
                .blob(answer), .integer(journal.head.position),
            ])
    }

    func rebuild(_ records: [any StoredRecord.Type]) throws {
        var byNoun: [String: any StoredRecord.Type] = [:]
        for record in records {
            byNoun["\(record.noun)"] = record
            try empty(record)
        }
        try run(database, "DELETE FROM feed", [])
        var position: Int64 = 0
        while true {
            let entries = try JournalRows.page(database, after: position, limit: 500)
            guard let last = entries.last else { return }
            for entry in entries {
                if let type = byNoun[entry.noun] { try replay(type, entry.body) }
            }
            position = last.position
        }
    }

    private func empty<Record: StoredRecord>(_ type: Record.Type) throws {
        for table in [type.noun] + type.sideTables.map(\.name) {
            try run(database, "DELETE FROM \(table)", [])
        }
    }

    private func replay<Record: StoredRecord>(_ type: Record.Type, _ body: [UInt8]) throws {
        try upsert(database, decodeRecord(type, body), body)
    }
}
