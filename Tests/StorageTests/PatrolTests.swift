import Foundation
import Storage
import TestKit
import Testing
import Vocabulary

@Suite("A patrol over an open journal", .timeLimit(.minutes(2)))
struct PatrolTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var tamper: Tamper { Tamper(store: directory.path + "/test.sqlite") }

    /// A store whose entries have left its log.
    private func filled(_ count: Int) async throws -> Store {
        let store = try Note.store(in: directory)
        for number in 0..<count { try await store.put(Note("\(number)")) }
        store.close()
        return try Note.store(in: directory)
    }

    @Test("finds nothing where only the service writes, over checkpoints and rollbacks too")
    func quiet() async throws {
        let store = try await filled(3)
        var patrol = store.patrol()
        #expect(try await patrol.whole() == 3)
        for number in 0..<150 {
            try await store.put(Note("n\(number)", "a b c d e f g h"))
            _ = try? await store.write { _ in throw Refusal() }
            if number % 5 == 0 {
                let round = try await patrol.round(slice: .milliseconds(1))
                guard case .disturbed = round else { continue }
                Issue.record("disturbed at \(number)")
            }
        }
        #expect(try await patrol.whole() == 153)
        store.close()
    }

    @Test(
        "finds in its next round what another program did to the journal",
        arguments: [Tamper.Kind.edit, .delete, .reorder, .truncate, .append, .raw], 1...3)
    func tampered(kind: Tamper.Kind, seed: Int) async throws {
        let store = try await filled(40)
        var patrol = store.patrol()
        #expect(try await patrol.whole() == 40)
        #expect(try await patrol.round(slice: .seconds(1)) == .fits)
        let did = try tamper.run(kind, seed: seed)
        await #expect("\(did)") {
            _ = try await patrol.round(slice: .seconds(1))
        } throws: { error in
            switch error as? StorageError {
            case .chainBroken, .cutOff, .replaced: true
            default: false
            }
        }
        store.close()
    }

    @Test("tells that another program has written where journal and tables are whole")
    func disturbed() async throws {
        let store = try await filled(10)
        var patrol = store.patrol()
        #expect(try await patrol.whole() == 10)
        try tamper.run(.nothing, seed: 1)
        #expect(try await patrol.round(slice: .seconds(1)) == .disturbed(entries: 10))
        #expect(try await patrol.round(slice: .seconds(1)) == .fits)
        store.close()
    }

    @Test("finds that another file is in the database's place, or none")
    func replaced() async throws {
        let store = try await filled(10)
        let path = directory.path + "/test.sqlite"
        var patrol = store.patrol()
        #expect(try await patrol.whole() == 10)
        try FileManager.default.copyItem(atPath: path, toPath: path + ".copy")
        rename(path + ".copy", path)
        await #expect(throws: StorageError.fileReplaced(path: path)) {
            try await patrol.round(slice: .seconds(1))
        }
        try FileManager.default.removeItem(atPath: path)
        await #expect(throws: StorageError.fileReplaced(path: path)) {
            try await patrol.round(slice: .seconds(1))
        }
        store.close()
    }

    @Test("has the next start check the whole before it answers, once something was found")
    func alarm() async throws {
        let settle: (inout StoreConfiguration) -> Void = { $0.checkedAtStart = 1 }
        try await filled(5).close()
        try tamper.run(.first, seed: 1)
        // The end of the journal fits.
        let store = try Note.store(in: directory, settle: settle)
        try store.noteAlarm("found")
        store.close()
        for _ in 1...2 {
            #expect(throws: StorageError.chainBroken(position: 1)) {
                try Note.store(in: directory, settle: settle)
            }
        }
    }

    @Test("goes on where it stopped, and comes round")
    func slices() async throws {
        let store = try await filled(1200)
        var patrol = store.patrol()
        #expect(try await patrol.whole() == 1200)
        var rounds = 0
        while try await patrol.round(slice: .zero) != .whole(entries: 1200) {
            rounds += 1
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(rounds > 2)
        store.close()
    }
}
