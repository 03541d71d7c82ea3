internal import Foundation
internal import GRDB
internal import Logging

/// Opens the file of a store, and asserts what its durability stands on.
enum StoreFile {
    /// Refuses a file whose schema this program cannot know, over a connection that cannot write.
    ///
    /// Also what only the write-ahead log says is seen, and neither file is touched.
    static func admit(path: String, schema: Schema) throws(StorageError) {
        guard FileManager.default.fileExists(atPath: path) else { return }
        do {
            var configuration = Configuration()
            configuration.readonly = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            try queue.read { try schema.admit($0) }
        } catch {
            throw StorageError(error)
        }
    }

    /// `migrate`: brings the tables to this program's form.
    static func open(
        path: String, logger: Logger, migrate: (Database) throws -> Void
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
                try migrate(database)
            }
            return pool
        } catch {
            throw StorageError(error)
        }
    }

    // SQLite's own checkpoint after a commit keeps a failed flush to itself; the writer's does not.
    private static let pragmas = [
        ("foreign_keys", 1), ("trusted_schema", 0), ("secure_delete", 1), ("cell_size_check", 1),
        ("mmap_size", 0), ("wal_autocheckpoint", 0),
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
