import Synchronization
import TestKit
import Testing

@testable import Storage

@Suite("A query that nobody waits for", .timeLimit(.minutes(1)))
struct InterruptTests {
    @Test("is interrupted, and leaves the store as it was")
    func cancelled() async throws {
        let directory = try TemporaryDirectory()
        let store = try Note.store(in: directory)
        try await store.put(Note("one"))
        let hasBegun = Mutex(false)
        let task = Task {
            try await store.read { snapshot in
                hasBegun.withLock { $0 = true }
                // It would count until the test's time is over.
                return try snapshot.rows(
                    """
                    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number)
                    SELECT COUNT(*) FROM number
                    """, []
                ) { $0.integer(0) }
            }
        }
        while !hasBegun.withLock({ $0 }) { await Task.yield() }
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        #expect(try await store.read { try $0.all(Note.self) }.map(\.title) == ["one"])
        store.close()
    }
}
