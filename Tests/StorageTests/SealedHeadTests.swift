import Foundation
import Storage
import TestKit
import Testing
import Vocabulary

@Suite("The sealed head of a journal", .timeLimit(.minutes(1)))
struct SealedHeadTests {
    private let directory: TemporaryDirectory
    private let copy: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        copy = try TemporaryDirectory()
    }

    private func write(_ count: Int) async throws {
        let store = try Note.store(in: directory)
        for _ in 0..<count { try await store.put(Note(UUID().uuidString)) }
        store.close()
    }

    private func failure(of settle: (inout StoreConfiguration) -> Void = { _ in }) -> StorageError?
    {
        do {
            try Note.store(in: directory, settle: settle).close()
            return nil
        } catch {
            return error as? StorageError
        }
    }

    @Test("finds an older copy of the database that was put back")
    func older() async throws {
        try await write(3)
        try directory.copy("test.sqlite", to: copy)
        try await write(2)
        try copy.copy("test.sqlite", to: directory)
        let found = failure()
        #expect(found == .cutOff(sealed: 5, found: 3))
        #expect(found?.description.contains("store.acceptRestored=true") == true)
    }

    @Test("finds a database that is gone")
    func gone() async throws {
        try await write(2)
        try copy.copy("test.sqlite", to: directory)
        #expect(failure() == .cutOff(sealed: 2, found: 0))
    }

    @Test("finds an older copy that has grown past it since")
    func grown() async throws {
        try await write(3)
        for file in TemporaryDirectory.storeFiles { try directory.copy(file, to: copy) }
        try await write(2)
        let sealed = try #require(directory.bytes("test.head"))
        for file in TemporaryDirectory.storeFiles { try copy.copy(file, to: directory) }
        try await write(4)
        try sealed.write(to: URL(fileURLWithPath: directory.path + "/test.head"))
        #expect(failure() == .replaced(position: 5))
    }

    @Test("must be there, and as it was sealed, where there is a journal")
    func head() async throws {
        try await write(2)
        let path = directory.path + "/test.head"
        var text = try String(contentsOfFile: path, encoding: .utf8)
        text = text.replacingOccurrences(of: "pulih-head-2 2 ", with: "pulih-head-2 1 ")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(failure() == .headUnreadable(path: path))
        try FileManager.default.removeItem(atPath: path)
        #expect(failure() == .headMissing(path: path))
    }

    @Test("may lag behind the journal, as after a crash")
    func crash() async throws {
        let store = try Note.store(in: directory, settle: { $0.sealInterval = .seconds(3600) })
        for number in 0..<5 { try await store.put(Note("\(number)")) }
        // The files as a crash leaves them: nothing is flushed or sealed on the way out.
        for file in TemporaryDirectory.storeFiles { try directory.copy(file, to: copy) }
        store.close()
        #expect(copy.bytes("test.head") != directory.bytes("test.head"))
        let again = try Note.store(in: copy)
        #expect(again.position == 5)
        again.close()
        #expect(copy.bytes("test.head") == directory.bytes("test.head"))
    }

    @Test("follows the journal while the store is open and idle")
    func follows() async throws {
        let store = try Note.store(in: directory, settle: { $0.sealInterval = .milliseconds(10) })
        let before = directory.bytes("test.head")
        try await store.put(Note("one"))
        while directory.bytes("test.head") == before {
            try await Task.sleep(for: .milliseconds(5))
        }
        // What a crash now leaves without its log is shorter than what was sealed.
        try directory.copy("test.head", to: copy)
        try directory.copy("test.sqlite", to: copy)
        #expect(throws: StorageError.cutOff(sealed: 1, found: 0)) { try Note.store(in: copy) }
        store.close()
    }

    @Test("lets a restored store in where that is accepted, and the journal says so")
    func accepted() async throws {
        try await write(3)
        try directory.copy("test.sqlite", to: copy)
        try await write(2)
        try copy.copy("test.sqlite", to: directory)
        let store = try Note.store(in: directory, settle: { $0.restoreAcceptedAt = now })
        let entries = try await store.entries(after: 3, limit: 10)
        #expect(entries.map(\.noun) == ["store"])
        #expect(entries.map(\.verb) == ["restored"])
        #expect(try await store.verifyChain() == ChainReport(entries: 4, brokenAt: nil))
        store.close()
        #expect(failure() == nil)
        #expect(failure { $0.restoreAcceptedAt = now } == nil)
    }

    @Test("never lets an altered entry in, accepted or not")
    func altered() async throws {
        try await write(4)
        let migrations = [
            Note.table, Migration("UPDATE journal SET verb = 'x' WHERE position = 2;"),
        ]
        #expect(throws: StorageError.chainBroken(position: 2)) {
            try Note.store(
                in: directory, migrations: migrations, settle: { $0.restoreAcceptedAt = now })
        }
    }
}
