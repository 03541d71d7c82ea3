package import FoundationEssentials

/// A record that a service keeps: the newest state of one thing.
///
/// Its table has the columns `key`, those of `columns`, and `body`, the whole record as CBOR. A
/// statement finds rows by the columns; the record itself is read from the body.
package protocol StoredRecord: Codable, Sendable {
    /// The name of the table, and what the journal calls the record.
    static var noun: StaticString { get }
    /// The columns kept for look-up beside `key` and `body`.
    static var columns: [StaticString] { get }
    /// The values of `columns`, in the same order.
    var columnValues: [SQLValue] { get }
    var key: UUID { get }
    /// The participant it speaks of, so that the journal can answer for one person.
    var subject: UUID? { get }
    /// Where a statement finds it by things of which it has several; most records have none.
    static var sideTables: [SideTable<Self>] { get }
}

extension StoredRecord {
    package static var sideTables: [SideTable<Self>] { [] }
}

/// A table of look-up rows of which one record has any number, such as the people at a session.
///
/// It has the column `record`, which holds the record's key, and those of `columns`. The rows
/// follow from the record alone: each state of it replaces those of the state before, and they are
/// made again with it from the journal.
package struct SideTable<Record: Sendable>: Sendable {
    let name: StaticString
    let columns: [StaticString]
    let rows: @Sendable (Record) -> [[SQLValue]]

    /// Names the table, its columns beside `record`, and the rows of a record.
    ///
    /// `rows`: one element a row, each with the values of `columns` in the same order.
    package init(
        _ name: StaticString, _ columns: [StaticString],
        rows: @escaping @Sendable (Record) -> [[SQLValue]]
    ) {
        self.name = name
        self.columns = columns
        self.rows = rows
    }
}

/// One shipped change of the tables: SQL alone, so that no renaming in the program can change what
/// an old store becomes.
///
/// Migrations are history: append, never edit.
package struct Migration: Sendable {
    let sql: String

    package init(_ sql: String) { self.sql = sql }
}

/// The tables of one service.
package struct Schema: Sendable {
    let migrations: [Migration]
    let records: [any StoredRecord.Type]

    /// - Parameters:
    ///   - migrations: every change shipped so far, in order.
    ///   - records: the record types whose tables can be rebuilt from the journal.
    package init(migrations: [Migration], records: [any StoredRecord.Type]) {
        self.migrations = [.base] + migrations
        self.records = records
    }

    var version: Int { migrations.count }
}

extension Migration {
    /// The tables that every store has.
    static let base = Migration(
        """
        CREATE TABLE journal (
            position BIGINT NOT NULL PRIMARY KEY,
            at BIGINT NOT NULL,
            actor TEXT NOT NULL,
            noun TEXT NOT NULL,
            verb TEXT NOT NULL,
            key BLOB NOT NULL,
            subject BLOB,
            body BLOB NOT NULL,
            mac BLOB NOT NULL
        );
        CREATE INDEX journal_subject ON journal (subject, position) WHERE subject IS NOT NULL;
        CREATE TABLE write_once (
            caller TEXT NOT NULL,
            key BLOB NOT NULL,
            method TEXT NOT NULL,
            digest BLOB NOT NULL,
            answer BLOB NOT NULL,
            position BIGINT NOT NULL,
            PRIMARY KEY (caller, key)
        );
        CREATE TABLE feed (
            name TEXT NOT NULL PRIMARY KEY,
            position BIGINT NOT NULL,
            heard_at BIGINT NOT NULL
        );
        """)
}
