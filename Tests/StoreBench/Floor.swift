import CSQLite
import Foundation

/// SQLite alone: the rows of a ``Visit`` as long as the store's, with nothing worked out.
final class Floor {
    private var database: OpaquePointer?
    private var inserts: [(statement: OpaquePointer?, columns: [Column])] = []

    private enum Column {
        case number
        case text(String)
        case bytes(Int)
        /// The number of the write, as the first of so many bytes.
        case key(Int)
    }

    struct Problem: Error { let code: Int32 }

    init(in directory: String) throws {
        try check(sqlite3_open(directory + "/bench.sqlite", &database))
        for pragma in ["wal_autocheckpoint = 0", "synchronous = FULL", "secure_delete = 1"] {
            try run("PRAGMA \(pragma)")
        }
        try prepare(
            "journal (position, at, actor, noun, verb, key, subject, body, mac)",
            [
                .number, .number, .text("somebody"), .text("visit"), .text("added"), .key(16),
                .key(16), .bytes(420), .bytes(32),
            ])
        try prepare(
            "visit (key, person, at, body)", [.key(16), .key(16), .number, .bytes(420)])
        try prepare("visit_person (record, person)", [.key(16), .key(16)])
        try prepare(
            "write_once (caller, key, method, digest, answer, position, at)",
            [
                .text("c"), .key(16), .text("visit.add"), .bytes(32), .bytes(66), .number, .number,
            ])
    }

    deinit {
        for (statement, _) in inserts { sqlite3_finalize(statement) }
        sqlite3_close(database)
    }

    /// Writes so many, so many in one commit; moves them out of the log as often as a store.
    func write(_ count: Int, batch: Int) throws {
        var changes = 0
        for first in stride(from: 0, to: count, by: batch) {
            try run("BEGIN IMMEDIATE")
            for number in first..<min(count, first + batch) {
                for insert in inserts { try step(insert, number) }
                changes += inserts.count
            }
            try run("COMMIT")
            guard changes >= 1000 else { continue }
            changes = 0
            try run("PRAGMA wal_checkpoint(PASSIVE)")
        }
    }

    private func step(
        _ insert: (statement: OpaquePointer?, columns: [Column]), _ number: Int
    ) throws {
        for (place, column) in insert.columns.enumerated() {
            let place = Int32(place + 1)
            switch column {
            case .number: sqlite3_bind_int64(insert.statement, place, Int64(number + 1))
            case .text(let text): bind(Array(text.utf8), isText: true, insert.statement, place)
            case .bytes(let count): bind(.init(repeating: 5, count: count), insert.statement, place)
            case .key(let count):
                // As far apart as random ones.
                let spread = UInt64(number + 1) &* 0x9e37_79b9_7f4a_7c15
                let key = withUnsafeBytes(of: spread.bigEndian) { Array($0) }
                bind(key + [UInt8](repeating: 0, count: count - 8), insert.statement, place)
            }
        }
        guard sqlite3_step(insert.statement) == SQLITE_DONE else {
            throw Problem(code: sqlite3_errcode(database))
        }
        sqlite3_reset(insert.statement)
    }

    private func bind(
        _ bytes: [UInt8], isText: Bool = false, _ statement: OpaquePointer?, _ place: Int32
    ) {
        // SQLite takes a copy.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        bytes.withUnsafeBytes { bytes in
            let start = bytes.bindMemory(to: CChar.self).baseAddress
            _ =
                isText
                ? sqlite3_bind_text(statement, place, start, Int32(bytes.count), copied)
                : sqlite3_bind_blob(statement, place, start, Int32(bytes.count), copied)
        }
    }

    private func prepare(_ table: String, _ columns: [Column]) throws {
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        var statement: OpaquePointer?
        try check(
            sqlite3_prepare_v2(
                database, "INSERT INTO \(table) VALUES (\(marks))", -1, &statement, nil))
        inserts.append((statement, columns))
    }

    private func run(_ sql: String) throws { try check(sqlite3_exec(database, sql, nil, nil, nil)) }

    private func check(_ code: Int32) throws {
        guard code == SQLITE_OK else { throw Problem(code: code) }
    }
}
