package import FoundationEssentials

/// A record that a service keeps: the newest state of one thing.
///
/// Its table has the columns `key`, those of `columns`, and `body`, the whole record as CBOR. A
/// statement finds rows by the columns; the record itself is read from the body, of which what is
/// sensitive is sealed (``SealedPart``).
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
    /// What of it is sealed on the disk, one part a section; most records about nobody have none.
    ///
    /// A type that has parts has had them since it was first stored: what lies there in plain text
    /// is refused.
    static var sealed: [SealedPart] { get }
    /// Whose data keys seal it, and so with whose erasure it goes: its subject, where it says
    /// nothing else.
    var keyOwner: UUID? { get }
    /// Where a statement finds it by things of which it has several; most records have none.
    static var sideTables: [SideTable<Self>] { get }
}

extension StoredRecord {
    package static var sealed: [SealedPart] { [] }
    package var keyOwner: UUID? { subject }
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
