internal import Foundation
internal import GRDB
package import Logging

/// Where a store lies, and what bounds it.
package struct StoreConfiguration: Sendable {
    /// The directory, made where it is missing, readable by its owner alone.
    package var directory: String
    /// The file's name without its ending.
    package var name: String
    /// 32 secret bytes that key the journal's hash chain.
    package var journalKey: [UInt8]
    /// Writes that may wait; one more is refused at once.
    package var queueLimit: Int
    /// Writes that share one commit.
    package var batchLimit: Int
    /// Entries at the journal's end that are checked at every start.
    package var checkedAtStart: Int64

    package init(
        directory: String, name: String, journalKey: [UInt8], queueLimit: Int = 4096,
        batchLimit: Int = 64, checkedAtStart: Int64 = 1000
    ) {
        self.directory = directory
        self.name = name
        self.journalKey = journalKey
        self.queueLimit = queueLimit
        self.batchLimit = batchLimit
        self.checkedAtStart = checkedAtStart
    }
}

/// A service's records on disk: a journal with a keyed hash chain, and tables made from it.
///
/// Every write is one operation on one thread (``Writer``); an answered write is on the disk.
/// Reads run beside it on consistent snapshots.
package final class Store: Sendable {
    private let pool: DatabasePool
    private let writer: Writer
    private let lock: StoreLock
    private let chain: JournalChain
    private let schema: Schema
    private let watchers = Watchers()

    /// Opens or makes a store.
    ///
    /// `onFatal`: what to do when the disk fails under a write. The process must end,
    ///   because nobody can tell any more what is stored.
    package init(
        _ configuration: StoreConfiguration, schema: Schema, logger: Logger,
        onFatal: @escaping @Sendable (String) -> Void = Store.stopProcess
    ) throws(StorageError) {
        chain = try JournalChain(key: configuration.journalKey)
        self.schema = schema
        let path = "\(configuration.directory)/\(configuration.name).sqlite"
        do {
            try FileManager.default.createDirectory(
                atPath: configuration.directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .failed("cannot make the directory: \(error)")
        }
        lock = try StoreLock(path: "\(configuration.directory)/\(configuration.name).lock")
        try StoreFile.refuseNewer(path: path, known: schema.version)
        pool = try StoreFile.open(path: path, schema: schema, logger: logger)
        let head = try StoreFile.verifiedHead(
            pool, chain: chain, last: configuration.checkedAtStart)
        let watchers = watchers
        writer = Writer(
            pool: pool, limit: configuration.queueLimit, batchLimit: configuration.batchLimit,
            onCommit: { watchers.notify($0) }, onFatal: onFatal)
        watchers.notify(head.position)
        writer.start(chain: chain, head: head)
    }

    /// Ends the process at once: the default answer to a failing disk.
    package static let stopProcess: @Sendable (String) -> Void = { reason in
        FileHandle.standardError.write(Data("fatal: the store's disk failed: \(reason)\n".utf8))
        exit(70)
    }

    // MARK: Writing

    /// Runs `body` in the next commit, and returns when it is on the disk.
    ///
    /// What `body` throws is rethrown, and nothing of it is kept.
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> Value
    ) async throws -> Committed<Value> {
        try await submit(recall: nil, body)
    }

    /// Runs `body` once for each key: a repeat gets the bytes of the first answer.
    ///
    /// - Throws: ``StorageError/keyReused`` where the key came with another call.
    package func write(
        once key: WriteKey, _ body: @escaping @Sendable (borrowing Transaction) throws -> [UInt8]
    ) async throws -> Committed<[UInt8]> {
        try await submit(recall: { try $0.firstAnswer(to: key) }) { transaction in
            let answer = try body(transaction)
            try transaction.keep(answer, for: key)
            return answer
        }
    }

    private func submit<Value: Sendable>(
        recall: PendingWrite<Value>.Recall?, _ body: @escaping PendingWrite<Value>.Body
    ) async throws -> Committed<Value> {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            do {
                try writer.submit(PendingWrite(continuation, recall: recall, body: body))
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    // MARK: Reading

    /// Runs `body` on what is committed.
    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (borrowing Snapshot) throws -> Value
    ) async throws -> Value {
        try await pool.read { database in try body(Snapshot(database: database)) }
    }

    /// Entries of the journal in order, from just after a position.
    package func entries(after position: Int64, limit: Int) async throws -> [JournalEntry] {
        try await pool.read { try JournalRows.page($0, after: position, limit: limit) }
    }

    /// The last position of the journal that is on the disk.
    package var position: Int64 { watchers.position }

    /// The journal's position now and after each commit; a slow consumer sees only the newest.
    package func positions() -> AsyncStream<Int64> { watchers.stream() }

    // MARK: Care

    /// Recomputes the whole hash chain.
    package func verifyChain() async throws -> ChainReport {
        let chain = chain
        return try await pool.read { database in
            let count = try Int64.fetchOne(database, sql: "SELECT COUNT(*) FROM journal") ?? 0
            return ChainReport(
                entries: count,
                brokenAt: try JournalRows.firstBreak(database, chain: chain, from: 0))
        }
    }

    /// Empties the tables and makes them again from the journal.
    ///
    /// Copies of peers' facts are not in this journal: their feeds start again from the beginning.
    package func rebuild() async throws {
        let schema = schema
        _ = try await write { try $0.rebuild(schema.records) }
    }

    /// Finishes the writes that wait, and closes the file; a second time does nothing.
    package func close() {
        // A checkpoint of a closed file would crash the process.
        guard writer.close() else { return }
        watchers.finish()
        // The pool closes its writer first, and readers cannot empty the write-ahead log.
        try? pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        try? pool.close()
        lock.release()
    }
}
