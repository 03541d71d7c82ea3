import Foundation
import Logging
import Storage
import Synchronization
import TestKit
import Testing
import Vocabulary

@Suite("What a store seals", .timeLimit(.minutes(1)))
struct SealedFieldsTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("is read back as it was, from the table, the journal and a rebuild, and over a new start")
    func whole() async throws {
        let store = try SealedNote.store(in: directory)
        var note = SealedNote(name: "first", nik: "35", said: "one")
        try await store.put(note)
        note.name = "second"
        try await store.put(note)
        #expect(try await store.note(note.id) == note)
        let before = try await store.read { try $0.all(SealedNote.self) }
        try await store.rebuild()
        #expect(try await store.read { try $0.all(SealedNote.self) } == before)
        #expect(try await store.entries(after: 0, limit: 9).count == 2)
        #expect(try await store.verifyChain() == ChainReport(entries: 2, brokenAt: nil))
        store.close()
        let again = try SealedNote.store(in: directory)
        #expect(try await again.note(note.id) == note)
        again.close()
    }

    /// Texts as UTF-8, and as UTF-16 in either order.
    private func forms(of text: String) -> [Data] {
        [String.Encoding.utf8, .utf16LittleEndian, .utf16BigEndian].compactMap {
            text.data(using: $0)
        }
    }

    private func found(_ texts: [String], in files: [String: Data]) -> [String] {
        texts.filter { text in
            forms(of: text).contains { form in files.values.contains { $0.range(of: form) != nil } }
        }
    }

    @Test("is in no file beneath the store, open or closed: 100 names, numbers and notes")
    func canaries() async throws {
        let store = try SealedNote.store(in: directory)
        var planted: [String] = []
        var notes: [SealedNote] = []
        for number in 0..<100 {
            let canary = (0..<3).map { _ in "canary " + UUID().uuidString }
            planted += canary
            let note = SealedNote(name: canary[0], nik: canary[1], said: canary[2])
            notes.append(note)
            let key = WriteKey(
                key: .random(at: now), caller: "c", method: "m", digest: [UInt8(number)])
            _ = try await store.write(once: key, at: now) { transaction in
                try transaction.put(note, verb: "written", by: "tester", at: now)
                return Array((note.name + note.said + (note.nik ?? "")).utf8)
            }
        }
        for note in notes { #expect(try await store.note(note.id) == note) }
        #expect(try directory.files.keys.contains("test.sqlite-wal"))
        #expect(try found(planted, in: directory.files).isEmpty)
        try await store.rebuild()
        store.close()
        #expect(try found(planted, in: directory.files).isEmpty)
        // The same look finds what is not sealed.
        let again = try SealedNote.store(in: directory)
        try await again.put(Note(planted[0]))
        again.close()
        #expect(try found(planted, in: directory.files) == [planted[0]])
    }

    @Test("is found by what its column holds the fingerprint of, and by nothing else")
    func lookUp() async throws {
        let store = try SealedNote.store(in: directory)
        let note = SealedNote(nik: "3513")
        try await store.put(note)
        try await store.put(SealedNote(nik: "3514"))
        func found(_ use: String, _ text: String) async throws -> [UUID] {
            try await store.read { snapshot in
                try snapshot.all(
                    SealedNote.self, where: "nik = ?", [.fingerprint(use: use, text)]
                ).map(\.id)
            }
        }
        #expect(try await found("nik", "3513") == [note.id])
        #expect(try await found("other", "3513").isEmpty)
        try await store.rebuild()
        #expect(try await found("nik", "3513") == [note.id])
        store.close()
    }

    /// What somebody does who can write to the database and has no key.
    struct Attack: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sql: String
    }

    static let attacks = [
        Attack(
            testDescription: "another row's body",
            sql: """
                UPDATE sealed_note SET body = (SELECT body FROM sealed_note WHERE nik IS NULL)
                WHERE nik IS NOT NULL;
                """),
        Attack(
            testDescription: "the body of before",
            sql: """
                UPDATE sealed_note SET body = (SELECT body FROM journal WHERE position = 1)
                WHERE nik IS NOT NULL;
                """),
        Attack(
            testDescription: "one byte of the body changed",
            sql: """
                UPDATE sealed_note SET body = substr(body, 1, length(body) - 1) || x'00'
                WHERE nik IS NOT NULL AND substr(body, -1) <> x'00';
                UPDATE sealed_note SET body = substr(body, 1, length(body) - 1) || x'01'
                WHERE nik IS NOT NULL;
                """),
        Attack(
            testDescription: "a plain body in its place",
            sql: """
                UPDATE sealed_note SET body = x'a0' WHERE nik IS NOT NULL;
                """),
        Attack(
            testDescription: "a list without sealed parts in its place",
            sql: """
                UPDATE sealed_note SET body = x'8241a080' WHERE nik IS NOT NULL;
                """),
        Attack(
            testDescription: "its own clear fields changed",
            sql: """
                UPDATE sealed_note SET body = CAST(
                    replace(body, person, randomblob(16)) AS BLOB) WHERE nik IS NOT NULL;
                """),
    ]

    @Test("does not open, and raises an alarm, with", arguments: attacks)
    func moved(attack: Attack) async throws {
        var note = SealedNote(nik: "1")
        let store = try SealedNote.store(in: directory)
        try await store.put(note)
        note.name = "later"
        try await store.put(note)
        try await store.put(SealedNote(of: note.person))
        #expect(try await store.note(note.id) == note)
        store.close()
        let book = LogBook()
        let altered = try SealedNote.store(
            in: directory, more: [Migration(attack.sql)], logger: book.logger)
        await #expect(throws: StorageError.tampered(noun: "sealed_note")) {
            try await altered.note(note.id)
        }
        #expect(book.alarms.contains { $0.contains("altered, moved or put back") })
        // The journal has it as it was, and the tables come from there.
        try await altered.rebuild()
        #expect(try await altered.note(note.id) == note)
        altered.close()
    }

    @Test("does not open in another column of its row")
    func column() async throws {
        let note = SealedNote(name: "aaaa", said: "bbbb")
        let store = try SealedNote.store(in: directory)
        try await store.put(note)
        let stored = try #require(
            try await store.read { try $0.rows("SELECT body FROM sealed_note", []) { $0.blob(0) } }
                .first)
        store.close()
        // The two parts as they lie there, each between its section and the end of its box.
        let first = try #require(Data(stored).range(of: Data("identity".utf8)))
        let second = try #require(Data(stored).range(of: Data("counseling".utf8)))
        #expect(first.lowerBound < second.lowerBound)
        var swapped = Data(stored)
        swapped.replaceSubrange(second, with: Data("identityyy".utf8))
        let hex = swapped.map { String(format: "%02x", $0) }.joined()
        let altered = try SealedNote.store(
            in: directory, more: [Migration("UPDATE sealed_note SET body = x'\(hex)';")])
        await #expect(throws: StorageError.tampered(noun: "sealed_note")) {
            try await altered.note(note.id)
        }
        altered.close()
    }

    @Test("does not open in another table, even under the same key")
    func table() async throws {
        let id = UUID()
        let store = try SealedNote.store(in: directory)
        try await store.put(SealedNote(id: id))
        try await store.put(SealedScore(id: id, person: UUID(), value: 3))
        store.close()
        let altered = try SealedNote.store(
            in: directory,
            more: [Migration("UPDATE sealed_score SET body = (SELECT body FROM sealed_note);")])
        await #expect(throws: StorageError.tampered(noun: "sealed_score")) {
            try await altered.read { try $0.get(SealedScore.self, id) }
        }
        altered.close()
    }

    @Test("does not let an answer of one call pass for that of another")
    func answers() async throws {
        let store = try SealedNote.store(in: directory)
        let keys = (0..<2).map { number in
            WriteKey(key: .random(at: now), caller: "c", method: "m", digest: [UInt8(number)])
        }
        for (number, key) in keys.enumerated() {
            _ = try await store.write(once: key, at: now) { _ in [UInt8(number)] }
        }
        #expect(try await store.write(once: keys[0], at: now) { _ in [9] }.value == [0])
        store.close()
        let altered = try SealedNote.store(
            in: directory,
            more: [
                Migration(
                    """
                    UPDATE write_once SET answer =
                        (SELECT answer FROM write_once ORDER BY key LIMIT 1);
                    """)
            ])
        var refused = 0
        for key in keys {
            do {
                _ = try await altered.write(once: key, at: now) { _ in [9] }
            } catch StorageError.tampered(noun: "answer") {
                refused += 1
            }
        }
        #expect(refused == 1)
        altered.close()
    }
}

/// Notes what is logged.
final class LogBook: Sendable {
    private let lines = Mutex<[(level: Logger.Level, text: String)]>([])

    var alarms: [String] {
        lines.withLock { $0.filter { $0.level == .critical }.map(\.text) }
    }

    var logger: Logger { Logger(label: "test") { _ in Handler(book: self) } }

    private struct Handler: LogHandler {
        let book: LogBook
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            book.lines.withLock { $0.append((event.level, "\(event.message)")) }
        }
    }
}
