internal import Dispatch
internal import Foundation
internal import GRDB
internal import Synchronization

/// One write that waits for the writer's thread.
protocol WriteOperation: Sendable {
    /// Runs inside the transaction.
    func run(_ database: Database, _ journal: JournalAppender)
    /// Tells the caller how it went: the journal's position after the commit, or why that failed.
    func finish(_ commit: Result<Int64, StorageError>)
}

/// The one thread that writes: many operations, one commit, one flush to the disk.
///
/// It takes whatever waits, runs each operation in a savepoint of its own, commits once, and only
/// then answers all. Under load the batches grow by themselves; a lone write is not delayed.
final class Writer: Sendable {
    private struct Queue {
        var operations: [any WriteOperation] = []
        var isClosed = false
    }

    private let queue = Mutex(Queue())
    private let wake = DispatchSemaphore(value: 0)
    private let stopped = DispatchSemaphore(value: 0)
    private let pool: DatabasePool
    private let limit: Int
    private let batchLimit: Int
    private let onCommit: @Sendable (Int64) -> Void
    private let onFatal: @Sendable (String) -> Void

    init(
        pool: DatabasePool, limit: Int, batchLimit: Int,
        onCommit: @escaping @Sendable (Int64) -> Void,
        onFatal: @escaping @Sendable (String) -> Void
    ) {
        self.pool = pool
        self.limit = limit
        self.batchLimit = batchLimit
        self.onCommit = onCommit
        self.onFatal = onFatal
    }

    /// Starts the thread; `chain` and `head` are its alone from here on.
    func start(chain: JournalChain, head: JournalHead) {
        let thread = Thread { [self] in
            let journal = JournalAppender(chain: chain, head: head)
            while let batch = nextBatch() { commit(batch, journal) }
            stopped.signal()
        }
        thread.name = "store-writer"
        thread.start()
    }

    func submit(_ operation: any WriteOperation) throws(StorageError) {
        let refusal: StorageError? = queue.withLock { queue in
            if queue.isClosed { return .closed }
            if queue.operations.count >= limit { return .overloaded(limit: limit) }
            queue.operations.append(operation)
            return nil
        }
        if let refusal { throw refusal }
        wake.signal()
    }

    /// Finishes what is queued and ends the thread; false where that was done before.
    func close() -> Bool {
        let wasOpen = queue.withLock { queue in
            defer { queue.isClosed = true }
            return !queue.isClosed
        }
        guard wasOpen else { return false }
        wake.signal()
        stopped.wait()
        return true
    }

    private func nextBatch() -> [any WriteOperation]? {
        while true {
            let (batch, isClosed) = queue.withLock { queue in
                let batch = Array(queue.operations.prefix(batchLimit))
                queue.operations.removeFirst(batch.count)
                return (batch, queue.isClosed)
            }
            if !batch.isEmpty { return batch }
            if isClosed { return nil }
            wake.wait()
        }
    }

    private func commit(_ batch: [any WriteOperation], _ journal: JournalAppender) {
        let before = journal.head
        let result: Result<Int64, StorageError>
        do {
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "BEGIN IMMEDIATE")
                do {
                    for operation in batch { operation.run(database, journal) }
                    try database.execute(sql: "COMMIT")
                } catch {
                    if database.isInsideTransaction { try? database.execute(sql: "ROLLBACK") }
                    throw error
                }
            }
            result = .success(journal.head.position)
        } catch {
            journal.head = before
            result = .failure(failure(error))
        }
        for operation in batch { operation.finish(result) }
        if case .success(let position) = result, position > before.position { onCommit(position) }
    }

    /// A failed flush or a damaged file ends the process: trying again would be a lie.
    private func failure(_ error: any Error) -> StorageError {
        let failure = StorageError(error)
        if let code = (error as? DatabaseError)?.resultCode {
            switch code {
            case .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CANTOPEN:
                onFatal("\(error)")
            default: break
            }
        }
        return failure
    }
}

extension StorageError {
    /// Sorts an error of the database into those that a caller can act on.
    init(_ error: any Error) {
        switch error {
        case let error as StorageError: self = error
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL: self = .diskFull
        case let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT:
            self = .constraint(error.message ?? "unnamed")
        default: self = .failed("\(error)")
        }
    }
}
