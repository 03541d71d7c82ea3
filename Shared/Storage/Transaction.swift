internal import CBOR
package import FoundationEssentials
internal import GRDB
internal import NIOCore
package import Vocabulary

/// The right to change a store, lent for the length of one closure.
///
/// It cannot be kept or awaited in. What it did is kept whole or not at all.
package struct Transaction: ~Copyable, Reading {
    let database: Database
    let journal: JournalAppender
    let around: Surroundings
    package let judge: (any FetchJudge)?

    package func lastHeard(_ name: String) -> Timestamp? { around.heard.last(name) }

    package var seals: Seals {
        var seals = around.seals
        seals.pending = journal.erasures
        return seals
    }

    var schema: Schema { around.schema }

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

    /// Stores the new state of a record: an entry in the journal, and the rows of its tables.
    ///
    /// `verb`: what happened, in the past tense, such as `registered`.
    /// `actor`: who did it.
    package func put<Record: StoredRecord>(
        _ record: Record, verb: StaticString, by actor: String, at time: Timestamp
    ) throws {
        let body = try seals.body(of: record, version: journal.head.position + 1)
        try journal.append(
            database, noun: "\(Record.noun)", verb: "\(verb)", key: record.key,
            subject: record.subject, body: body, actor: actor, at: time)
        try upsert(record, body)
        if let subject = record.subject { try judge?.judge(subject, in: self) }
    }

    /// Appends what has no table: it is found by its subject alone, in the journal.
    package func note(
        _ body: some Encodable, noun: StaticString, verb: String, key: UUID, subject: UUID?,
        by actor: String, at time: Timestamp
    ) throws {
        let bytes = Array(try CBOREncoder().encode(body).readableBytesView)
        try journal.append(
            database, noun: "\(noun)", verb: verb, key: key, subject: subject, body: bytes,
            actor: actor, at: time)
    }

    /// Stores a peer's fact: a row, but no entry, because the peer's journal has it.
    package func putCopy<Record: StoredRecord>(_ record: Record) throws {
        try upsert(record, seals.body(of: record, version: 0))
    }

    /// Notes how far a peer's feed is applied; in the same transaction as what it brought.
    ///
    /// `entryAt`: when the entry at that position happened at the peer.
    package func setFeed(
        _ name: String, position: Int64, entryAt: Timestamp? = nil, heardAt: Timestamp
    ) throws {
        try run(
            database,
            """
            INSERT INTO feed (name, position, entry_at, heard_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET
                position = excluded.position, entry_at = excluded.entry_at,
                heard_at = excluded.heard_at
            """, [.text(name), .integer(position), .time(entryAt), .time(heardAt)])
    }
}

/// Appends to the journal, and knows its end.
///
/// Only the writer's thread uses it.
final class JournalAppender {
    private let chain: JournalChain
    let tables: TableSums
    var head: JournalHead
    /// Keys to destroy once the commit under way is on the disk.
    private(set) var erasures = PendingErasures()

    init(chain: JournalChain, head: JournalHead, tables: TableSums) {
        self.chain = chain
        self.head = head
        self.tables = tables
    }

    var mark: StoreMark { StoreMark(head: head, seals: tables.seals) }

    func append(
        _ database: Database, noun: String, verb: String, key: UUID, subject: UUID?,
        body: [UInt8], actor: String, at time: Timestamp
    ) throws {
        let position = head.position + 1
        let mac = chain.mac(
            after: head.mac, position: position, at: time, actor: actor, noun: noun, verb: verb,
            key: key, subject: subject, body: body)
        try run(
            database,
            """
            INSERT INTO journal (position, at, actor, noun, verb, key, subject, body, mac)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(position), .time(time), .text(actor), .text(noun), .text(verb),
                .uuid(key), subject.map(SQLValue.uuid) ?? .null, .blob(body), .blob(mac),
            ])
        head = JournalHead(position: position, mac: mac)
    }

    /// Appends what the store does itself.
    func appendOwn(
        _ database: Database, _ note: some Encodable, verb: String, at time: Timestamp
    ) throws {
        try append(
            database, noun: StoreWords.noun, verb: verb,
            key: IdempotencyKey.random(at: time).uuid, subject: nil,
            body: Array(try CBOREncoder().encode(note).readableBytesView), actor: "store", at: time)
    }

    /// Seals the tables as they now are; last in a transaction.
    func seal(_ database: Database) throws { try tables.seal(database, at: head) }
}

func run(_ database: Database, _ sql: String, _ values: [SQLValue]) throws {
    try database.cachedStatement(sql: sql).execute(
        arguments: StatementArguments(values.map(\.databaseValue)))
}

/// What stands beside the database for whoever reads or writes.
struct Surroundings: Sendable {
    let heard: HeardTimes
    let seals: Seals
    let schema: Schema
}

extension JournalAppender {
    /// Everything that an operation changes, to be taken back where it fails.
    struct State {
        fileprivate let head: JournalHead
        fileprivate let erasures: PendingErasures
        fileprivate let tables: TableSums.State
    }

    var state: State { State(head: head, erasures: erasures, tables: tables.state) }

    func goBack(to state: State) {
        head = state.head
        erasures = state.erasures
        tables.goBack(to: state.tables)
    }

    /// Notes that a key goes with the commit under way.
    func destroyKeys(of name: KeyName, _ generation: Int64, in keys: KeyRing) {
        erasures.generations[name] = generation
        erasures.numbers.insert(keys.number(of: name, generation))
    }

    /// Says that all that was to be destroyed is.
    func forgetErasures() { erasures = PendingErasures() }
}

extension Transaction {
    /// Puts the rows of a record in the place of those it had.
    func upsert<Record: StoredRecord>(_ record: Record, _ body: [UInt8]) throws {
        let columns = Record.columns.map { "\($0)" }
        let names = (["key"] + columns + ["body"]).joined(separator: ", ")
        let marks = Array(repeating: "?", count: columns.count + 2).joined(separator: ", ")
        let updates = (columns + ["body"]).map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        try run(
            database,
            """
            INSERT INTO \(Record.noun) (\(names)) VALUES (\(marks))
            ON CONFLICT (key) DO UPDATE SET \(updates)
            """, [.uuid(record.key)] + seals.bound(record.columnValues) + [.blob(body)])
        for table in Record.sideTables { try refill(table, of: record) }
    }

    /// Puts the rows that a record has in a side table in the place of those it had.
    private func refill<Record: StoredRecord>(
        _ table: SideTable<Record>, of record: Record
    ) throws {
        let key = SQLValue.uuid(record.key)
        try run(database, "DELETE FROM \(table.name) WHERE record = ?", [key])
        let names = (["record"] + table.columns.map { "\($0)" }).joined(separator: ", ")
        let marks = Array(repeating: "?", count: table.columns.count + 1).joined(separator: ", ")
        for row in table.rows(record) {
            try run(
                database, "INSERT INTO \(table.name) (\(names)) VALUES (\(marks))",
                [key] + seals.bound(row))
        }
    }

    /// Takes a record out of its tables.
    func remove<Record: StoredRecord>(_ type: Record.Type, _ key: UUID) throws {
        try run(database, "DELETE FROM \(type.noun) WHERE key = ?", [.uuid(key)])
        for table in type.sideTables {
            try run(database, "DELETE FROM \(table.name) WHERE record = ?", [.uuid(key)])
        }
    }
}
