import Foundation
import Storage
import Synchronization
import TestKit
import Testing
import Vocabulary

/// What became of calls.
private final class Tally: Sendable {
    let counts = Mutex((written: 0, failed: 0))
    let isDone = Mutex(false)

    func add(isGood: Bool) {
        counts.withLock { counts in
            counts.written += 1
            if !isGood { counts.failed += 1 }
        }
    }
}

@Suite("The key file of a store", .timeLimit(.minutes(1)))
struct KeyFileTests {
    private let directory: TemporaryDirectory
    private let other: TemporaryDirectory
    private var path: String { directory.path + "/test.keys" }

    init() throws {
        directory = try TemporaryDirectory()
        other = try TemporaryDirectory()
    }

    private func key(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }

    private func failure(
        settle: (inout StoreConfiguration) -> Void = { _ in }
    ) -> StorageError? {
        do {
            try SealedNote.store(in: directory, settle: settle).close()
            return nil
        } catch {
            return error as? StorageError
        }
    }

    @Test("is its owner's alone, and new people and records make no difference to it")
    func still() async throws {
        let store = try SealedNote.store(in: directory)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect((mode as? NSNumber)?.intValue == 0o600)
        let before = directory.bytes("test.keys")
        for _ in 0..<20 { try await store.put(SealedNote()) }
        #expect(directory.bytes("test.keys") == before)
        store.close()
    }

    @Test("must be there, be whole, and be this database's own")
    func own() async throws {
        let store = try SealedNote.store(in: directory)
        try await store.put(SealedNote())
        store.close()
        try SealedNote.store(in: other).close()
        try directory.copy("test.keys", to: other)
        let whole = try #require(directory.bytes("test.keys"))
        // Of another machine, with the same encryption key.
        let stranger = try TemporaryDirectory()
        try SealedNote.store(in: stranger).close()
        try stranger.copy("test.keys", to: directory)
        #expect(failure() == .keysOfAnother(path: path))
        var altered = whole
        altered[whole.count - 1] ^= 1
        try altered.write(to: URL(fileURLWithPath: path))
        #expect(failure() == .keysUnreadable(path: path))
        try FileManager.default.removeItem(atPath: path)
        #expect(failure() == .keysMissing(path: path))
        try whole.write(to: URL(fileURLWithPath: path))
        #expect(failure() == nil)
    }

    @Test("does not open with the encryption key of another machine, and nothing is changed")
    func foreign() async throws {
        let note = SealedNote()
        let store = try SealedNote.store(in: directory)
        try await store.put(note)
        store.close()
        let before = directory.bytes("test.keys")
        #expect(failure { $0.encryptionKey = key(8) } == .keysUnderAnother(path: path))
        #expect(
            failure {
                $0.encryptionKey = key(8)
                $0.encryptionKeyBefore = key(7)
            } == .keysUnderAnother(path: path))
        #expect(failure { $0.encryptionKey = [1] } == .encryptionKeyLength)
        #expect(directory.bytes("test.keys") == before)
    }

    @Test("of another service's store does not open, though the encryption key is the same")
    func renamed() throws {
        try SealedNote.store(in: directory).close()
        try SealedNote.store(in: directory, "twin").close()
        try directory.bytes("twin.keys")?.write(to: URL(fileURLWithPath: path))
        #expect(failure() == .keysUnreadable(path: path))
    }

    @Test("goes on under a new encryption key with a start that is given both")
    func changedAtStart() async throws {
        let note = SealedNote()
        let store = try SealedNote.store(in: directory)
        try await store.put(note)
        store.close()
        let changed = try SealedNote.store(
            in: directory,
            settle: {
                $0.encryptionKeyBefore = $0.encryptionKey
                $0.encryptionKey = key(8)
            })
        #expect(try await changed.note(note.id) == note)
        changed.close()
        #expect(failure() == .keysUnderAnother(path: path))
        #expect(failure { $0.encryptionKey = key(8) } == nil)
    }

    @Test("is sealed anew under load, again and again, and no call fails")
    func changedUnderLoad() async throws {
        let store = try SealedNote.store(in: directory)
        let person = UUID()
        let tally = Tally()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<4 {
                group.addTask {
                    var number = 0
                    repeat {
                        // New people and known ones, and what was just written is read.
                        let note = SealedNote(
                            of: number % 2 == 0 ? person : UUID(), said: "\(lane) \(number)")
                        number += 1
                        let isGood = (try? await store.put(note)) != nil
                        let isRead = (try? await store.note(note.id)) == note
                        tally.add(isGood: isGood && isRead)
                    } while !tally.isDone.withLock { $0 }
                }
            }
            for byte in UInt8(10)...30 {
                try store.changeEncryptionKey(to: key(byte))
                // At least as many calls fall between two changes as there are lanes.
                let written = tally.counts.withLock { $0.written }
                while tally.counts.withLock({ $0.written }) < written + 4 { await Task.yield() }
            }
            tally.isDone.withLock { $0 = true }
            try await group.waitForAll()
        }
        let (written, failed) = tally.counts.withLock { $0 }
        #expect(written >= 80)
        #expect(failed == 0)
        let count = try await store.read { try $0.all(SealedNote.self).count }
        #expect(count == written)
        store.close()
        #expect(failure { $0.encryptionKey = key(29) } == .keysUnderAnother(path: path))
        let again = try SealedNote.store(in: directory, settle: { $0.encryptionKey = key(30) })
        #expect(try await again.read { try $0.all(SealedNote.self).count } == written)
        again.close()
    }

    @Test("of before an erasure is dead once the encryption key is changed")
    func copies() async throws {
        let store = try SealedNote.store(in: directory)
        let note = SealedNote(said: "gone")
        try await store.put(note)
        for file in TemporaryDirectory.storeFiles { try directory.copy(file, to: other) }
        try await store.erase(.counseling, of: note.person)
        #expect(store.keysDestroyedSinceChange == 2)
        try store.changeEncryptionKey(to: key(8))
        #expect(store.keysDestroyedSinceChange == 0)
        store.close()
        // Everything of the day before, and the encryption key of today.
        #expect(throws: StorageError.keysUnderAnother(path: other.path + "/test.keys")) {
            try SealedNote.store(in: other, settle: { $0.encryptionKey = key(8) })
        }
        // What the guide warns of: until then, and with the key of before, the copy still opens.
        let copied = try SealedNote.store(in: other)
        #expect(try await copied.note(note.id) == note)
        copied.close()
    }

    @Test("is there before the first record that needs it, wherever the process ends")
    func crash() async throws {
        // A key file that was written, and a database that has not noted it yet.
        try SealedNote.store(in: directory).close()
        for file in TemporaryDirectory.databaseFiles {
            try? FileManager.default.removeItem(atPath: directory.path + "/" + file)
        }
        let again = try SealedNote.store(in: directory)
        let note = SealedNote()
        try await again.put(note)
        // The files as a killed process leaves them.
        for file in TemporaryDirectory.storeFiles { try directory.copy(file, to: other) }
        again.close()
        let found = try SealedNote.store(in: other)
        #expect(try await found.note(note.id) == note)
        found.close()
    }

    @Test("is made for a store from before there were keys, whose plain records stay readable")
    func upgraded() async throws {
        // As it was: no keys, and the record in plain text.
        let note = SealedNote(nik: "77")
        let store = try PlainNote.store(in: directory)
        try await store.put(PlainNote(note))
        store.close()
        try FileManager.default.removeItem(atPath: path)
        let upgraded = try SealedNote.store(
            in: directory, more: [Migration("DELETE FROM key_file;")])
        #expect(try await upgraded.note(note.id) == note)
        let found = try await upgraded.read { snapshot in
            try snapshot.all(SealedNote.self, where: "nik = ?", [.fingerprint(use: "nik", "77")])
        }
        #expect(found == [note])
        var later = note
        later.said = "after"
        try await upgraded.put(later)
        try await upgraded.rebuild()
        #expect(try await upgraded.note(note.id) == later)
        upgraded.close()
    }
}
