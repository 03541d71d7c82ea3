import Foundation
import Storage
import TestKit
import Testing
import Vocabulary

@Suite("The seal of the tables over changes of the program and the keys", .timeLimit(.minutes(2)))
struct TablesUpgradeTests {
    private let directory: TemporaryDirectory
    private let old: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        old = try TemporaryDirectory()
    }

    private func tamper() throws -> Tamper {
        let key = try old.write("journal.key", String(repeating: "07", count: 32))
        return Tamper(store: directory.path + "/test.sqlite", key: key)
    }

    /// A store with some records, closed.
    private func filled() async throws {
        let store = try SealedNote.store(in: directory)
        for number in 0..<5 {
            try await store.put(Note("\(number)", "a b"))
            try await store.put(SealedNote())
        }
        store.close()
    }

    private func failure(more: [Migration] = []) -> StorageError? {
        do {
            try SealedNote.store(in: directory, more: more).close()
            return nil
        } catch {
            return error as? StorageError
        }
    }

    @Test("is made once for a store from before, and the journal says so")
    func before() async throws {
        try await filled()
        try tamper().run(.before, seed: 1)
        for file in TemporaryDirectory.storeFiles { try directory.copy(file, to: old) }
        for _ in 1...2 {
            let store = try SealedNote.store(in: directory)
            try await store.verifyTables()
            let entries = try await store.entries(after: 10, limit: 9)
            #expect(entries.map(\.noun) == ["store"])
            #expect(entries.map(\.verb) == ["sealed"])
            #expect(try await store.verifyChain() == ChainReport(entries: 11, brokenAt: nil))
            store.close()
        }
    }

    @Test("cannot be had anew by who makes a store look as from before")
    func forgedBefore() async throws {
        try await filled()
        // Without the journal's key the head file stays as it is.
        let head = try #require(directory.bytes("test.head"))
        try tamper().run(.before, seed: 1)
        try head.write(to: URL(fileURLWithPath: directory.path + "/test.head"))
        #expect(failure() == .tablesUnsealed)
    }

    @Test("cannot be had anew either by a head file from before, once the journal tells of it")
    func olderHead() async throws {
        try await filled()
        try tamper().run(.before, seed: 1)
        try directory.copy("test.head", to: old)
        #expect(failure() == nil)
        try tamper().run(.before, seed: 1)
        try old.copy("test.head", to: directory)
        try tamper().run(.column, seed: 1, table: "note")
        #expect(failure() == .tablesUnsealed)
    }

    @Test("must be there without a journal too, where there are rows or was a head file")
    func emptyJournal() async throws {
        let store = try SealedNote.store(in: directory)
        _ = try await store.write { try $0.putCopy(Note("of a peer")) }
        store.close()
        let head = directory.path + "/test.head"
        try FileManager.default.removeItem(atPath: head)
        #expect(failure() == .headMissing(path: head))
        try tamper().run(.unseal, seed: 1)
        #expect(failure() == .tablesUnsealed)
    }

    @Test("fits after a migration that changes rows and columns, and shows what came before it")
    func migrated() async throws {
        try await filled()
        let more = [
            Migration(
                """
                ALTER TABLE note ADD COLUMN size BIGINT;
                UPDATE note SET size = length(title);
                CREATE TABLE other (id BIGINT);
                INSERT INTO other VALUES (1);
                DROP TABLE sealed_note_nik;
                CREATE TABLE sealed_note_nik (record BLOB NOT NULL, nik BLOB NOT NULL);
                """)
        ]
        for file in TemporaryDirectory.storeFiles { try directory.copy(file, to: old) }
        for _ in 1...2 {
            let store = try SealedNote.store(in: directory, more: more)
            try await store.verifyTables()
            for note in try await store.read({ try $0.all(Note.self) }) {
                try await store.put(note)
            }
            try await store.verifyTables()
            store.close()
        }
        for file in TemporaryDirectory.storeFiles { try old.copy(file, to: directory) }
        try tamper().run(.remove, seed: 1, table: "note_word")
        #expect(failure(more: more) == .tablesAltered(["note_word"]))
        let store = try SealedNote.store(in: directory, more: more) { $0.remakesTables = true }
        #expect(try await store.rebuild().contains("note_word"))
        store.close()
        #expect(failure(more: more) == nil)
    }

    @Test("fits where a column was added with a default, which SQLite keeps in no row before")
    func defaults() async throws {
        try await filled()
        let more = [
            Migration(
                """
                ALTER TABLE note ADD COLUMN size BIGINT NOT NULL DEFAULT 3;
                ALTER TABLE note ADD COLUMN weight REAL NOT NULL DEFAULT 2;
                """)
        ]
        let store = try SealedNote.store(in: directory, more: more)
        try await store.verifyTables()
        for var note in try await store.read({ try $0.all(Note.self) }) {
            note.text = "later"
            try await store.put(note)
        }
        try await store.put(Note("new"))
        try await store.verifyTables()
        store.close()
    }

    @Test("goes back with a restored backup, where that is accepted")
    func restored() async throws {
        try await filled()
        for file in TemporaryDirectory.storeFiles { try directory.copy(file, to: old) }
        let store = try SealedNote.store(in: directory)
        for _ in 0..<9 { try await store.put(SealedNote()) }
        store.close()
        try old.copy("test.sqlite", to: directory)
        guard case .cutOff = failure() else {
            Issue.record("an older copy was let in")
            return
        }
        let restored = try SealedNote.store(in: directory) { $0.restoreAcceptedAt = now }
        try await restored.verifyTables()
        try await restored.put(SealedNote())
        restored.close()
        let again = try SealedNote.store(in: directory)
        try await again.verifyTables()
        again.close()
    }

    /// What a store does itself beside records.
    @Test("fits after arbitrary operations: it is what the rows come to", arguments: 1...6)
    func random(seed: UInt64) async throws {
        var dice = SplitMix(state: seed)
        var people = (0..<4).map { _ in UUID() }
        var store = try SealedNote.store(in: directory)
        for step in 0..<120 {
            let person = people[Int.random(in: 0..<people.count, using: &dice)]
            switch Int.random(in: 0..<12, using: &dice) {
            case 0, 1: try await store.put(SealedNote(of: person, nik: "\(step % 7)"))
            case 2: try await store.put(Note("\(step)", "a b c"))
            case 3:
                let known = try await store.read { try $0.all(Note.self) }
                guard var note = known.randomElement(using: &dice) else { continue }
                note.text = "step \(step)"
                try await store.put(note)
            case 4: try await store.erase(.identity, of: person)
            case 5: _ = try await store.write { try $0.putCopy(Note("copy \(step)")) }
            case 6:
                _ = try await store.write {
                    try $0.setFeed("peer", position: Int64(step), heardAt: now)
                }
            case 7:
                let head = JournalHead(at: Int64(step), mac: [UInt8](repeating: 1, count: 32))
                _ = try await store.write {
                    try $0.setWitnessed("other", WitnessedHead(head: head, at: now))
                }
            case 8:
                let key = WriteKey(
                    key: .random(at: now), caller: "c", method: "m", digest: [UInt8(step)])
                // Some are forgotten with each that is kept.
                let time = Timestamp(microseconds: Int64(step) * 864_000_000_000)
                _ = try await store.write(once: key, at: time) { _ in [1] }
            case 9: try await store.rebuild()
            case 10:
                try store.changeEncryptionKey(to: [UInt8](repeating: UInt8(step), count: 32))
                store.close()
                store = try SealedNote.store(in: directory) {
                    $0.encryptionKey = [UInt8](repeating: UInt8(step), count: 32)
                }
                people.append(UUID())
            default:
                // In one batch, of which one must fail.
                let open = store
                async let one = open.put(Note("same"))
                async let other = open.put(Note("same"))
                _ = try? await (one, other)
            }
            if step % 5 == 0 { try await store.verifyTables() }
        }
        try await store.verifyTables()
        store.close()
    }
}
