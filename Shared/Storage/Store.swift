internal import Foundation
internal import GRDB
package import Logging
package import Vocabulary

/// Where a store lies, and what bounds it.
package struct StoreConfiguration: Sendable {
    /// The directory, made where it is missing, readable by its owner alone.
    package var directory: String
    /// The file's name without its ending.
    package var name: String
    /// 32 secret bytes that key the journal's hash chain.
    package var journalKey: [UInt8]
    /// 32 secret bytes under which the key file is sealed.
    package var encryptionKey: [UInt8]
    /// The encryption key of before, for the start with which it is changed; nil otherwise.
    package var encryptionKeyBefore: [UInt8]?
    /// Writes that may wait; one more is refused at once.
    package var queueLimit: Int
    /// Writes that share one commit.
    package var batchLimit: Int
    /// Entries at the journal's end that are checked at every start, beside all since the last
    /// seal.
    package var checkedAtStart: Int64 = 10_000
    /// How often the journal's head is sealed while it moves.
    package var sealInterval = Duration.seconds(5)
    /// Seconds for which the answer of a keyed write is kept for its repeats.
    package var answersKept: Int64 = 30 * 86_400
    /// What the journal says as the time of what the store notes itself when it opens.
    package var openedAt = Timestamp(microseconds: 0)
    /// Whether it is opened to make the tables anew, whatever they hold (``Store/rebuild()``).
    package var remakesTables = false
    /// When somebody accepted that this store was restored from a backup; nil where nobody did.
    package var restoreAcceptedAt: Timestamp?

    package init(
        directory: String, name: String, journalKey: [UInt8], encryptionKey: [UInt8],
        queueLimit: Int = 4096, batchLimit: Int = 64
    ) {
        self.directory = directory
        self.name = name
        self.journalKey = journalKey
        self.encryptionKey = encryptionKey
        self.queueLimit = queueLimit
        self.batchLimit = batchLimit
    }
}

/// A service's records on disk: a journal with a keyed hash chain, and tables made from it, whose
/// digests are sealed (``TablesSeal``).
///
/// Every write is one operation on one thread (``Writer``); an answered write is on the disk.
/// Reads run beside it on consistent snapshots.
package final class Store: Sendable {
    private let pool: DatabasePool
    private let writer: Writer
    private let lock: StoreLock
    private let chain: JournalChain
    private let around: Surroundings
    private let answersKept: Int64
    private let openedAt: Timestamp
    private let tables: TableSums
    private let watchers = Watchers()
    private let checkpoints = Checkpoints()
    private let alarm: AlarmFile
    private let reserve: Reserve
    private let path: String

    /// Opens or makes a store.
    ///
    /// `onFatal`: what to do when the disk fails under a write. The process must end,
    ///   because nobody can tell any more what is stored.
    package init(
        _ configuration: StoreConfiguration, schema: Schema, logger: Logger,
        onFatal: @escaping @Sendable (String) -> Void = Store.stopProcess
    ) throws(StorageError) {
        chain = try JournalChain(key: configuration.journalKey)
        let encryption = try EncryptionKey(configuration.encryptionKey)
        let encryptionBefore = try configuration.encryptionKeyBefore.map {
            bytes throws(StorageError) in
            try EncryptionKey(bytes)
        }
        answersKept = configuration.answersKept
        openedAt = configuration.openedAt
        let tables = TableSums(chain, store: configuration.name)
        self.tables = tables
        path = "\(configuration.directory)/\(configuration.name).sqlite"
        do {
            try FileManager.default.createDirectory(
                atPath: configuration.directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .failed("cannot make the directory: \(error)")
        }
        lock = try StoreLock(path: "\(configuration.directory)/\(configuration.name).lock")
        try StoreFile.admit(path: path, schema: schema)
        pool = try StoreFile.open(path: path, logger: logger) { database in
            try TablesStart.migrate(
                schema, tables.check, remakes: configuration.remakesTables, database)
        }
        let file = HeadFile(
            directory: configuration.directory, name: configuration.name, chain: chain)
        alarm = AlarmFile(directory: configuration.directory, name: configuration.name)
        reserve = Reserve(directory: configuration.directory, name: configuration.name)
        if !reserve.take() {
            logger.warning("the disk has no room for the reserve that notes of emergencies need")
        }
        let journalStart = JournalStart(
            pool: pool, chain: chain, file: file,
            checked: alarm.exists ? .max : configuration.checkedAtStart,
            acceptedAt: configuration.restoreAcceptedAt, logger: logger)
        let (mark, sealed) = try TablesStart(
            schema: schema, sums: tables, journal: journalStart,
            remakes: configuration.remakesTables, checksAll: alarm.exists,
            now: configuration.openedAt
        ).begin(try journalStart.found(), pool, chain)
        do {
            try alarm.remove()
        } catch {
            throw .failed("cannot remove \(alarm.path)")
        }
        let start = KeyStart(
            pool: pool,
            file: KeyFile(directory: configuration.directory, name: configuration.name),
            encryption: encryption, before: encryptionBefore,
            plainThrough: mark.head.position, logger: logger)
        let (keys, isNoted) = try start.open()
        let around = Surroundings(
            heard: HeardTimes(), seals: Seals(keys: keys, logger: logger), schema: schema)
        self.around = around
        let journal = JournalAppender(chain: chain, head: mark.head, tables: tables)
        do {
            try pool.write { database in
                tables.watch(database)
                guard !isNoted else { return }
                try start.note(
                    keys,
                    in: Transaction(
                        database: database, journal: journal, around: around, judge: nil),
                    at: configuration.openedAt)
                try journal.seal(database)
            }
        } catch {
            throw StorageError(error)
        }
        try start.finish(keys)
        let watchers = watchers
        writer = Writer(
            pool: pool, keys: keys,
            limits: .init(queue: configuration.queueLimit, batch: configuration.batchLimit),
            checkpoints: checkpoints, onCommit: { watchers.notify($0) }, onFatal: onFatal)
        watchers.notify(journal.mark)
        let (chain, interval, end) = (chain, configuration.sealInterval, journal.head)
        writer.start {
            (
                JournalAppender(chain: chain, head: end, tables: tables),
                HeadSealer(file, sealed: sealed, every: interval, logger: logger)
            )
        }
    }

    /// Ends the process at once: the default answer to a failing disk.
    package static let stopProcess: @Sendable (String) -> Void = { reason in
        FileHandle.standardError.write(Data("fatal: the store's disk failed: \(reason)\n".utf8))
        _exit(70)
    }

    var keys: KeyRing { around.seals.keys }

    // MARK: Writing

    /// Runs `body` in the next commit, and returns when it is on the disk.
    ///
    /// What `body` throws is rethrown, and nothing of it is kept.
    /// `judge`: asked about everybody of whom `body` fetches or stores a record.
    package func write<Value: Sendable>(
        judge: (any FetchJudge)? = nil,
        _ body: @escaping @Sendable (borrowing Transaction) throws -> Value
    ) async throws -> Committed<Value> {
        try await submit(judge: judge, recall: nil, body)
    }

    /// Runs `body` once for each key: a repeat gets the bytes of the first answer.
    ///
    /// Answers are kept for ``StoreConfiguration/answersKept`` seconds, counted from `time`. A
    /// repeat after that is a new call: what keeps it from having its effect twice is then the
    /// record's own identifier, which the caller has chosen and `body` finds in use.
    /// - Throws: ``StorageError/keyReused`` where the key came with another call.
    package func write(
        once key: WriteKey, at time: Timestamp, judge: (any FetchJudge)? = nil,
        _ body: @escaping @Sendable (borrowing Transaction) throws -> [UInt8]
    ) async throws -> Committed<[UInt8]> {
        let kept = answersKept
        return try await submit(judge: judge, recall: { try $0.firstAnswer(to: key) }) {
            transaction in
            let answer = try body(transaction)
            try transaction.keep(answer, for: key, at: time, kept: kept)
            return answer
        }
    }

    private func submit<Value: Sendable>(
        judge: (any FetchJudge)?, recall: PendingWrite<Value>.Recall?,
        _ body: @escaping PendingWrite<Value>.Body
    ) async throws -> Committed<Value> {
        try Task.checkCancellation()
        let around = around
        return try await withCheckedThrowingContinuation { continuation in
            do {
                try writer.submit(
                    PendingWrite(
                        continuation, around: around, judge: judge, recall: recall, body: body))
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Makes room on a full disk, once until the next start; false where there was none kept.
    ///
    /// For what must be written even then.
    package func releaseReserve() -> Bool { reserve.release() }

    // MARK: Reading

    /// Runs `body` on what is committed.
    ///
    /// `judge`: asked about everybody of whom `body` fetches a record by its key.
    package func read<Value: Sendable>(
        judge: (any FetchJudge)? = nil,
        _ body: @escaping @Sendable (borrowing Snapshot) throws -> Value
    ) async throws -> Value {
        let around = around
        return try await pool.read { database in
            try body(Snapshot(database: database, around: around, judge: judge))
        }
    }

    /// Entries of the journal in order, from just after a position, as they can be read now.
    package func entries(after position: Int64, limit: Int) async throws -> [JournalEntry] {
        let (seals, types) = (around.seals, around.schema.types)
        return try await pool.read { database in
            try JournalRows.page(database, after: position, limit: limit).map { entry in
                try entry.opened(by: seals, types)
            }
        }
    }

    /// The last position of the journal that is on the disk.
    package var position: Int64 { watchers.mark.head.position }

    /// The end of the journal that is on the disk, as this process wrote or found it.
    package var head: JournalHead { watchers.mark.head }

    /// The journal's position now and after each commit; a slow consumer sees only the newest.
    package func positions() -> AsyncStream<Int64> { watchers.stream() }

    /// Ends every stream of ``positions()``, those asked for later too, so that nobody who
    /// follows the journal keeps the service from stopping.
    package func endPositions() { watchers.finish() }

    // MARK: Following

    /// Notes, in memory, that a peer's feed said something that fits what is applied.
    ///
    /// ``Reading/feedState(_:)`` knows it at once; a new start only what was stored by
    /// ``Transaction/setFeed(_:position:entryAt:heardAt:)``.
    package func noteHeard(_ name: String, at time: Timestamp) { around.heard.note(name, at: time) }

    // MARK: Care

    /// Has the next start check the whole journal before it answers anything.
    package func noteAlarm(_ reason: String) throws { try alarm.write(reason) }

    /// Looks over the journal and the tables from now on; each has a place of its own.
    package func patrol() -> JournalPatrol {
        JournalPatrol(
            pool: pool, chain: chain, tables: tables.check, path: path, checkpoints: checkpoints
        ) { [watchers] in watchers.mark }
    }

    /// Requires that all tables hold what they should.
    ///
    /// - Throws: ``StorageError/tablesAltered(_:)`` and its neighbors where they do not.
    package func verifyTables() async throws {
        var patrol = patrol()
        try await patrol.checkTables()
    }

    /// The tables that do not hold what they should, by their names.
    package func alteredTables() async throws -> [String] {
        do {
            try await verifyTables()
            return []
        } catch {
            guard let tables = StorageError(error).alteredTables else { throw error }
            return tables
        }
    }

    /// Recomputes the whole hash chain, a page at a time, beside all other work.
    package func verifyChain() async throws -> ChainReport {
        var check = ChainCheck(chain)
        var mayBeMore = true
        while mayBeMore {
            try Task.checkCancellation()
            let last = check
            (check, mayBeMore) = try await pool.read { database in
                var next = last
                let more = try next.step(database)
                return (next, more)
            }
        }
        return ChainReport(entries: check.head.position, brokenAt: check.brokenAt)
    }

    /// Empties the tables and makes them again from the journal.
    ///
    /// Copies of peers' facts are not in this journal: their feeds start again from the beginning.
    ///
    /// Returns the tables that did not hold what they should, which the journal then says.
    @discardableResult
    package func rebuild() async throws -> [String] {
        let time = openedAt
        return try await write { try $0.rebuild(at: time) }.value
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
