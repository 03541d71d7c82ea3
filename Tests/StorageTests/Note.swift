import Foundation
import Logging
import Storage
import TestKit
import Vocabulary

/// What the tests of the store keep in it.
struct Note: StoredRecord, Hashable {
    static let noun: StaticString = "note"
    static let columns: [StaticString] = ["title"]
    var id: UUID
    var title: String
    var text: String
    var key: UUID { id }
    var subject: UUID? { nil }
    var columnValues: [SQLValue] { [.text(title)] }
    /// The words of the text, each once.
    static let sideTables = [
        SideTable<Note>("note_word", ["word"]) { note in
            Set(note.text.split(separator: " ")).map { [.text(String($0))] }
        }
    ]

    init(_ title: String, _ text: String = "", id: UUID = UUID()) {
        self.id = id
        self.title = title
        self.text = text
    }

    static let table = Migration(
        """
        CREATE TABLE note (key BLOB NOT NULL PRIMARY KEY, title TEXT NOT NULL, body BLOB NOT NULL);
        CREATE UNIQUE INDEX note_title ON note (title);
        CREATE TABLE note_word (
            record BLOB NOT NULL, word TEXT NOT NULL, PRIMARY KEY (record, word));
        """)

    /// A store of notes.
    static func store(
        in directory: TemporaryDirectory, migrations: [Migration] = [table],
        settle: (inout StoreConfiguration) -> Void = { _ in },
        onFatal: @escaping @Sendable (String) -> Void = Store.stopProcess
    ) throws -> Store {
        var configuration = StoreConfiguration(
            directory: directory.path, name: "test", journalKey: [UInt8](repeating: 7, count: 32),
            encryptionKey: [UInt8](repeating: 9, count: 32))
        settle(&configuration)
        return try Store(
            configuration, schema: Schema(migrations: migrations, records: [Note.self]),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, onFatal: onFatal)
    }
}

struct Refusal: Error, Equatable {}

let now = Timestamp(microseconds: 1)

extension Store {
    @discardableResult
    func put(_ note: Note) async throws -> Committed<Bool> {
        try await write { transaction in
            try transaction.put(note, verb: "written", by: "tester", at: now)
            return true
        }
    }
}

extension TemporaryDirectory {
    static let storeFiles = ["test.sqlite", "test.sqlite-wal", "test.head", "test.keys"]

    /// The bytes of a file; nil where it is missing.
    func bytes(_ file: String) -> Data? { FileManager.default.contents(atPath: "\(path)/\(file)") }

    /// Puts a file as it is here into another directory, or removes it there too.
    func copy(_ file: String, to other: TemporaryDirectory) throws {
        let target = URL(fileURLWithPath: "\(other.path)/\(file)")
        try? FileManager.default.removeItem(at: target)
        try bytes(file)?.write(to: target)
    }
}
