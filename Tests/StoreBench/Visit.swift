import Foundation
import Logging
import Storage
import Vocabulary

/// A record as services have them: columns for look-up, people in a side table, sealed words.
struct Visit: StoredRecord {
    static let noun: StaticString = "visit"
    static let columns: [StaticString] = ["person", "at"]
    static let sealed = [SealedPart(.counseling, ["words": .text])]
    static let sideTables = [
        SideTable<Visit>("visit_person", ["person"]) { [[.uuid($0.person)]] }
    ]
    let id: UUID
    let person: UUID
    let at: Int64
    let words: String
    var key: UUID { id }
    var subject: UUID? { person }
    var columnValues: [SQLValue] { [.uuid(person), .integer(at)] }

    private static let tables = Migration(
        """
        CREATE TABLE visit (
            key BLOB NOT NULL PRIMARY KEY, person BLOB NOT NULL, at BIGINT NOT NULL,
            body BLOB NOT NULL);
        CREATE INDEX visit_at ON visit (person, at);
        CREATE TABLE visit_person (
            record BLOB NOT NULL, person BLOB NOT NULL, PRIMARY KEY (record, person));
        """)

    static func store(in directory: String) throws -> Store {
        try Store(
            StoreConfiguration(
                directory: directory, name: "bench", journalKey: [UInt8](repeating: 7, count: 32),
                encryptionKey: [UInt8](repeating: 9, count: 32)),
            schema: Schema(migrations: [tables], records: [Visit.self]),
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Writes so many by keyed calls, of which so many wait at once.
    static func write(_ count: Int, waiting: Int, _ directory: String) async throws {
        let store = try store(in: directory)
        defer { store.close() }
        let people = (0..<50).map { _ in UUID() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                if number >= waiting { try await group.next() }
                group.addTask {
                    let time = Timestamp(microseconds: Int64(number))
                    let visit = Visit(
                        id: UUID(), person: people[number % people.count], at: Int64(number),
                        words: String(repeating: "w", count: 300))
                    let key = WriteKey(
                        key: .random(at: time), caller: "c", method: "visit.add",
                        digest: [UInt8](repeating: 1, count: 32))
                    _ = try await store.write(once: key, at: time) { transaction in
                        try transaction.put(visit, verb: "added", by: "somebody", at: time)
                        return [UInt8](repeating: 0, count: 30)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
