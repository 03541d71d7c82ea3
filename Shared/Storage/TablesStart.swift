internal import GRDB
internal import Logging
internal import Vocabulary

/// Holds the tables against their seal before anything is answered from them, and seals those of a
/// store from before there was a seal.
///
/// All rows are checked only where they are to be changed whole, by a migration, or where a running
/// service has found something; else the patrol does that while calls are answered already.
struct TablesStart {
    let schema: Schema
    let sums: TableSums
    let journal: JournalStart
    /// Whether the tables are made anew, whatever they hold.
    let remakes: Bool
    /// Whether all rows are checked.
    let checksAll: Bool
    /// What the journal says of when a store is sealed for the first time.
    let now: Timestamp

    private var check: TablesCheck { sums.check }

    // MARK: Migrations

    /// Applies the changes of the tables that are missing, and seals what they have become.
    static func migrate(
        _ schema: Schema, _ check: TablesCheck, remakes: Bool, _ database: Database
    ) throws {
        try schema.admit(database)
        guard try !schema.isCurrent(database) else { return }
        try database.inTransaction(.immediate) {
            let seals = try sealed(check, remakes: remakes, database)
            try schema.migrate(database)
            try storeDefaults(check, database)
            if let seals {
                _ = try check.seal.write(
                    check.digests(database), seals: seals + 1, at: JournalRows.end(database),
                    replacing: nil, database)
            }
            return .commit
        }
    }

    /// Requires that nothing was altered that a migration is about to change, because nobody could
    /// tell afterwards.
    ///
    /// Returns how often the tables were sealed; nil where they are not.
    private static func sealed(
        _ check: TablesCheck, remakes: Bool, _ database: Database
    ) throws -> Int64? {
        guard try database.tableExists("table_seal"), let row = try check.seal.row(database) else {
            return nil
        }
        do {
            try check.require(since: 0, database)
            return row.seals
        } catch let problem as StorageError {
            guard remakes, problem != .tablesAltered([TablesCheck.schema]) else { throw problem }
            try check.seal.remove(database)
            return nil
        }
    }

    /// Has each row keep the default of a column that was added after it.
    ///
    /// SQLite shows it to who reads, and before 3.44 not to its hook, which would then take another
    /// row off than was put on.
    private static func storeDefaults(_ check: TablesCheck, _ database: Database) throws {
        for table in try check.names(database) where table != TablesCheck.schema {
            let columns = try database.columns(in: table).filter { $0.defaultValueSQL != nil }
            guard !columns.isEmpty else { continue }
            let same = columns.map { column in
                let name = column.name.quotedDatabaseIdentifier
                return "\(name) = \(name)"
            }
            try database.execute(
                sql: "UPDATE \(table.quotedDatabaseIdentifier) SET \(same.joined(separator: ", "))")
        }
    }

    // MARK: The seal

    /// Finds out what the tables should hold, and seals them where a store is new, restored, or from
    /// before; last of a start's checks.
    ///
    /// - Returns: the store's mark, and what is in the head file then.
    func begin(
        _ found: JournalStart.Found, _ pool: DatabasePool, _ chain: JournalChain
    ) throws(StorageError) -> (StoreMark, sealed: StoreMark) {
        do {
            let mark = try pool.write { database in
                let appender = JournalAppender(chain: chain, head: found.end, tables: sums)
                let accepted = try take(found, database, appender)
                try journal.note(found.problem ?? accepted, found, database, appender)
                if sums.isKnown { try appender.seal(database) }
                return appender.mark
            }
            if let sealed = found.sealed, sealed.seals != nil, found.problem == nil {
                return (mark, sealed)
            }
            try journal.file.write(mark)
            return (mark, mark)
        } catch let error as DurableFile.WriteFailure {
            throw .failed(error.description)
        } catch {
            throw StorageError(error)
        }
    }

    /// Returns what of the tables is not as it was sealed last, and was accepted; nil where all is.
    private func take(
        _ found: JournalStart.Found, _ database: Database, _ appender: JournalAppender
    ) throws -> StorageError? {
        let known = found.sealed?.seals ?? 0
        guard let row = try check.seal.row(database) else {
            return try takeUnsealed(found, seals: known, database, appender)
        }
        guard let digests = check.seal.open(row, at: found.end) else {
            return try forget(.tablesUnsealed, seals: max(known, row.seals), database)
        }
        let problem = problem(found, row)
        if let problem, journal.acceptedAt == nil {
            return try forget(problem, seals: max(known, row.seals), database)
        }
        sums.take(
            TableSums.Sealed(row: row, head: found.end, digests: digests),
            seals: max(known, row.seals))
        guard try check.fits(TablesCheck.schema, digests, database) else {
            throw StorageError.tablesAltered([TablesCheck.schema])
        }
        // Whose keys the database needs is asked next, and noted anew where nothing is there.
        if try !check.fits("key_file", digests, database) {
            guard remakes else { throw StorageError.tablesAltered(["key_file"]) }
            try run(database, "DELETE FROM key_file", [])
        }
        guard checksAll, !remakes else { return problem }
        let misfits = try check.misfits(digests, database)
        guard misfits.isEmpty else { throw StorageError.tablesAltered(misfits) }
        return problem
    }

    /// Leaves open what the tables should hold, where they are made anew; refuses them otherwise.
    ///
    /// That no object was added to them is known all the same: the migrations say which there are.
    private func forget(
        _ problem: StorageError, seals: Int64, _ database: Database
    ) throws -> StorageError? {
        guard remakes else { throw problem }
        let expected = try DatabaseQueue().write { empty in
            try schema.migrate(empty)
            return try check.sum(of: TablesCheck.schema, empty)
        }
        guard try check.sum(of: TablesCheck.schema, database) == expected else {
            throw StorageError.tablesAltered([TablesCheck.schema])
        }
        sums.take(nil, seals: seals)
        return nil
    }

    /// What stands between the head file and a seal of the tables; nil where they fit.
    private func problem(_ found: JournalStart.Found, _ row: TablesSeal.Row) -> StorageError? {
        guard let sealed = found.sealed else {
            // The head file of a new store is written before its tables change.
            return row.seals > 1 ? .headMissing(path: journal.file.path) : nil
        }
        guard let seals = sealed.seals, row.seals < seals else { return nil }
        return .tablesPutBack(sealed: seals, found: row.seals)
    }

    /// Takes the tables of a store without a seal as they are, where it may be without one: it is new,
    /// or from before, or a backup from before was restored.
    private func takeUnsealed(
        _ found: JournalStart.Found, seals: Int64, _ database: Database, _ appender: JournalAppender
    ) throws -> StorageError? {
        let digests = try check.digests(database)
        let isEmpty = digests.areEmpty(but: ["migration", TablesCheck.schema])
        let isBefore =
            try found.sealed.map { $0.seals == nil } ?? isEmpty
            && !JournalRows.hasEntry(StoreWords.noun, StoreWords.sealed, database)
        guard isBefore || journal.acceptedAt != nil else {
            return try forget(.tablesUnsealed, seals: seals, database)
        }
        sums.take(digests, seals: seals)
        if !isEmpty {
            try appender.appendOwn(database, SealedNote(), verb: StoreWords.sealed, at: now)
            journal.logger.notice("the tables are sealed from now on")
        }
        return isBefore ? nil : .tablesUnsealed
    }
}

/// What the journal says where a store's tables are sealed for the first time: that they are.
private struct SealedNote: Codable {}
