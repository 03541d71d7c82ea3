internal import CSQLite
internal import Crypto
internal import GRDB

/// Makes one number of each row of the tables, by the journal's key.
///
/// `term = HMAC-SHA256(key, table ‖ columns)`, with the table's name and every column preceded by
/// its kind and length, so that no two rows have the same bytes. The sum of a table's terms is
/// its digest: a row's change takes the old term off and puts the new one on, in whatever order.
/// This is MSet-Add-Hash of Clarke, Devadas, van Dijk, Gassend and Suh, "Incremental Multiset Hash
/// Functions and Their Application to Memory Integrity Checking" (ASIACRYPT 2003), after AdHash of
/// Bellare and Micciancio (EUROCRYPT 1997): without the key, and with the sums unseen
/// (``TablesSeal``), nobody finds other rows with the same sum.
struct RowHash: Sendable {
    private let keyed: HMAC<SHA256>

    init(key: SymmetricKey) { keyed = HMAC(key: key) }

    /// The rows of one table.
    func table(_ name: String) -> TableHash {
        var bytes: [UInt8] = []
        bytes.appendSized(name.utf8)
        var hash = keyed
        hash.update(data: bytes)
        return TableHash(begun: hash)
    }
}

/// ``RowHash`` of one table's rows.
struct TableHash: Sendable {
    fileprivate let begun: HMAC<SHA256>

    /// The term of a row.
    ///
    /// `value`: gives the column of a number, as SQLite has it; nil where it has none to give.
    /// Returns nil where a column could not be had.
    func term(columns: Int32, _ value: (Int32) -> OpaquePointer?) -> TableSum? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        for column in 0..<columns {
            guard let value = value(column) else { return nil }
            bytes.append(value)
        }
        var hash = begun
        hash.update(data: bytes)
        return TableSum(hash.finalize())
    }

    /// The sum over all rows that a statement gives.
    func sum(_ database: Database, _ sql: String) throws -> TableSum {
        let statement = try database.makeStatement(sql: sql)
        let rows = try GRDB.Row.fetchCursor(statement)
        let columns = Int32(statement.columnCount)
        var sum = TableSum()
        while try rows.next() != nil {
            let term = term(columns: columns) {
                sqlite3_column_value(statement.sqliteStatement, $0)
            }
            guard let term else { throw StorageError.failed("a row could not be read") }
            sum += term
        }
        return sum
    }
}

extension [UInt8] {
    fileprivate mutating func append(number: UInt64) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func appendSized(_ bytes: some Collection<UInt8>) {
        append(number: UInt64(bytes.count))
        append(contentsOf: bytes)
    }

    /// Appends a value of a column: its kind, and what it is.
    fileprivate mutating func append(_ value: OpaquePointer) {
        var kind = sqlite3_value_type(value)
        // SQLite keeps a whole number in a REAL column as an integer, and its hook may show it so.
        let isWhole =
            kind == SQLITE_FLOAT && Int64(exactly: sqlite3_value_double(value)) != nil
        if isWhole { kind = SQLITE_INTEGER }
        append(UInt8(truncatingIfNeeded: kind))
        switch kind {
        case SQLITE_NULL: break
        case SQLITE_INTEGER: append(number: UInt64(bitPattern: sqlite3_value_int64(value)))
        case SQLITE_FLOAT: append(number: sqlite3_value_double(value).bitPattern)
        default:
            let start = sqlite3_value_blob(value)
            let count = start == nil ? 0 : Int(sqlite3_value_bytes(value))
            appendSized(UnsafeRawBufferPointer(start: start, count: count))
        }
    }
}
