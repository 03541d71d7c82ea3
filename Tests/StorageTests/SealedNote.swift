import Foundation
import Logging
import Storage
import TestKit
import Vocabulary

/// A record with sealed fields in two sections, and a column that is looked up by a fingerprint.
struct SealedNote: StoredRecord, Hashable {
    static let noun: StaticString = "sealed_note"
    static let columns: [StaticString] = ["person", "nik"]
    static let sealed = [
        SealedPart(.identity, ["name": .text, "nik": .absent]),
        SealedPart(.counseling, ["said": .text]),
    ]
    let id: UUID
    let person: UUID
    var name: String
    var nik: String?
    var said: String
    var key: UUID { id }
    var subject: UUID? { person }
    var columnValues: [SQLValue] {
        [.uuid(person), nik.map { .fingerprint(use: "nik", $0) } ?? .null]
    }
    static let sideTables = [
        SideTable<SealedNote>("sealed_note_nik", ["nik"]) { note in
            note.nik.map { [[.fingerprint(use: "nik", $0)]] } ?? []
        }
    ]

    init(
        of person: UUID = UUID(), name: String = "a name", nik: String? = nil,
        said: String = "said", id: UUID = UUID()
    ) {
        self.id = id
        self.person = person
        self.name = name
        self.nik = nik
        self.said = said
    }

    /// As it is read once sections are erased.
    func erased(_ sections: Section...) -> SealedNote {
        var note = self
        if sections.contains(.identity) {
            note.name = "erased"
            note.nik = nil
        }
        if sections.contains(.counseling) { note.said = "erased" }
        return note
    }
}

/// A record that says nothing without its sealed field.
struct SealedScore: StoredRecord, Hashable {
    static let noun: StaticString = "sealed_score"
    static let columns: [StaticString] = []
    static let sealed = [SealedPart(.clinical, wholeWith: ["value"])]
    var id = UUID()
    let person: UUID
    var value: Int
    var key: UUID { id }
    var subject: UUID? { person }
    var columnValues: [SQLValue] { [] }
}

extension SealedNote {
    static let tables = Migration(
        """
        CREATE TABLE sealed_note (
            key BLOB NOT NULL PRIMARY KEY, person BLOB NOT NULL, nik BLOB, body BLOB NOT NULL);
        CREATE TABLE sealed_note_nik (record BLOB NOT NULL, nik BLOB NOT NULL);
        CREATE TABLE sealed_score (key BLOB NOT NULL PRIMARY KEY, body BLOB NOT NULL);
        """)

    /// A store of such notes, and of plain ones.
    static func store(
        in directory: TemporaryDirectory, _ name: String = "test", more: [Migration] = [],
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        settle: (inout StoreConfiguration) -> Void = { _ in },
        onFatal: @escaping @Sendable (String) -> Void = Store.stopProcess
    ) throws -> Store {
        var configuration = StoreConfiguration(
            directory: directory.path, name: name, journalKey: [UInt8](repeating: 7, count: 32),
            encryptionKey: [UInt8](repeating: 9, count: 32))
        settle(&configuration)
        return try Store(
            configuration,
            schema: Schema(
                migrations: [Note.table, tables] + more,
                records: [Note.self, SealedNote.self, SealedScore.self]),
            logger: logger, onFatal: onFatal)
    }
}

extension Store {
    @discardableResult
    func put<Record: StoredRecord>(_ record: Record) async throws -> Committed<Bool> {
        try await write { transaction in
            try transaction.put(record, verb: "written", by: "tester", at: now)
            return true
        }
    }

    @discardableResult
    func erase(
        _ section: Section, of person: UUID, holds: [String] = [], by actor: String = "officer"
    ) async throws -> Erasure {
        try await write { transaction in
            try transaction.erase(
                section, of: person, ground: "request 12", holds: holds, by: actor, at: now)
        }.value
    }

    func erasures(of person: UUID) async throws -> [Erasure] {
        try await read { try $0.erasures(of: person) }
    }

    func note(_ id: UUID) async throws -> SealedNote? {
        try await read { try $0.get(SealedNote.self, id) }
    }
}

extension TemporaryDirectory {
    static let databaseFiles = ["test.sqlite", "test.sqlite-wal", "test.head"]

    /// Every file in it, by name.
    var files: [String: Data] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: path).reduce(into: [:]) {
                $0[$1] = bytes($1)
            }
        }
    }
}

/// The note as a program before there were keys has it.
struct PlainNote: StoredRecord {
    static let noun = SealedNote.noun
    static let columns: [StaticString] = ["person"]
    let id: UUID
    let person: UUID
    let name: String
    let nik: String?
    let said: String
    var key: UUID { id }
    var subject: UUID? { person }
    var columnValues: [SQLValue] { [.uuid(person)] }

    init(_ note: SealedNote) {
        id = note.id
        person = note.person
        name = note.name
        nik = note.nik
        said = note.said
    }

    static func store(in directory: TemporaryDirectory) throws -> Store {
        try Store(
            StoreConfiguration(
                directory: directory.path, name: "test",
                journalKey: [UInt8](repeating: 7, count: 32),
                encryptionKey: [UInt8](repeating: 9, count: 32)),
            schema: Schema(migrations: [Note.table, SealedNote.tables], records: [PlainNote.self]),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}
