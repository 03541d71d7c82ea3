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

    /// Keeps an answer, and forgets up to four that are older than `kept` seconds.
    ///
    /// Each keyed write adds one and removes up to four, so the table holds the answers of that
    /// time and soon nothing more, and no write pays for a pile that others left. A clock that
    /// runs back only keeps answers longer.
    func keep(
        _ answer: [UInt8], for key: WriteKey, at time: Timestamp, kept: Int64
    ) throws {
        try run(
            database,
            """
            INSERT INTO write_once (caller, key, method, digest, answer, position, at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(key.caller), .id(key.key), .text(key.method), .blob(key.digest),
                .blob(answer), .integer(journal.head.position), .time(time),
            ])
        try run(
            database,
            """
            DELETE FROM write_once WHERE (caller, key) IN (
                SELECT caller, key FROM write_once WHERE at < ? ORDER BY at LIMIT 4)
            """, [.time(time.adding(seconds: -kept))])
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
