internal import GRDB
internal import Synchronization
package import Vocabulary

/// What a write came to, once it is on the disk.
package struct Committed<Value: Sendable>: Sendable {
    package let value: Value
    /// The journal's position that includes the write.
    package let position: Int64
    /// Whether this is the answer of an earlier call with the same key.
    package let repeated: Bool
}

/// Names one logical write, so that its repeat gets the first answer.
package struct WriteKey: Hashable, Sendable {
    package let key: IdempotencyKey
    /// Who writes: two callers may use the same key for different things.
    package let caller: String
    package let method: String
    /// A hash of the request: the same key with another request is a mistake, and refused.
    package let digest: [UInt8]

    package init(key: IdempotencyKey, caller: String, method: String, digest: [UInt8]) {
        self.key = key
        self.caller = caller
        self.method = method
        self.digest = digest
    }
}

/// Runs one closure in a savepoint, and resumes its caller after the commit.
final class PendingWrite<Value: Sendable>: WriteOperation {
    typealias Body = @Sendable (borrowing Transaction) throws -> Value
    typealias Recall = @Sendable (borrowing Transaction) throws -> (Value, Int64)?

    private let body: Body
    private let recall: Recall?
    private let around: Surroundings
    private let judge: (any FetchJudge)?
    private let continuation: CheckedContinuation<Committed<Value>, any Error>
    private let outcome = Mutex<Result<(value: Value, first: Int64?), any Error>?>(nil)

    /// `recall`: finds the answer of an earlier call with the same key.
    init(
        _ continuation: CheckedContinuation<Committed<Value>, any Error>, around: Surroundings,
        judge: (any FetchJudge)? = nil, recall: Recall? = nil, body: @escaping Body
    ) {
        self.continuation = continuation
        self.around = around
        self.judge = judge
        self.recall = recall
        self.body = body
    }

    func run(_ database: Database, _ journal: JournalAppender) throws {
        let before = journal.state
        do {
            let result = try attempt(database, journal)
            outcome.withLock { $0 = .success(result) }
        } catch let refusal as Refusal {
            journal.goBack(to: before)
            outcome.withLock { $0 = .failure(refusal.error) }
        }
    }

    /// What one operation came to by its own fault; its neighbors go on.
    private struct Refusal: Error {
        let error: any Error
    }

    private func attempt(
        _ database: Database, _ journal: JournalAppender
    ) throws -> (value: Value, first: Int64?) {
        let transaction = Transaction(
            database: database, journal: journal, around: around, judge: judge)
        do {
            if let (value, position) = try recall?(transaction) { return (value, position) }
        } catch let error as StorageError {
            throw Refusal(error: error)
        }
        try database.execute(sql: "SAVEPOINT operation")
        do {
            let value = try body(transaction)
            try database.execute(sql: "RELEASE operation")
            return (value, nil)
        } catch {
            // After some errors, a full disk above all, SQLite has rolled back the transaction and
            // with it the neighbors: whatever ran now would be committed statement by statement.
            let isOfDisk = (error as? DatabaseError)?.isOfDisk ?? false
            guard database.isInsideTransaction, !isOfDisk else { throw error }
            try database.execute(sql: "ROLLBACK TO operation")
            try database.execute(sql: "RELEASE operation")
            throw Refusal(error: error)
        }
    }

    func finish(_ commit: Result<Int64, StorageError>) {
        switch (commit, outcome.withLock { $0 }) {
        case (.failure(let failure), _):
            continuation.resume(throwing: failure)
        case (.success, .failure(let error)):
            continuation.resume(throwing: error is DatabaseError ? StorageError(error) : error)
        case (.success(let position), .success(let result)):
            continuation.resume(
                returning: Committed(
                    value: result.value, position: result.first ?? position,
                    repeated: result.first != nil))
        case (.success, nil):
            continuation.resume(throwing: StorageError.failed("the write did not run"))
        }
    }
}
