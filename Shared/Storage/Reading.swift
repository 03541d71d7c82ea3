internal import CBOR
package import FoundationEssentials
internal import GRDB
package import Vocabulary

/// What can be asked of a store, inside a transaction or of a snapshot.
///
/// Queries are written once, as extensions of this protocol. A statement is a `StaticString`, so
/// no text of a user can become part of it.
package protocol Reading: ~Copyable {
    /// The rows of a statement, each turned into a value.
    func rows<Value>(
        _ sql: StaticString, _ values: [SQLValue], _ read: (ResultRow) throws -> Value
    ) throws -> [Value]

    /// The rows of a statement that this module has put together from static parts.
    func composedRows<Value>(
        _ sql: ComposedSQL, _ values: [SQLValue], _ read: (ResultRow) throws -> Value
    ) throws -> [Value]

    /// When a peer's feed was last heard since this process started; nil where it was not.
    func lastHeard(_ name: String) -> Timestamp?

    /// Opens what is sealed.
    var seals: Seals { get }

    /// Who may stop a record from being fetched; nil where nobody does.
    var judge: (any FetchJudge)? { get }
}

/// Stands between a body and the records that it fetches by their keys or stores, one person at a
/// time.
package protocol FetchJudge: Sendable {
    /// Throws where the body must not have a record of this person.
    ///
    /// What it fetches itself is not judged.
    func judge<Source: Reading & ~Copyable>(
        _ subject: UUID, in source: borrowing Source
    ) throws
}

/// A statement made of static parts only.
package struct ComposedSQL: Sendable {
    let text: String

    init(_ parts: [StaticString]) { text = parts.map { "\($0)" }.joined(separator: " ") }
}

extension Reading where Self: ~Copyable {
    /// The record under a key; nil where there is none.
    package func get<Record: StoredRecord>(_ type: Record.Type, _ key: UUID) throws -> Record? {
        let record = try all(type, where: "key = ?", [.uuid(key)]).first
        if let subject = record?.subject { try judge?.judge(subject, in: self) }
        return record
    }

    /// The records that a condition selects.
    ///
    /// `condition`: what follows `WHERE`.
    /// `order`: what follows `ORDER BY`.
    package func all<Record: StoredRecord>(
        _ type: Record.Type, where condition: StaticString = "1 = 1", _ values: [SQLValue] = [],
        order: StaticString = "key", limit: Int = Int(Int32.max)
    ) throws -> [Record] {
        guard !type.sealed.isEmpty else {
            let sql = ComposedSQL([
                "SELECT body FROM", type.noun, "WHERE", condition, "ORDER BY", order, "LIMIT ?",
            ])
            return try composedRows(sql, values + [.number(limit)]) { row in
                try decodeRecord(type, row.blob(0))
            }
        }
        return try sealedRecords(type, where: condition, values, order: order, limit: limit)
    }

    /// How many records a condition selects.
    package func count<Record: StoredRecord>(
        _ type: Record.Type, where condition: StaticString, _ values: [SQLValue]
    ) throws -> Int {
        let sql = ComposedSQL(["SELECT COUNT(*) FROM", type.noun, "WHERE", condition])
        return try composedRows(sql, values) { Int($0.integer(0)) }.first ?? 0
    }

    /// How far a peer's feed is applied here, and when it was last heard.
    package func feedState(_ name: String) throws -> FeedProgress {
        let heard = lastHeard(name)
        let stored = try rows(
            "SELECT position, entry_at, heard_at FROM feed WHERE name = ?", [.text(name)]
        ) { row in
            let noted = Timestamp(microseconds: row.integer(2))
            return FeedProgress(
                position: row.integer(0),
                entryAt: row.integerIfPresent(1).map(Timestamp.init(microseconds:)),
                heardAt: max(noted, heard ?? noted))
        }
        return stored.first ?? FeedProgress(position: 0, entryAt: nil, heardAt: heard)
    }
}

func decodeRecord<Record: StoredRecord>(
    _ type: Record.Type, _ body: [UInt8]
) throws(StorageError) -> Record {
    do {
        return try CBORDecoder().decode(type, from: body)
    } catch {
        throw .unreadable(noun: "\(type.noun)")
    }
}

/// A consistent view of what is committed, lent for the length of one closure.
package struct Snapshot: ~Copyable, Reading {
    let database: Database
    let around: Surroundings
    package let judge: (any FetchJudge)?

    package func lastHeard(_ name: String) -> Timestamp? { around.heard.last(name) }
    package var seals: Seals { around.seals }

    package func rows<Value>(
        _ sql: StaticString, _ values: [SQLValue], _ read: (ResultRow) throws -> Value
    ) throws -> [Value] {
        try fetch(database, "\(sql)", seals.bound(values), read)
    }

    package func composedRows<Value>(
        _ sql: ComposedSQL, _ values: [SQLValue], _ read: (ResultRow) throws -> Value
    ) throws -> [Value] {
        try fetch(database, sql.text, seals.bound(values), read)
    }

    /// What the journal has of one person, the oldest first.
    package func entries(
        about subject: UUID, after position: Int64, limit: Int
    ) throws -> [JournalEntry] {
        try JournalRows.page(database, about: subject, after: position, limit: limit)
    }
}

func fetch<Value>(
    _ database: Database, _ sql: String, _ values: [SQLValue], _ read: (ResultRow) throws -> Value
) throws -> [Value] {
    let statement = try database.cachedStatement(sql: sql)
    let cursor = try GRDB.Row.fetchCursor(
        statement, arguments: StatementArguments(values.map(\.databaseValue)))
    var result: [Value] = []
    while let row = try cursor.next() { result.append(try read(ResultRow(row: row))) }
    return result
}
