internal import CSQLite
internal import Crypto
internal import GRDB
internal import Synchronization

/// Keeps the digests of the tables while their rows change, and seals them with each commit.
///
/// SQLite tells it of every row that the writer's connection inserts, deletes or updates, before it
/// does, whatever statement that is of: none can be forgotten. What another connection changes it
/// does not hear of, and so that does not fit.
final class TableSums: Sendable {
    let check: TablesCheck
    private let held = Mutex(State())

    /// Everything that an operation changes, to be taken back where it fails.
    struct State: Sendable {
        /// Nil where nobody knows what the tables should hold: they must be made anew.
        fileprivate var digests: TableDigests?
        fileprivate var hashes: [TableHash] = []
        fileprivate var places: [String: Int] = [:]
        fileprivate var seals: Int64 = 0
        /// The seal as it lies in the store, and what it is of; nil where the next is the first.
        fileprivate var sealed: Sealed?
        /// Whether SQLite did not give a row that it has changed.
        fileprivate var hasMissed = false
    }

    struct Sealed: Sendable {
        let row: TablesSeal.Row
        let head: JournalHead
        let digests: TableDigests
    }

    init(_ chain: JournalChain, store: String) { check = TablesCheck(chain, store: store) }

    var state: State { held.withLock { $0 } }

    func goBack(to state: State) { held.withLock { $0 = state } }

    /// How often the tables were sealed.
    var seals: Int64 { held.withLock { $0.seals } }

    // MARK: What the tables should hold

    /// Whether anybody knows what the tables should hold.
    var isKnown: Bool { held.withLock { $0.digests != nil } }

    /// Takes digests for those of the tables.
    ///
    /// `digests`: nil where nobody knows them.
    /// `seals`: how often the tables were sealed so far.
    func take(_ digests: TableDigests?, seals: Int64) {
        held.withLock { state in
            state.seals = seals
            Self.set(digests, check, &state)
        }
    }

    /// Takes what is sealed for right.
    func take(_ sealed: Sealed, seals: Int64) {
        take(sealed.digests, seals: seals)
        held.withLock { $0.sealed = sealed }
    }

    /// Takes the tables for right as they are.
    func recompute(_ database: Database) throws {
        let digests = try check.digests(database)
        held.withLock { Self.set(digests, check, &$0) }
    }

    private static func set(
        _ digests: TableDigests?, _ check: TablesCheck, _ state: inout State
    ) {
        let names = digests?.names ?? []
        state.digests = digests
        state.hashes = names.map(check.hash(of:))
        state.places = Dictionary(uniqueKeysWithValues: zip(names, 0...))
    }

    /// The tables whose rows are not what they should be; all where nobody knows.
    func misfits(_ database: Database) throws -> [String] {
        guard let digests = held.withLock({ $0.digests }) else {
            return try check.names(database)
        }
        return try check.misfits(digests, database)
    }

    // MARK: Changes

    /// Hears from now on of every row that this connection changes; for as long as it is open.
    func watch(_ database: Database) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_preupdate_hook(
            database.sqliteConnection,
            { context, connection, change, _, table, _, _ in
                guard let context, let connection, let table else { return }
                Unmanaged<TableSums>.fromOpaque(context).takeUnretainedValue()
                    .note(change, of: String(cString: table), connection)
            }, context)
    }

    private func note(_ change: Int32, of table: String, _ connection: OpaquePointer) {
        held.withLock { state in
            guard let place = state.places[table] else { return }
            let (hash, columns) = (state.hashes[place], sqlite3_preupdate_count(connection))
            func term(
                _ read: (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Int32
            ) -> TableSum? {
                hash.term(columns: columns) { column in
                    var value: OpaquePointer?
                    return read(connection, column, &value) == SQLITE_OK ? value : nil
                }
            }
            let none = TableSum()
            let old = change == SQLITE_INSERT ? none : term(sqlite3_preupdate_old)
            let new = change == SQLITE_DELETE ? none : term(sqlite3_preupdate_new)
            guard let old, let new else {
                state.hasMissed = true
                return
            }
            state.digests?.sums[place] -= old
            state.digests?.sums[place] += new
        }
    }

    /// Seals the digests, where they or the end of the journal have changed; last in a transaction.
    func seal(_ database: Database, at head: JournalHead) throws {
        let state = state
        guard !state.hasMissed, let digests = state.digests else {
            throw StorageError.failed("nobody knows what the tables should hold")
        }
        if let sealed = state.sealed, sealed.head == head, sealed.digests == digests { return }
        let row = try check.seal.write(
            digests, seals: state.seals + 1, at: head, replacing: state.sealed?.row, database)
        held.withLock { state in
            state.seals += 1
            state.sealed = Sealed(row: row, head: head, digests: digests)
        }
    }
}
