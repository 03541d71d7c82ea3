import Foundation
import Hosting
import RPC
import Storage
import TestKit
import Testing
import Vocabulary

@Suite("The encryption key of a running service", .timeLimit(.minutes(1)))
struct EncryptionKeyTests {
    private let settled: Settled

    init() throws { settled = try Settled(.registry) }

    private func put(_ pair: String) throws {
        try settled.directory.write("encryption.key", String(repeating: pair, count: 32))
    }

    @Test("is changed where its file is, and a bad file changes nothing")
    func changed() async throws {
        let run = try await settled.host(WordService.self).start()
        let keys = settled.directory.path + "/store/registry.keys"
        let first = FileManager.default.contents(atPath: keys)
        for bad in ["a", "zz"] {
            try put(bad)
            await run.reload()
            #expect(FileManager.default.contents(atPath: keys) == first)
        }
        try put("b7")
        await run.reload()
        let second = FileManager.default.contents(atPath: keys)
        #expect(second != first)
        await run.reload()
        #expect(FileManager.default.contents(atPath: keys) == second)
        try await run.serve {}
        // From now on the new one alone is needed, and the one of before opens nothing.
        let again = try await settled.host(WordService.self).start()
        try await again.serve {}
        try put("a5")
        let host = try await settled.host(WordService.self)
        await #expect(throws: StorageError.keysUnderAnother(path: keys)) { try await host.start() }
    }

    @Test("is changed by a start that is given the one of before")
    func changedAtStart() async throws {
        try await settled.host(WordService.self).start().serve {}
        var changed = settled
        changed.flags["store.encryptionKeyBefore"] = try settled.directory.write(
            "before.key", String(repeating: "a5", count: 32))
        try put("b7")
        try await changed.host(WordService.self).start().serve {}
        try await settled.host(WordService.self).start().serve {}
    }
}
