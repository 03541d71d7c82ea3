internal import GRDB
internal import Logging
internal import Vocabulary

/// Holds the tables against their seal before anything is answered from them, and seals those of a
/// store from before there was a seal.
///
/// All rows are checked only where they are to be changed whole, by a migration, or where a running
/// service has found something; else the patrol does that while calls are answered already.
struct TablesStart {
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
        guard try database.tableExists("table_seal") else { return nil }
        do {
            try check.require(since: 0, database)
            return try check.seal.row(database)?.seals
        } catch let problem as StorageError {
            guard remakes else { throw problem }
            try check.seal.remove(database)
            return nil
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
                try take(found, database, appender)
                try journal.note(found, database, appender)
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

    private func take(
        _ found: JournalStart.Found, _ database: Database, _ appender: JournalAppender
    ) throws {
        let known = found.sealed?.seals ?? 0
        guard let row = try check.seal.row(database) else {
            return try takeUnsealed(found, seals: known, database, appender)
        }
        guard let digests = check.seal.open(row, at: found.end) else {
            guard remakes else { throw StorageError.tablesUnsealed }
            return sums.take(nil, seals: max(known, row.seals))
        }
        if journal.acceptedAt == nil {
            // Its head file is written before a new store's tables change.
            guard found.sealed != nil || row.seals <= 1 else {
                throw StorageError.headMissing(path: journal.file.path)
            }
            guard row.seals >= known else {
                guard remakes else {
                    throw StorageError.tablesPutBack(sealed: known, found: row.seals)
                }
                return sums.take(nil, seals: known)
            }
        }
        sums.take(
            TableSums.Sealed(row: row, head: found.end, digests: digests),
            seals: max(known, row.seals))
        guard try !check.hasOtherSchema(than: digests, database) else {
            throw StorageError.tablesAltered([TablesCheck.schema])
        }
        guard checksAll, !remakes else { return }
        let misfits = try check.misfits(digests, database)
        guard misfits.isEmpty else { throw StorageError.tablesAltered(misfits) }
    }

    /// Takes the tables of a store without a seal as they are, where it may be without one: it is new,
    /// or from before, or a backup from before was restored.
    private func takeUnsealed(
        _ found: JournalStart.Found, seals: Int64, _ database: Database, _ appender: JournalAppender
    ) throws {
        let digests = try check.digests(database)
        let isEmpty = digests.areEmpty(but: ["migration", TablesCheck.schema])
        if journal.acceptedAt == nil {
            let isBefore =
                try found.sealed.map { $0.seals == nil } ?? isEmpty
                && !JournalRows.hasEntry(StoreWords.noun, StoreWords.sealed, database)
            guard isBefore else {
                guard remakes else { throw StorageError.tablesUnsealed }
                return sums.take(nil, seals: seals)
            }
        }
        sums.take(digests, seals: seals)
        guard !isEmpty else { return }
        try appender.appendOwn(database, SealedNote(), verb: StoreWords.sealed, at: now)
        journal.logger.notice("the tables are sealed from now on")
    }
}

/// What the journal says where a store's tables are sealed for the first time: that they are.
private struct SealedNote: Codable {}
