import Foundation
import Storage
import Synchronization
import TestKit
import Testing
import Vocabulary

/// Why a store would have ended its process.
private final class Reason: Sendable {
    let text = Mutex<String?>(nil)
}

@Suite("An erasure", .timeLimit(.minutes(1)))
struct ErasureTests {
    private let directory: TemporaryDirectory
    private let backup: TemporaryDirectory
    private let person = UUID()

    init() throws {
        directory = try TemporaryDirectory()
        backup = try TemporaryDirectory()
    }

    private func notes(in store: Store) async throws -> Set<SealedNote> {
        try await store.read { Set(try $0.all(SealedNote.self)) }
    }

    @Test("takes one section of one person, everywhere it can be read, and nothing else")
    func section() async throws {
        let store = try SealedNote.store(in: directory)
        let (one, two) = (SealedNote(of: person, nik: "1"), SealedNote(of: person, nik: "2"))
        let other = SealedNote(nik: "3", said: "other")
        for note in [one, two, other] { try await store.put(note) }
        let erasure = try await store.erase(.counseling, of: person)
        let expected: Set = [one.erased(.counseling), two.erased(.counseling), other]
        #expect(try await notes(in: store) == expected)
        let entries = try await store.entries(after: 0, limit: 9)
        #expect(entries.map(\.noun) == ["sealed_note", "sealed_note", "sealed_note", "store"])
        #expect(entries.last?.verb == "erased")
        #expect(entries.last?.actor == "officer")
        #expect(entries.last?.subject == person)
        for entry in entries.prefix(2) {
            let text = String(decoding: entry.body, as: UTF8.self)
            #expect(
                text.contains("erased") && text.contains("a name") && !text.contains("said\u{64}"))
        }
        #expect(try await store.erasures(of: person) == [erasure])
        #expect(erasure.ground == "request 12")
        try await store.rebuild()
        #expect(try await notes(in: store) == expected)
        #expect(try await store.erasures(of: person) == [erasure])
        #expect(try await store.verifyChain() == ChainReport(entries: 4, brokenAt: nil))
        store.close()
        let again = try SealedNote.store(in: directory)
        #expect(try await notes(in: again) == expected)
        again.close()
    }

    @Test("takes what the columns and side tables could be found by")
    func columns() async throws {
        let store = try SealedNote.store(in: directory)
        let note = SealedNote(of: person, nik: "1")
        try await store.put(note)
        func rows(_ sql: StaticString) async throws -> [Int64] {
            try await store.read { try $0.rows(sql, []) { $0.integer(0) } }
        }
        #expect(try await rows("SELECT COUNT(*) FROM sealed_note WHERE nik IS NOT NULL") == [1])
        #expect(try await rows("SELECT COUNT(*) FROM sealed_note_nik") == [1])
        try await store.erase(.identity, of: person)
        #expect(try await rows("SELECT COUNT(*) FROM sealed_note WHERE nik IS NOT NULL") == [0])
        #expect(try await rows("SELECT COUNT(*) FROM sealed_note_nik") == [0])
        store.close()
    }

    @Test("leaves a record out that says nothing without the section, in lists, feeds and rebuilds")
    func leftOut() async throws {
        let store = try SealedNote.store(in: directory)
        let (mine, other) = (
            SealedScore(person: person, value: 3), SealedScore(person: UUID(), value: 4)
        )
        try await store.put(mine)
        try await store.put(other)
        try await store.erase(.clinical, of: person)
        func scores() async throws -> [SealedScore] {
            try await store.read { try $0.all(SealedScore.self) }
        }
        #expect(try await scores() == [other])
        #expect(try await store.read { try $0.get(SealedScore.self, mine.id) } == nil)
        let entries = try await store.entries(after: 0, limit: 9)
        #expect(entries.map(\.isLeftOut) == [true, false, false])
        #expect(entries.map(\.body.isEmpty) == [true, false, false])
        try await store.rebuild()
        #expect(try await scores() == [other])
        store.close()
    }

    @Test("changes nothing a second time, and takes what was written since")
    func again() async throws {
        let store = try SealedNote.store(in: directory)
        try await store.put(SealedNote(of: person))
        let first = try await store.erase(.counseling, of: person)
        #expect(try await store.erase(.counseling, of: person, by: "somebody else") == first)
        #expect(store.position == 2)
        let later = SealedNote(of: person, said: "back again")
        try await store.put(later)
        #expect(try await store.note(later.id) == later)
        let second = try await store.erase(.counseling, of: person)
        #expect(second.position == 4)
        #expect(try await store.note(later.id) == later.erased(.counseling))
        try await store.rebuild()
        #expect(try await store.note(later.id) == later.erased(.counseling))
        store.close()
    }

    @Test("is refused where there is a legal hold, and then nothing is changed")
    func held() async throws {
        let store = try SealedNote.store(in: directory)
        let note = SealedNote(of: person)
        try await store.put(note)
        await #expect(throws: StorageError.held(["court order 3"])) {
            try await store.erase(.counseling, of: person, holds: ["court order 3"])
        }
        #expect(store.position == 1)
        #expect(try await store.note(note.id) == note)
        store.close()
    }

    @Test("that fails with its transaction takes nothing")
    func rolledBack() async throws {
        let store = try SealedNote.store(in: directory)
        let note = SealedNote(of: person)
        try await store.put(note)
        let seen = Mutex<SealedNote?>(nil)
        await #expect(throws: Refusal.self) {
            _ = try await store.write { [person] transaction in
                try transaction.erase(.counseling, of: person, ground: "g", by: "t", at: now)
                let gone = try transaction.get(SealedNote.self, note.id)
                seen.withLock { $0 = gone }
                throw Refusal()
            }
        }
        #expect(seen.withLock { $0 } == note.erased(.counseling))
        #expect(try await store.note(note.id) == note)
        store.close()
    }

    @Test("keeps what is written about the person in the same transaction, after it")
    func sameTransaction() async throws {
        let store = try SealedNote.store(in: directory)
        let (old, new) = (SealedNote(of: person), SealedNote(of: person, said: "new"))
        try await store.put(old)
        _ = try await store.write { [person] transaction in
            try transaction.erase(.counseling, of: person, ground: "g", by: "t", at: now)
            try transaction.put(new, verb: "written", by: "t", at: now)
        }
        #expect(try await notes(in: store) == [old.erased(.counseling), new])
        store.close()
    }

    @Test("takes the kept answers of calls, and says so to whoever repeats one")
    func answers() async throws {
        let store = try SealedNote.store(in: directory)
        let key = WriteKey(key: .random(at: now), caller: "c", method: "m", digest: [1])
        _ = try await store.write(once: key, at: now) { _ in Array("said".utf8) }
        let erasing = WriteKey(key: .random(at: now), caller: "c", method: "m", digest: [2])
        func erase() async throws -> Committed<[UInt8]> {
            try await store.write(once: erasing, at: now) { [person] transaction in
                try transaction.erase(.counseling, of: person, ground: "g", by: "t", at: now)
                return [7]
            }
        }
        _ = try await erase()
        await #expect(throws: StorageError.answerErased) {
            try await store.write(once: key, at: now) { _ in [9] }
        }
        let repeated = try await erase()
        #expect(repeated.value == [7] && repeated.repeated)
        #expect(store.position == 1)
        store.close()
    }

    /// Puts every file of a copy in the place of those in use.
    private func restore(_ files: [String]) throws {
        for file in files { try backup.copy(file, to: directory) }
    }

    @Test("cannot be read from a backup of the database either, with the keys of today")
    func backups() async throws {
        let store = try SealedNote.store(in: directory)
        let note = SealedNote(of: person, said: "in the backup")
        try await store.put(note)
        // As an operator takes it: the store stopped or a snapshot of its files.
        for file in TemporaryDirectory.databaseFiles { try directory.copy(file, to: backup) }
        try await store.erase(.counseling, of: person)
        store.close()
        try restore(TemporaryDirectory.databaseFiles)
        let restored = try SealedNote.store(in: directory)
        #expect(try await restored.note(note.id) == note.erased(.counseling))
        restored.close()
    }

    @Test("is done again where an older key file is put back: the journal tells of it")
    func olderKeys() async throws {
        let store = try SealedNote.store(in: directory)
        let note = SealedNote(of: person)
        try await store.put(note)
        try directory.copy("test.keys", to: backup)
        try await store.erase(.counseling, of: person)
        store.close()
        // Also what is left when the process ends between the commit and the key file.
        try restore(["test.keys"])
        let again = try SealedNote.store(in: directory)
        #expect(try await again.note(note.id) == note.erased(.counseling))
        again.close()
        #expect(directory.bytes("test.keys") != backup.bytes("test.keys"))
    }

    @Test("is done again also where the database's note of its keys was taken out")
    func withoutNote() async throws {
        let store = try SealedNote.store(in: directory)
        let note = SealedNote(of: person)
        try await store.put(note)
        try directory.copy("test.keys", to: backup)
        try await store.erase(.counseling, of: person)
        store.close()
        try restore(["test.keys"])
        let again = try SealedNote.store(
            in: directory, more: [Migration("DELETE FROM key_file; DELETE FROM erasure;")])
        #expect(try await again.note(note.id) == note.erased(.counseling))
        again.close()
    }

    @Test("is finished by the next start where the key file cannot be written")
    func interrupted() async throws {
        let reason = Reason()
        let store = try SealedNote.store(
            in: directory, onFatal: { text in reason.text.withLock { $0 = text } })
        let note = SealedNote(of: person)
        try await store.put(note)
        // A directory in the place of the draft: the file cannot be made.
        let draft = directory.path + "/test.keys.new"
        try FileManager.default.createDirectory(
            atPath: draft, withIntermediateDirectories: false)
        await #expect(throws: StorageError.self) {
            try await store.erase(.counseling, of: person)
        }
        #expect(reason.text.withLock { $0?.contains("test.keys") } == true)
        store.close()
        try FileManager.default.removeItem(atPath: draft)
        let again = try SealedNote.store(in: directory)
        #expect(try await again.note(note.id) == note.erased(.counseling))
        again.close()
    }

    @Test(
        "cannot be made up by who writes to the database: what is erased must be as in the journal")
    func forged() async throws {
        let store = try SealedNote.store(in: directory)
        let (erased, other) = (SealedNote(of: person), SealedNote(nik: "2"))
        try await store.put(erased)
        try await store.put(other)
        try await store.erase(.identity, of: person)
        try await store.erase(.counseling, of: person)
        store.close()
        let altered = try SealedNote.store(
            in: directory,
            more: [
                Migration(
                    """
                    UPDATE sealed_note SET body =
                        (SELECT body FROM journal WHERE position = 1) WHERE nik IS NOT NULL;
                    """)
            ])
        await #expect(throws: StorageError.tampered(noun: "sealed_note")) {
            try await altered.note(other.id)
        }
        altered.close()
    }
}
