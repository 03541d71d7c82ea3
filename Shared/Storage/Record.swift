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
}
