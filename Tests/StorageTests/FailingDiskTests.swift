import Foundation
import Storage
import Synchronization
import TestKit
import Testing

@Suite("A store whose disk", .timeLimit(.minutes(1)))
struct FailingDiskTests {
    private func mount(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/\(arguments[0])")
        process.arguments = Array(arguments.dropFirst())
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments)")
    }

    @Test(
        "is full refuses what does not fit, keeps what did, and goes on when there is room",
        .enabled(if: geteuid() == 0, "a small disk is mounted for it, which needs root"))
    func full() async throws {
        let directory = try TemporaryDirectory()
        try mount("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", directory.path)
        defer { try? mount("umount", directory.path) }
        let store = try Note.store(in: directory, settle: { $0.sealInterval = .milliseconds(5) })
        var kept: Set<String> = []
        let ballast = directory.path + "/ballast"
        try Data(count: 700_000).write(to: URL(fileURLWithPath: ballast))
        // Too large for SQLite's cache: the disk is full inside the operation, whose neighbors
        // SQLite then rolls back too, and not only at the commit.
        let huge = Note("huge", String(repeating: "x", count: 6_000_000))
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    if number == 10 {
                        await #expect(throws: StorageError.diskFull) { try await store.put(huge) }
                    } else {
                        _ = try? await store.put(Note("beside \(number)"))
                    }
                }
            }
        }
        for note in try await store.read({ try $0.all(Note.self) }) { kept.insert(note.title) }
        #expect(store.position == Int64(kept.count))
        var refused = 0
        for number in 0..<2000 where refused < 5 {
            do {
                try await store.put(Note("\(number)", String(repeating: "x", count: 5000)))
                kept.insert("\(number)")
            } catch {
                #expect(error as? StorageError == .diskFull)
                refused += 1
            }
        }
        #expect(refused == 5)
        #expect(!kept.isEmpty)
        try FileManager.default.removeItem(atPath: ballast)
        try await store.put(Note("after"))
        kept.insert("after")
        let titles = try await store.read { try $0.all(Note.self).map(\.title) }
        #expect(Set(titles) == kept)
        let report = try await store.verifyChain()
        #expect(report == ChainReport(entries: Int64(kept.count), brokenAt: nil))
        store.close()
        let again = try Note.store(in: directory)
        #expect(again.position == Int64(kept.count))
        again.close()
    }

    @Test("gives back damaged pages ends the process, and answers nothing after")
    func damaged() async throws {
        let directory = try TemporaryDirectory()
        let first = try Note.store(in: directory)
        for number in 0..<200 { try await first.put(Note("\(number)", "text")) }
        first.close()
        let path = directory.path + "/test.sqlite"
        let reasons = Mutex<[String]>([])
        let store = try Note.store(
            in: directory, settle: { $0.checkedAtStart = 0 },
            onFatal: { reason in reasons.withLock { $0.append(reason) } })
        // Every page but the first: the tables' own are read again only when they are needed.
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        let size = try handle.seekToEnd()
        try handle.seek(toOffset: 4096)
        try handle.write(contentsOf: Data(repeating: 0x5a, count: Int(size) - 4096))
        try handle.close()
        await #expect(throws: StorageError.self) { try await store.put(Note("after")) }
        #expect(reasons.withLock { $0 }.isEmpty == false)
        store.close()
    }
}
