import Foundation
import Storage
import TestKit
import Testing
import Vocabulary

/// Tables that another program alters, while the store is closed and while it is open.
@Suite("The seal of the tables", .timeLimit(.minutes(3)))
struct TablesTests {
    private let directory: TemporaryDirectory
    private let old: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        old = try TemporaryDirectory()
    }

    /// The witnessed row, an answer and a feed's progress are there too, beside records.
    private func fill(_ store: Store, _ numbers: Range<Int>) async throws {
        for number in numbers {
            let person = UUID()
            try await store.put(Note("title \(number)", "some \(number) words"))
            try await store.put(SealedNote(of: person, nik: "\(number)"))
            try await store.put(SealedScore(person: person, value: number))
        }
        let last = numbers.upperBound
        let key = WriteKey(key: .random(at: now), caller: "c", method: "m", digest: [UInt8(last)])
        _ = try await store.write(once: key, at: now) { _ in [1] }
        _ = try await store.write { transaction in
            try transaction.setFeed("peer", position: Int64(last), heardAt: now)
            try transaction.setWitnessed(
                "other",
                WitnessedHead(
                    head: JournalHead(at: Int64(last), mac: [UInt8](repeating: 3, count: 32)),
                    at: now))
        }
    }

    /// A store that has left its log, and an older copy of it.
    private func filled() async throws {
        var store = try SealedNote.store(in: directory)
        let note = Note("changes", "once")
        try await store.put(note)
        try await fill(store, 0..<4)
        store.close()
        for file in TemporaryDirectory.storeFiles { try directory.copy(file, to: old) }
        store = try SealedNote.store(in: directory)
        try await store.put(Note("changes", "twice", id: note.id))
        try await fill(store, 4..<8)
        store.close()
    }

    private func tamper() throws -> Tamper {
        let key = try old.write("journal.key", String(repeating: "07", count: 32))
        return Tamper(
            store: directory.path + "/test.sqlite", key: key, older: old.path + "/test.sqlite")
    }

    private static let deeds: [Tamper.Kind] = [
        .table, .column, .insert, .remove, .swap, .rawRow, .trigger, .object, .unseal, .reseal,
        .oldRow, .oldSeal, .oldTables,
    ]

    private func isOfTables(_ error: any Error) -> Bool {
        switch error as? StorageError {
        case .tablesAltered, .tablesUnsealed, .tablesPutBack: true
        default: false
        }
    }

    /// What is found of a store that was altered while it was closed; nil where nothing is.
    private func found() async throws -> (any Error)? {
        do {
            let store = try SealedNote.store(in: directory)
            defer { store.close() }
            var patrol = store.patrol()
            _ = try await patrol.whole()
            return nil
        } catch {
            return error
        }
    }

    @Test("shows at the start what another program did", arguments: deeds, 1...3)
    func stopped(deed: Tamper.Kind, seed: Int) async throws {
        try await filled()
        #expect(try await found() == nil)
        let did = try tamper().run(deed, seed: seed)
        let error = try #require(try await found(), "\(did)")
        #expect(isOfTables(error), "\(did): \(error)")
    }

    @Test(
        "shows within a round what another program did to an open store", arguments: deeds, 1...3)
    func open(deed: Tamper.Kind, seed: Int) async throws {
        try await filled()
        let store = try SealedNote.store(in: directory)
        defer { store.close() }
        var patrol = store.patrol()
        _ = try await patrol.whole()
        #expect(try await patrol.round(slice: .seconds(1)) == .fits)
        let did = try tamper().run(deed, seed: seed)
        await #expect("\(did)") {
            _ = try await patrol.round(slice: .seconds(1))
        } throws: { error in
            isOfTables(error)
        }
    }

    @Test(
        "covers every table with rows",
        arguments: [
            "note", "note_word", "sealed_note", "sealed_note_nik", "sealed_score", "write_once",
            "feed", "witnessed", "key_file",
        ], [Tamper.Kind.column, .insert, .remove])
    func everyTable(table: String, deed: Tamper.Kind) async throws {
        try await filled()
        let store = try SealedNote.store(in: directory)
        defer { store.close() }
        let did = try tamper().run(deed, seed: 5, table: table)
        #expect(did.contains("a \(table) "))
        await #expect(throws: StorageError.tablesAltered([table])) {
            try await store.verifyTables()
        }
        let problem = "\(StorageError.tablesAltered([table]))"
        #expect(problem.contains(" \(table).") && problem.contains("--rebuild"))
    }

    @Test("still shows it where the service has written since, to the same rows too")
    func writtenSince() async throws {
        try await filled()
        let store = try SealedNote.store(in: directory)
        defer { store.close() }
        try tamper().run(.column, seed: 1, table: "note")
        for note in try await store.read({ try $0.all(Note.self) }) { try await store.put(note) }
        await #expect(throws: StorageError.tablesAltered(["note"])) {
            try await store.verifyTables()
        }
    }

    @Test(
        "is not put right by the service where another program altered it",
        arguments: [Tamper.Kind.unseal, .reseal, .oldSeal])
    func resealed(deed: Tamper.Kind) async throws {
        try await filled()
        let store = try SealedNote.store(in: directory)
        defer { store.close() }
        let position = store.position
        try tamper().run(deed, seed: 1)
        await #expect(throws: StorageError.tablesUnsealed) { try await store.put(Note("after")) }
        #expect(store.position == position)
        await #expect(throws: StorageError.tablesUnsealed) { try await store.verifyTables() }
    }

    @Test("tells nothing where another program has written and nothing is other than it was")
    func harmless() async throws {
        try await filled()
        let store = try SealedNote.store(in: directory)
        defer { store.close() }
        var patrol = store.patrol()
        let entries = try await patrol.whole()
        try tamper().run(.nothing, seed: 1)
        #expect(try await patrol.round(slice: .seconds(1)) == .disturbed(entries: entries))
    }

    @Test("shows tables and seal of an earlier moment at the same end of the journal")
    func sameEnd() async throws {
        let store = try SealedNote.store(in: directory)
        try await fill(store, 0..<2)
        store.close()
        for file in TemporaryDirectory.storeFiles { try directory.copy(file, to: old) }
        let again = try SealedNote.store(in: directory)
        // What feeds and witnesses bring is in no journal here.
        _ = try await again.write { try $0.setFeed("peer", position: 99, heardAt: now) }
        again.close()
        try old.copy("test.sqlite", to: directory)
        let error = try #require(try await found())
        guard case .tablesPutBack(let sealed, let found) = error as? StorageError else {
            Issue.record("\(error)")
            return
        }
        #expect(sealed == found + 1)
        let restored = try SealedNote.store(in: directory) { $0.restoreAcceptedAt = now }
        try await restored.verifyTables()
        let entries = try await restored.entries(after: restored.position - 1, limit: 2)
        #expect(entries.map(\.verb) == ["restored"])
        restored.close()
        #expect(try await self.found() == nil)
    }

    @Test("shows tables of an earlier moment put back to an open store at the same end")
    func sameEndOpen() async throws {
        let store = try SealedNote.store(in: directory)
        try await fill(store, 0..<2)
        store.close()
        for file in TemporaryDirectory.storeFiles { try directory.copy(file, to: old) }
        let again = try SealedNote.store(in: directory)
        defer { again.close() }
        _ = try await again.write { try $0.setFeed("peer", position: 99, heardAt: now) }
        var patrol = again.patrol()
        _ = try await patrol.whole()
        try tamper().run(.oldTables, seed: 1)
        await #expect {
            _ = try await patrol.round(slice: .seconds(1))
        } throws: { error in
            if case .tablesPutBack = error as? StorageError { true } else { false }
        }
    }

    @Test("shows tables of an earlier moment at another end of the journal, sealed head or not")
    func otherEnd() async throws {
        // The head file lags behind, as where the process was killed within its interval.
        let store = try SealedNote.store(in: directory) { $0.sealInterval = .seconds(3600) }
        try await fill(store, 0..<2)
        for file in TemporaryDirectory.storeFiles { try directory.copy(file, to: old) }
        try await fill(store, 2..<4)
        let killed = try TemporaryDirectory()
        for file in TemporaryDirectory.storeFiles { try directory.copy(file, to: killed) }
        store.close()
        for file in TemporaryDirectory.storeFiles { try killed.copy(file, to: directory) }
        #expect(try await found() == nil)
        for file in TemporaryDirectory.storeFiles { try killed.copy(file, to: directory) }
        try tamper().run(.oldTables, seed: 1)
        #expect(throws: StorageError.tablesUnsealed) { try SealedNote.store(in: directory) }
    }

    /// What a killed process leaves is a beginning of the log: SQLite takes it up to its last commit.
    @Test("is in one commit with the rows, wherever the process ends")
    func crash() async throws {
        let first = try SealedNote.store(in: directory)
        try await fill(first, 0..<1)
        first.close()
        let store = try SealedNote.store(in: directory) { $0.sealInterval = .seconds(3600) }
        let person = UUID()
        try await store.put(SealedNote(of: person))
        try await fill(store, 1..<2)
        try await store.erase(.identity, of: person)
        let begun = store.position
        for file in TemporaryDirectory.storeFiles { try directory.copy(file, to: old) }
        store.close()
        let log = try #require(old.bytes("test.sqlite-wal"))
        let (header, frame) = (32, 24 + 4096)
        let frames = (log.count - header) / frame
        #expect(frames > 20)
        var positions: Set<Int64> = []
        for count in 0...frames {
            let left = try TemporaryDirectory()
            for file in TemporaryDirectory.storeFiles { try old.copy(file, to: left) }
            try log.prefix(header + count * frame)
                .write(to: URL(fileURLWithPath: left.path + "/test.sqlite-wal"))
            let store = try SealedNote.store(in: left)
            positions.insert(store.position)
            try await store.verifyTables()
            store.close()
        }
        #expect(positions.contains(begun) && positions.count > 4)
    }

    @Test("does not count what an operation did that was refused")
    func refused() async throws {
        let store = try SealedNote.store(in: directory)
        try await fill(store, 0..<2)
        for _ in 0..<3 {
            await #expect(throws: Refusal.self) {
                try await store.write { transaction in
                    try transaction.put(Note("refused"), verb: "written", by: "t", at: now)
                    throw Refusal()
                }
            }
            try await store.put(Note(UUID().uuidString))
        }
        try await store.verifyTables()
        store.close()
        #expect(try await found() == nil)
    }

    @Test("keeps the next start out once something was found, until the tables are made anew")
    func alarm() async throws {
        try await filled()
        try tamper().run(.remove, seed: 1, table: "note")
        try tamper().run(.column, seed: 1, table: "witnessed")
        let store = try SealedNote.store(in: directory)
        try store.noteAlarm("found")
        store.close()
        for _ in 1...2 {
            #expect(throws: StorageError.tablesAltered(["note", "witnessed"])) {
                try SealedNote.store(in: directory)
            }
        }
        let remade = try SealedNote.store(in: directory) { $0.remakesTables = true }
        let position = remade.position
        #expect(try await remade.rebuild() == ["note", "witnessed"])
        #expect(try await remade.read { try $0.all(Note.self) }.count == 9)
        // It is in no journal, and its service soon tells it again.
        #expect(try await remade.read { try $0.witnessed() }.isEmpty)
        let entry = try #require(try await remade.entries(after: position, limit: 2).first)
        #expect((entry.noun, entry.verb) == ("store", "remade"))
        remade.close()
        #expect(try await found() == nil)
    }

    @Test(
        "is made anew with the tables where it was lost or older ones were put back",
        arguments: [Tamper.Kind.unseal, .reseal, .oldTables])
    func remade(deed: Tamper.Kind) async throws {
        try await filled()
        try tamper().run(deed, seed: 1)
        #expect(throws: StorageError.self) { try SealedNote.store(in: directory) }
        let store = try SealedNote.store(in: directory) { $0.remakesTables = true }
        #expect(try await store.rebuild().contains("note"))
        #expect(try await store.read { try $0.all(Note.self) }.count == 9)
        store.close()
        #expect(try await found() == nil)
    }

    @Test(
        "keeps a store shut whose note of its keys was altered, until the tables are made anew",
        arguments: [Tamper.Kind.column, .remove])
    func keyNote(deed: Tamper.Kind) async throws {
        try await filled()
        try tamper().run(deed, seed: 1, table: "key_file")
        #expect(throws: StorageError.tablesAltered(["key_file"])) {
            try SealedNote.store(in: directory)
        }
        let store = try SealedNote.store(in: directory) { $0.remakesTables = true }
        try await store.rebuild()
        #expect(try await store.read { try $0.all(SealedNote.self) }.count == 8)
        store.close()
        #expect(try await found() == nil)
    }

    @Test("does not make a store anew in which SQLite would do something with each write")
    func madeUpTrigger() async throws {
        try await filled()
        try tamper().run(.trigger, seed: 1)
        for more in [[], [Migration("CREATE TABLE more (id BIGINT);")]] {
            #expect(throws: StorageError.tablesAltered(["sqlite_schema"])) {
                try SealedNote.store(in: directory, more: more) { $0.remakesTables = true }
            }
        }
        // Nobody knows from the seal any more what there was.
        try tamper().run(.unseal, seed: 1)
        #expect(throws: StorageError.tablesAltered(["sqlite_schema"])) {
            try SealedNote.store(in: directory) { $0.remakesTables = true }
        }
    }
}
