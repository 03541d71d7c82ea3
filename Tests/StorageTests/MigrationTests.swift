import Foundation
import Storage
import TestKit
import Testing

@Suite("Migrations", .timeLimit(.minutes(1)))
struct MigrationTests {
    private let directory: TemporaryDirectory
    private let more = Migration("CREATE TABLE more (id BIGINT);")

    init() throws { directory = try TemporaryDirectory() }

    private var files: [Data?] { TemporaryDirectory.storeFiles.map(directory.bytes) }

    @Test("that are appended are applied, and keep what was there")
    func appended() async throws {
        let first = try Note.store(in: directory)
        try await first.put(Note("one"))
        first.close()
        let second = try Note.store(in: directory, migrations: [Note.table, more])
        #expect(try await second.read { try $0.all(Note.self) }.map(\.title) == ["one"])
        second.close()
    }

    @Test("of a newer program keep an older one out, and it touches nothing")
    func newer() async throws {
        let store = try Note.store(in: directory, migrations: [Note.table, more])
        try await store.put(Note("one"))
        store.close()
        let before = files
        #expect(throws: StorageError.newerSchema(found: 6, known: 5)) {
            try Note.store(in: directory)
        }
        #expect(files == before)
    }

    @Test("of a newer program are seen also where only the log has them")
    func newerInLog() async throws {
        let store = try Note.store(in: directory, migrations: [Note.table, more])
        try await store.put(Note("one"))
        let copy = try TemporaryDirectory()
        for file in TemporaryDirectory.storeFiles { try directory.copy(file, to: copy) }
        store.close()
        let before = TemporaryDirectory.storeFiles.map(copy.bytes)
        #expect(throws: StorageError.newerSchema(found: 6, known: 5)) {
            try Note.store(in: copy)
        }
        #expect(TemporaryDirectory.storeFiles.map(copy.bytes) == before)
    }

    @Test("that were edited after they were applied are refused, and nothing is touched")
    func edited() async throws {
        let store = try Note.store(in: directory, migrations: [Note.table, more])
        store.close()
        let before = files
        let other = Migration("CREATE TABLE more (id BIGINT, name TEXT);")
        #expect(throws: StorageError.migrationEdited(owner: "service", number: 2)) {
            try Note.store(in: directory, migrations: [Note.table, other])
        }
        #expect(throws: StorageError.migrationEdited(owner: "service", number: 1)) {
            try Note.store(in: directory, migrations: [more, Note.table])
        }
        #expect(files == before)
        try Note.store(in: directory, migrations: [Note.table, more]).close()
    }

    @Test("that fail leave the store as it was")
    func failing() async throws {
        let first = try Note.store(in: directory)
        try await first.put(Note("one"))
        first.close()
        let bad = Migration("CREATE TABLE half (id BIGINT); INSERT INTO nothing VALUES (1);")
        #expect(throws: StorageError.self) {
            try Note.store(in: directory, migrations: [Note.table, bad])
        }
        let second = try Note.store(in: directory, migrations: [Note.table, more])
        #expect(second.position == 1)
        second.close()
    }
}
