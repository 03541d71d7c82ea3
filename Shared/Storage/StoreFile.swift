internal import Foundation
internal import GRDB
internal import Logging

/// Opens the file of a store, and asserts what its durability stands on.
enum StoreFile {
    /// Refuses a file that a later program wrote, by its header alone: nothing is opened.
    static func refuseNewer(path: String, known: Int) throws(StorageError) {
        guard let handle = FileHandle(forReadingAtPath: path) else { return }
        defer { try? handle.close() }
        // SQLite keeps `user_version` big-endian in bytes 60 to 63 of the file.
        guard let header = try? handle.read(upToCount: 100), header.count == 100 else { return }
        let found = header[60..<64].reduce(0) { $0 << 8 | Int($1) }
        guard found <= known else { throw .newerSchema(found: found, known: known) }
    }

    static func open(
        path: String, schema: Schema, logger: Logger
    ) throws(StorageError) -> DatabasePool {
        do {
            var configuration = Configuration()
            configuration.prepareDatabase { database in
                for (name, value) in pragmas {
                    try database.execute(sql: "PRAGMA \(name) = \(value)")
                }
            }
            // Made with its mode before SQLite opens it: the files beside it get the same.
            if !FileManager.default.fileExists(atPath: path) {
                _ = FileManager.default.createFile(
                    atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
            }
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { database in
                // GRDB sets NORMAL when it turns on the write-ahead log, after `prepareDatabase`.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try assertSettings(database)
                try warnOfRace(database, logger)
            }
            try migrate(pool, schema)
            return pool
        } catch {
            throw StorageError(error)
        }
    }

    private static let pragmas = [
        ("foreign_keys", 1), ("trusted_schema", 0), ("secure_delete", 1), ("cell_size_check", 1),
        ("mmap_size", 0),
    ]

    static func assertSettings(_ database: Database) throws {
        let expected =
            [("journal_mode", "wal"), ("synchronous", "2")] + pragmas.map { ($0, String($1)) }
        for (name, value) in expected {
            let found = try DatabaseValue.fetchOne(database, sql: "PRAGMA \(name)")
            let text = found.flatMap {
                String.fromDatabaseValue($0) ?? Int64.fromDatabaseValue($0).map(String.init)
            }
            guard text == value else {
                throw StorageError.setting(name: name, found: text ?? "nothing")
            }
        }
    }

    private static func migrate(_ pool: DatabasePool, _ schema: Schema) throws {
        try pool.writeWithoutTransaction { database in
            let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard found <= schema.version else {
                throw StorageError.newerSchema(found: found, known: schema.version)
            }
            for version in found..<schema.version {
                try database.inTransaction(.immediate) {
                    try database.execute(sql: schema.migrations[version].sql)
                    try database.execute(sql: "PRAGMA user_version = \(version + 1)")
                    return .commit
                }
            }
        }
    }

    /// Checks the newest part of the journal and returns its end.
    static func verifiedHead(
        _ pool: DatabasePool, chain: JournalChain, last: Int64
    ) throws(StorageError) -> JournalHead {
        do {
            return try pool.read { database in
                let end = try Int64.fetchOne(database, sql: "SELECT MAX(position) FROM journal")
                guard let end else { return JournalHead() }
                let from = max(0, end - last)
                if let broken = try JournalRows.firstBreak(database, chain: chain, from: from) {
                    throw StorageError.chainBroken(position: broken)
                }
                let entry = try JournalRows.page(database, after: end - 1, limit: 1)[0]
                return JournalHead(position: entry.position, mac: entry.mac)
            }
        } catch {
            throw StorageError(error)
        }
    }

    private static func warnOfRace(_ database: Database, _ logger: Logger) throws {
        let text = try String.fetchOne(database, sql: "SELECT sqlite_version()") ?? ""
        let parts = text.split(separator: ".").compactMap { Int($0) }
        let version = parts.prefix(3).reduce(0) { $0 * 1000 + $1 }
        let isFixed =
            version >= 3_051_003 || (3_050_007..<3_051_000).contains(version)
            || (3_044_006..<3_045_000).contains(version)
        guard !isFixed else { return }
        logger.warning(
            """
            SQLite \(text) can lose commits when a second connection checkpoints; this service \
            writes and checkpoints with one, so never open its store with another program
            """)
    }
}
