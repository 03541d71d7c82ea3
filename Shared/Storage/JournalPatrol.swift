internal import FoundationEssentials
internal import GRDB

/// Looks over a running store's journal and tables, a little at a time, for what somebody does behind
/// the service's back.
///
/// Every round looks at the end of the journal and takes the check of the whole on by some pages,
/// over a connection of its own that is opened anew, so that it sees what lies in the file and not
/// what another connection remembers. Two signs that cost nothing have the whole checked at once:
/// that a connection other than the writer's has changed the database, and that the file was
/// changed while the writer moved nothing into it. So how soon a change is found is
/// - by SQLite, anywhere in the journal: a round, and the time that all entries take (160,000 a
///   second of one processor were measured, of 300 bytes each);
/// - past SQLite, in the file: the same where no checkpoint comes in between; else at the latest
///   with the second pass after it, of which a slice of a twentieth makes 8,000 entries a second.
///
/// The tables are looked over whole (``TablesCheck``), at once at the same two signs, and else time and
/// again in a twentieth of the time. So a change by SQLite is found in a round and the time that all
/// rows take (880,000 a second of one processor were measured, a third of them of 500 bytes), and one
/// past SQLite, where a checkpoint comes in between, in twenty times that.
package struct JournalPatrol: Sendable {
    private let pool: DatabasePool
    private let chain: JournalChain
    private let tables: TablesCheck
    private let path: String
    private let checkpoints: Checkpoints
    private let expected: @Sendable () -> StoreMark
    private var check: ChainCheck
    private var passBegan = ContinuousClock.now
    private var tablesDue = ContinuousClock.now
    private var trace: FileTrace?
    private var dataVersion: Int64?

    /// From the start of one pass over the whole journal to that of the next, at least.
    private static let passInterval = Duration.seconds(3)

    /// How many times as long as a check of all tables took nothing of them is looked at after it,
    /// so that it takes a twentieth of one processor.
    private static let tablesRest = 19

    /// `expected`: how far the store has got, as the writer knows it.
    init(
        pool: DatabasePool, chain: JournalChain, tables: TablesCheck, path: String,
        checkpoints: Checkpoints, expected: @escaping @Sendable () -> StoreMark
    ) {
        self.pool = pool
        self.chain = chain
        self.tables = tables
        self.path = path
        self.checkpoints = checkpoints
        self.expected = expected
        check = ChainCheck(chain)
    }

    /// What a round came to.
    package enum Round: Hashable, Sendable {
        /// All that was looked at fits.
        case fits
        /// With this round the whole has been checked: so many entries.
        case whole(entries: Int64)
        /// Something else has changed the store, and all of its entries fit.
        case disturbed(entries: Int64)
    }

    /// Looks at the end, and goes on with the whole for about `slice`.
    ///
    /// - Throws: ``StorageError/chainBroken(position:)``, ``StorageError/cutOff(sealed:found:)`` or
    ///   ``StorageError/replaced(position:)`` where the journal is not what was written,
    ///   ``StorageError/tablesAltered(_:)`` and its neighbors where the tables are not,
    ///   ``StorageError/fileReplaced(path:)`` where it is not the file; and whatever keeps it from
    ///   looking.
    package mutating func round(slice: Duration) async throws -> Round {
        let isDisturbed = try await noticesDisturbance()
        let head = expected().head
        let reader = try reader()
        defer { try? reader.close() }
        try await read(reader) { try Self.requireEnd(head, in: $0) }
        if isDisturbed {
            check = ChainCheck(chain)
            while try await step(reader) {}
            try await checkTables(reader)
            defer { check = ChainCheck(chain) }
            return .disturbed(entries: check.head.position)
        }
        if tablesDue <= .now { try await checkTables(reader) }
        guard check.head.position > 0 || passBegan.duration(to: .now) >= Self.passInterval else {
            return .fits
        }
        if check.head.position == 0 { passBegan = .now }
        let start = ContinuousClock.now
        while try await step(reader) {
            if start.duration(to: .now) >= slice { return .fits }
        }
        defer { check = ChainCheck(chain) }
        return .whole(entries: check.head.position)
    }

    /// Checks everything now, however long it takes.
    package mutating func whole() async throws -> Int64 {
        _ = try await noticesDisturbance()
        let reader = try reader()
        defer { try? reader.close() }
        check = ChainCheck(chain)
        passBegan = .now
        while try await step(reader) {}
        try await checkTables(reader)
        defer { check = ChainCheck(chain) }
        return check.head.position
    }

    /// Checks all tables now, however long it takes.
    package mutating func checkTables() async throws {
        let reader = try reader()
        defer { try? reader.close() }
        try await checkTables(reader)
    }

    /// Checks all rows of all tables, each over one view of the store, so that no long one keeps its
    /// write-ahead log from being emptied.
    private mutating func checkTables(_ reader: DatabaseQueue) async throws {
        let (tables, seals) = (tables, expected().seals ?? 0)
        let start = ContinuousClock.now
        let names = try await read(reader, otherwise: .tablesUnsealed) { database in
            let sealed = try tables.sealed(since: seals, database)
            guard try tables.fits(TablesCheck.schema, sealed, database) else {
                throw StorageError.tablesAltered([TablesCheck.schema])
            }
            return sealed.names
        }
        var altered: [String] = []
        for name in names {
            try Task.checkCancellation()
            let isWhole = try await read(reader, otherwise: .tablesAltered([name])) { database in
                try tables.fits(name, tables.sealed(since: seals, database), database)
            }
            if !isWhole { altered.append(name) }
        }
        guard altered.isEmpty else { throw StorageError.tablesAltered(altered) }
        let took = start.duration(to: .now)
        tablesDue = .now + max(Self.passInterval, took * Self.tablesRest)
    }

    /// Checks the next page; returns whether there may be more.
    private mutating func step(_ reader: DatabaseQueue) async throws -> Bool {
        try Task.checkCancellation()
        let last = check
        let (next, mayBeMore) = try await read(reader) { database in
            var next = last
            let mayBeMore = try next.step(database)
            return (next, mayBeMore)
        }
        check = next
        if let position = check.brokenAt { throw StorageError.chainBroken(position: position) }
        return mayBeMore
    }

    private func reader() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Reads, and tells a file that cannot be understood any more from one that cannot be reached.
    ///
    /// `otherwise`: what the former means; nil where the chain breaks at the next entry.
    private func read<Value: Sendable>(
        _ reader: DatabaseQueue, otherwise: StorageError? = nil,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do {
            return try await reader.read(body)
        } catch let error as DatabaseError where error.isOfForgery {
            throw otherwise ?? .chainBroken(position: check.head.position + 1)
        }
    }

    /// Requires that the entry the writer wrote last is there, as it was written.
    private static func requireEnd(_ head: JournalHead, in database: Database) throws {
        guard let found = try JournalRows.head(database, at: head.position) else {
            let last = try Int64.fetchOne(database, sql: "SELECT MAX(position) FROM journal") ?? 0
            throw StorageError.cutOff(sealed: head.position, found: last)
        }
        guard found == head else { throw StorageError.replaced(position: head.position) }
    }

    /// Whether anything shows that another hand than the writer's has been at the files.
    private mutating func noticesDisturbance() async throws -> Bool {
        let version = try await pool.writeWithoutTransaction { database in
            try Int64.fetchOne(database, sql: "PRAGMA data_version")
        }
        defer { dataVersion = version }
        var isDisturbed = dataVersion.map { $0 != version } ?? false
        guard let found = try FileTrace(path: path, checkpoints) else { return isDisturbed }
        if let trace {
            guard found.isSameFile(as: trace) else { throw StorageError.fileReplaced(path: path) }
            isDisturbed = isDisturbed || found.isForeign(after: trace)
        }
        trace = found
        return isDisturbed
    }
}
