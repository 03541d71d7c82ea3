internal import Dispatch
internal import Foundation
internal import GRDB
internal import Logging
internal import Synchronization

/// One write that waits for the writer's thread.
protocol WriteOperation: Sendable {
    /// Runs inside the transaction.
    ///
    /// - Throws: only what ends the whole batch: a full or failing disk.
    func run(_ database: Database, _ journal: JournalAppender) throws
    /// Tells the caller how it went: the journal's position after the commit, or why that failed.
    func finish(_ commit: Result<Int64, StorageError>)
}

/// The one thread that writes: many operations, one commit, one flush to the disk.
///
/// It takes whatever waits, runs each operation in a savepoint of its own, commits once, and only
/// then answers all. Under load the batches grow by themselves; a lone write is not delayed.
///
/// A full disk fails the batch, which is rolled back whole, and the next may succeed. Any other
/// failure of the disk ends the process: after a failed flush nobody can tell what is stored, and
/// a second flush that succeeds would prove nothing.
final class Writer: Sendable {
    struct Limits {
        /// Operations that may wait.
        var queue: Int
        /// Operations that share one commit.
        var batch: Int
    }

    private struct Queue {
        var operations: [any WriteOperation] = []
        var isClosed = false
    }

    /// The thread's own state.
    private final class Desk {
        let journal: JournalAppender
        let sealer: HeadSealer
        /// Rows changed up to the last checkpoint.
        var checkpointed = 0

        init(_ journal: JournalAppender, _ sealer: HeadSealer) {
            self.journal = journal
            self.sealer = sealer
        }
    }

    /// Rows changed between two checkpoints; each touches a few pages of four KiB.
    private static let changesPerCheckpoint = 1000

    private let queue = Mutex(Queue())
    private let wake = DispatchSemaphore(value: 0)
    private let stopped = DispatchSemaphore(value: 0)
    private let pool: DatabasePool
    private let keys: KeyRing
    private let limits: Limits
    private let checkpoints: Checkpoints
    private let onCommit: @Sendable (StoreMark) -> Void
    private let onFatal: @Sendable (String) -> Void

    init(
        pool: DatabasePool, keys: KeyRing, limits: Limits, checkpoints: Checkpoints,
        onCommit: @escaping @Sendable (StoreMark) -> Void,
        onFatal: @escaping @Sendable (String) -> Void
    ) {
        self.pool = pool
        self.keys = keys
        self.limits = limits
        self.checkpoints = checkpoints
        self.onCommit = onCommit
        self.onFatal = onFatal
    }

    /// Starts the thread, which makes what it alone uses.
    func start(_ make: @escaping @Sendable () -> (JournalAppender, HeadSealer)) {
        let thread = Thread { [self] in
            let (journal, sealer) = make()
            let desk = Desk(journal, sealer)
            while let batch = nextBatch(until: sealer.due(journal.mark)) {
                if !batch.isEmpty { commit(batch, desk) }
                seal(desk)
                checkpoint(desk)
            }
            seal(desk, now: true)
            stopped.signal()
        }
        thread.name = "store-writer"
        thread.start()
    }

    func submit(_ operation: any WriteOperation) throws(StorageError) {
        let refusal: StorageError? = queue.withLock { queue in
            if queue.isClosed { return .closed }
            if queue.operations.count >= limits.queue { return .overloaded(limit: limits.queue) }
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

    /// What waits; nothing where the time came first, and nil after the last.
    private func nextBatch(until due: DispatchTime?) -> [any WriteOperation]? {
        while true {
            let (batch, isClosed) = queue.withLock { queue in
                let batch = Array(queue.operations.prefix(limits.batch))
                queue.operations.removeFirst(batch.count)
                return (batch, queue.isClosed)
            }
            if !batch.isEmpty { return batch }
            if isClosed { return nil }
            if wake.wait(timeout: due ?? .distantFuture) == .timedOut { return [] }
        }
    }

    private func commit(_ batch: [any WriteOperation], _ desk: Desk) {
        let before = desk.journal.state
        let mark = desk.journal.mark
        let result: Result<Int64, StorageError>
        do {
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "BEGIN IMMEDIATE")
                do {
                    for operation in batch { try operation.run(database, desk.journal) }
                    try desk.journal.seal(database)
                    try database.execute(sql: "COMMIT")
                } catch {
                    // SQLite may have rolled back by itself already.
                    if database.isInsideTransaction { try database.execute(sql: "ROLLBACK") }
                    throw error
                }
            }
            result = destroyKeys(desk.journal).map { desk.journal.head.position }
        } catch {
            desk.journal.goBack(to: before)
            stopIfFatal(error)
            result = .failure(StorageError(error))
        }
        // First the position, so that whoever is answered finds the store no older than that.
        if case .success = result, desk.journal.mark != mark { onCommit(desk.journal.mark) }
        for operation in batch { operation.finish(result) }
    }

    /// Destroys the keys that the commit has told of.
    ///
    /// Where the file cannot be written the process ends: the next start does it before anything
    /// is answered, and nobody is told before that it was done.
    private func destroyKeys(_ journal: JournalAppender) -> Result<Void, StorageError> {
        guard !journal.erasures.numbers.isEmpty else { return .success(()) }
        do {
            try keys.destroy(journal.erasures.numbers)
            journal.forgetErasures()
            return .success(())
        } catch {
            onFatal("\(error)")
            return .failure(.failed("\(error)"))
        }
    }

    private func seal(_ desk: Desk, now: Bool = false) {
        do {
            try desk.sealer.seal(desk.journal.mark, now: now)
        } catch {
            onFatal("\(error)")
        }
    }

    /// Moves what was committed from the write-ahead log into the database, now and then.
    private func checkpoint(_ desk: Desk) {
        do {
            try pool.writeWithoutTransaction { database in
                let changes = database.totalChangesCount
                guard changes - desk.checkpointed >= Self.changesPerCheckpoint else { return }
                desk.checkpointed = changes
                try checkpoints.making { _ = try database.checkpoint(.passive) }
            }
        } catch {
            // On a full disk the log keeps what is committed, until a later one succeeds.
            stopIfFatal(error)
        }
    }

    private func stopIfFatal(_ error: any Error) {
        guard let error = error as? DatabaseError, error.isOfDisk, !error.isOfFullDisk else {
            return
        }
        onFatal("\(error.extendedResultCode)")
    }
}

extension DatabaseError {
    /// Whether there was no room: SQLite names the shared index of the log apart.
    var isOfFullDisk: Bool {
        resultCode == .SQLITE_FULL || extendedResultCode == .SQLITE_IOERR_SHMSIZE
    }

    /// Whether it is the disk or the file that failed, and not the statement.
    var isOfDisk: Bool {
        switch resultCode {
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CANTOPEN,
            .SQLITE_READONLY:
            true
        default: false
        }
    }
}

extension StorageError {
    /// Sorts an error of the database into those that a caller can act on.
    init(_ error: any Error) {
        switch error {
        case let error as StorageError: self = error
        case let error as DatabaseError where error.isOfFullDisk: self = .diskFull
        case let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT:
            self = .constraint(error.message ?? "unnamed")
        default: self = .failed("\(error)")
        }
    }
}
