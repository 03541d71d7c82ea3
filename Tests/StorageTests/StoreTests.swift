import FoundationEssentials
import Storage
import TestKit
import Testing
import Vocabulary

@Suite("A store", .timeLimit(.minutes(1)))
struct StoreTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func open(
        key: UInt8 = 7, migrations: [Migration] = [Note.table], queueLimit: Int = 4096,
        checkedAtStart: Int64 = 1000
    ) throws -> Store {
        try Note.store(
            in: directory, migrations: migrations,
            settle: {
                $0.journalKey = [UInt8](repeating: key, count: 32)
                $0.queueLimit = queueLimit
                $0.checkedAtStart = checkedAtStart
            })
    }

    private func put(_ note: Note, into store: Store) async throws -> Committed<Bool> {
        try await store.write { transaction in
            try transaction.put(note, verb: "written", by: "tester", at: now)
            return true
        }
    }

    @Test("keeps what it acknowledged, over a new start")
    func durable() async throws {
        let note = Note("one", "text")
        let store = try open()
        let committed = try await put(note, into: store)
        #expect(committed.position == 1)
        store.close()
        let again = try open()
        #expect(try await again.read { try $0.get(Note.self, note.id) } == note)
        #expect(again.position == 1)
        again.close()
    }

    @Test("is closed once, however often it is asked")
    func closedTwice() async throws {
        let store = try open()
        store.close()
        store.close()
        await #expect(throws: StorageError.closed) { try await put(Note("late"), into: store) }
        try open().close()
    }

    @Test("keeps nothing of an operation that throws, and all of its neighbors")
    func rollback() async throws {
        let store = try open()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    if number % 2 == 0 {
                        _ = try? await put(Note("note \(number)"), into: store)
                    } else {
                        await #expect(throws: Refusal.self) {
                            try await store.write { transaction in
                                try transaction.put(
                                    Note("note \(number)"), verb: "written", by: "t", at: now)
                                throw Refusal()
                            }
                        }
                    }
                }
            }
        }
        #expect(try await store.read { try $0.count(Note.self, where: "1 = 1", []) } == 50)
        #expect(store.position == 50)
        let report = try await store.verifyChain()
        #expect(report.entries == 50)
        #expect(report.brokenAt == nil)
        store.close()
    }

    @Test("gives a repeat the first answer, and refuses the key for anything else")
    func repeated() async throws {
        let store = try open()
        let key = WriteKey(
            key: .random(at: now), caller: "c", method: "m", digest: [1])
        func once(_ key: WriteKey, _ answer: UInt8) async throws -> Committed<[UInt8]> {
            try await store.write(once: key, at: now) { transaction in
                try transaction.put(Note("note \(answer)"), verb: "written", by: "t", at: now)
                return [answer]
            }
        }
        #expect(try await once(key, 1).value == [1])
        let second = try await once(key, 2)
        #expect(second.value == [1])
        #expect(second.repeated)
        #expect(second.position == 1)
        #expect(store.position == 1)
        let other = WriteKey(key: key.key, caller: "c", method: "m", digest: [2])
        await #expect(throws: StorageError.keyReused) { try await once(other, 3) }
        let elsewhere = WriteKey(key: key.key, caller: "d", method: "m", digest: [2])
        #expect(try await once(elsewhere, 4).value == [4])
        store.close()
    }

    @Test("forgets answers after their time, a few with each keyed write")
    func forgotten() async throws {
        let store = try Note.store(in: directory, settle: { $0.answersKept = 100 })
        func once(_ key: WriteKey, second: Int64) async throws -> Committed<[UInt8]> {
            try await store.write(once: key, at: Timestamp(microseconds: second * 1_000_000)) { _ in
                [1]
            }
        }
        let keys = (0..<10).map { _ in
            WriteKey(key: .random(at: now), caller: "c", method: "m", digest: [1])
        }
        for key in keys { #expect(try await !once(key, second: 1000).repeated) }
        #expect(try await once(keys[0], second: 1100).repeated)
        let later = WriteKey(key: .random(at: now), caller: "c", method: "m", digest: [1])
        _ = try await once(later, second: 1101)
        func kept() async throws -> Int64? {
            try await store.read {
                try $0.rows("SELECT COUNT(*) FROM write_once", []) { $0.integer(0) }.first
            }
        }
        #expect(try await kept() == 7)
        for number in 0..<3 {
            let key = WriteKey(
                key: .random(at: now), caller: "c", method: "m", digest: [UInt8(number)])
            _ = try await once(key, second: 1101)
        }
        #expect(try await kept() == 4)
        #expect(try await !once(keys[0], second: 1101).repeated)
        store.close()
    }

    @Test("does not keep the key of a write that was refused")
    func refusedKey() async throws {
        let store = try open()
        let key = WriteKey(key: .random(at: now), caller: "c", method: "m", digest: [1])
        await #expect(throws: Refusal.self) {
            try await store.write(once: key, at: now) { _ in throw Refusal() }
        }
        #expect(try await store.write(once: key, at: now) { _ in [9] }.value == [9])
        store.close()
    }

    @Test("refuses a second process")
    func locked() throws {
        let store = try open()
        #expect(throws: StorageError.self) { try open() }
        store.close()
    }

    @Test("notices another key, and a journal that was altered")
    func tampered() async throws {
        let store = try open()
        for number in 0..<10 { _ = try await put(Note("note \(number)"), into: store) }
        store.close()
        #expect(throws: StorageError.chainBroken(position: 1)) { try open(key: 8) }
        let again = try open(
            migrations: [
                Note.table, Migration("UPDATE journal SET actor = 'x' WHERE position = 4;"),
            ],
            checkedAtStart: 0)
        #expect(try await again.verifyChain().brokenAt == 4)
        again.close()
        let altered = Migration("UPDATE journal SET actor = 'x' WHERE position = 4;")
        #expect(throws: StorageError.chainBroken(position: 4)) {
            try open(migrations: [Note.table, altered])
        }
    }

    /// Titles of the notes that a word finds, and how many rows there are for words.
    private func found(_ word: String, in store: Store) async throws -> ([String], Int64) {
        try await store.read { snapshot in
            let notes = try snapshot.all(
                Note.self, where: "key IN (SELECT record FROM note_word WHERE word = ?)",
                [.text(word)], order: "title")
            let rows = try snapshot.rows("SELECT COUNT(*) FROM note_word", []) { $0.integer(0) }
            return (notes.map(\.title), rows[0])
        }
    }

    @Test("finds a record by each of several things, as it is now, and after a rebuild too")
    func sideTable() async throws {
        let store = try open()
        var note = Note("one", "calm and tired")
        _ = try await put(note, into: store)
        _ = try await put(Note("two", "tired"), into: store)
        #expect(try await found("tired", in: store) == (["one", "two"], 4))
        note.text = "calm"
        _ = try await put(note, into: store)
        #expect(try await found("tired", in: store) == (["two"], 2))
        #expect(try await found("calm", in: store) == (["one"], 2))
        // What a peer told is not in this journal, and leaves nothing behind.
        _ = try await store.write { try $0.putCopy(Note("three", "tired")) }
        #expect(try await found("tired", in: store) == (["three", "two"], 3))
        try await store.rebuild()
        #expect(try await found("tired", in: store) == (["two"], 2))
        #expect(try await found("calm", in: store) == (["one"], 2))
        store.close()
    }

    @Test("makes the same tables from the journal again")
    func rebuild() async throws {
        let store = try open()
        var note = Note("one")
        _ = try await put(note, into: store)
        note.text = "changed"
        _ = try await put(note, into: store)
        _ = try await put(Note("two"), into: store)
        let before = try await store.read { try $0.all(Note.self) }
        try await store.rebuild()
        #expect(try await store.read { try $0.all(Note.self) } == before)
        #expect(before.count == 2)
        store.close()
    }

    @Test("refuses at once what its queue cannot hold")
    func overloaded() async throws {
        let store = try open(queueLimit: 0)
        await #expect(throws: StorageError.overloaded(limit: 0)) {
            try await put(Note("one"), into: store)
        }
        store.close()
    }

    @Test("names the constraint that refused a row")
    func constraint() async throws {
        let store = try open()
        _ = try await put(Note("same"), into: store)
        let error = await #expect(throws: StorageError.self) {
            try await put(Note("same"), into: store)
        }
        guard case .constraint = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        store.close()
    }

    @Test("tells followers how far the journal has got")
    func positions() async throws {
        let store = try open()
        var positions = store.positions().makeAsyncIterator()
        #expect(await positions.next() == 0)
        _ = try await put(Note("one"), into: store)
        #expect(await positions.next() == 1)
        let entries = try await store.entries(after: 0, limit: 10)
        #expect(entries.map(\.verb) == ["written"])
        store.close()
    }
}
