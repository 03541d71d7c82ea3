package import FoundationEssentials
internal import GRDB
package import Vocabulary

/// A value to bind to a statement or to read from a row.
package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
    /// Stands in its column as a keyed fingerprint: found by who knows the text, told to nobody.
    ///
    /// `use`: what the column holds, so that equal texts in two columns do not look alike.
    case fingerprint(use: String, String)

    /// A time as microseconds, so that it sorts and compares in the database.
    package static func time(_ time: Timestamp?) -> SQLValue {
        time.map { .integer($0.microseconds) } ?? .null
    }

    /// A date as days since 1970-01-01.
    package static func day(_ day: Day?) -> SQLValue {
        day.map { .integer(Int64($0.number)) } ?? .null
    }

    package static func id<Kind>(_ id: Identifier<Kind>?) -> SQLValue {
        id.map { .uuid($0.uuid) } ?? .null
    }

    package static func uuid(_ uuid: UUID) -> SQLValue {
        .blob(withUnsafeBytes(of: uuid.uuid) { Array($0) })
    }

    package static func number(_ number: Int) -> SQLValue { .integer(Int64(number)) }
    package static func flag(_ flag: Bool) -> SQLValue { .integer(flag ? 1 : 0) }
    package static func optional(_ text: String?) -> SQLValue { text.map(SQLValue.text) ?? .null }

    var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .real(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .blob(let value): Data(value).databaseValue
        // Never in plain text: whoever binds it has turned it into bytes.
        case .fingerprint: .null
        }
    }
}

/// One row of an answer, its columns by position.
///
/// A value of another kind than is asked for counts as none: whoever altered the file must not end
/// the process with it.
package struct ResultRow {
    let row: GRDB.Row

    package func integer(_ column: Int) -> Int64 { integerIfPresent(column) ?? 0 }
    package func integerIfPresent(_ column: Int) -> Int64? { Int64.fromDatabaseValue(row[column]) }
    package func text(_ column: Int) -> String { textIfPresent(column) ?? "" }
    package func textIfPresent(_ column: Int) -> String? { String.fromDatabaseValue(row[column]) }
    package func blob(_ column: Int) -> [UInt8] {
        Data.fromDatabaseValue(row[column]).map(Array.init) ?? []
    }

    /// Sixteen bytes as a UUID; nil where the column holds anything else.
    package func uuid(_ column: Int) -> UUID? {
        let bytes = blob(column)
        guard bytes.count == 16 else { return nil }
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
