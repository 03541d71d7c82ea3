internal import FoundationEssentials
internal import GRDB
internal import Vocabulary

// What a transaction does for the store itself: keeping the answers of keyed writes, and making
// the tables again.

/// What the journal says of tables that were made anew.
private struct RemadeNote: Codable {
    /// Those that did not hold what they should.
    let tables: [String]

    private enum CodingKeys: Int, CodingKey {
        case tables = 1
    }
}

extension Transaction {
    /// The answer that was given under a key before; nil where there was none.
    func firstAnswer(to key: WriteKey) throws -> ([UInt8], Int64)? {
        let found = try rows(
            """
            SELECT method, digest, answer, position FROM write_once WHERE caller = ? AND key = ?
            """, [.text(key.caller), .id(key.key)]
        ) { ($0.text(0), $0.blob(1), $0.blob(2), $0.integer(3)) }.first
        guard let (method, digest, answer, position) = found else { return nil }
        guard method == key.method, digest == fingerprint(of: key) else {
            throw StorageError.keyReused
        }
        return (try open(answer, of: key, at: position), position)
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
                .text(key.caller), .id(key.key), .text(key.method), .blob(fingerprint(of: key)),
                .blob(try seal(answer, of: key)), .integer(journal.head.position), .time(time),
            ])
        try run(
            database,
            """
            DELETE FROM write_once WHERE (caller, key) IN (
                SELECT caller, key FROM write_once WHERE at < ? ORDER BY at LIMIT 4)
            """, [.time(time.adding(seconds: -kept))])
    }

    /// Makes the tables anew from the journal, and returns which did not hold what they should.
    ///
    /// What is not made from the journal and does not fit is emptied: answers kept for repeats, which
    /// then are new calls, and the heads of other journals, which their services soon tell again.
    func rebuild(at time: Timestamp) throws -> [String] {
        let misfits = try journal.tables.misfits(database)
        guard misfits != [TablesCheck.schema] else { throw StorageError.tablesAltered(misfits) }
        for record in schema.records { try empty(record) }
        try run(database, "DELETE FROM feed", [])
        try run(database, "DELETE FROM erasure", [])
        for table in ["write_once", "witnessed"] where misfits.contains(table) {
            try run(database, "DELETE FROM \(table)", [])
        }
        try replayAll()
        try journal.tables.recompute(database)
        if !misfits.isEmpty {
            try journal.appendOwn(
                database, RemadeNote(tables: misfits), verb: StoreWords.remade, at: time)
        }
        return misfits
    }

    private func replayAll() throws {
        var position: Int64 = 0
        while true {
            let entries = try JournalRows.page(database, after: position, limit: 500)
            guard let last = entries.last else { return }
            for entry in entries {
                if let type = schema.types[entry.noun] {
                    try replay(type, entry.key, entry)
                } else {
                    try replayErasure(entry)
                }
            }
            position = last.position
        }
    }

    private func empty<Record: StoredRecord>(_ type: Record.Type) throws {
        for table in [type.noun] + type.sideTables.map(\.name) {
            try run(database, "DELETE FROM \(table)", [])
        }
    }

    /// Makes the rows of a record as an entry has it, or removes them where that says nothing.
    func replay<Record: StoredRecord>(
        _ type: Record.Type, _ key: UUID, _ entry: JournalEntry
    ) throws {
        switch try seals.open(entry.body, type.sealed, at: entry.place) {
        case .whole(let map), .erased(let map): try upsert(decodeRecord(type, map), entry.body)
        case .leftOut: try remove(type, key)
        }
    }
}
