internal import Crypto
internal import FoundationEssentials
internal import GRDB

/// One shipped change of the tables: SQL alone, so that no renaming in the program can change what
/// an old store becomes.
///
/// Migrations are history: append, never edit. A store keeps the hash of each that was applied to
/// it, and does not open under a program in which one reads otherwise.
package struct Migration: Sendable {
    let sql: String

    package init(_ sql: String) { self.sql = sql }

    var digest: [UInt8] { Array(SHA256.hash(data: Data(sql.utf8))) }
}

/// The tables of one service.
package struct Schema: Sendable {
    /// Changes of the tables that every store has, and of the service's own: counted apart, so
    /// that either list can grow.
    private let lists: [(owner: String, migrations: [Migration])]
    let records: [any StoredRecord.Type]
    /// The same by their nouns.
    let types: [String: any StoredRecord.Type]

    /// Names what a service keeps.
    ///
    /// `migrations`: every change shipped so far, in order.
    /// `records`: the record types whose tables can be rebuilt from the journal.
    package init(migrations: [Migration], records: [any StoredRecord.Type]) {
        lists = [("store", Migration.ofStore), ("service", migrations)]
        self.records = records
        types = Dictionary(records.map { ("\($0.noun)", $0) }) { first, _ in first }
    }

    /// How many changes this program knows; a store with more is of a later one.
    var version: Int { lists.reduce(0) { $0 + $1.migrations.count } }

    /// Refuses a store that this program cannot know, without writing to it.
    func admit(_ database: Database) throws {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard found <= version else {
            throw StorageError.newerSchema(found: found, known: version)
        }
        guard found > 0 else { return }
        for (owner, migrations) in lists {
            let applied = try applied(database, owner)
            // A store may have fewer than the program, never others.
            guard applied.count <= migrations.count else {
                throw StorageError.newerSchema(found: found, known: version)
            }
            for (number, pair) in zip(applied, migrations).enumerated()
            where pair.0 != pair.1.digest {
                throw StorageError.migrationEdited(owner: owner, number: number + 1)
            }
        }
    }

    /// Applies what is missing, each change together with the note of it; in a transaction.
    func migrate(_ database: Database) throws {
        for (owner, migrations) in lists {
            let isNew = try !database.tableExists("migration")
            let done = isNew ? 0 : try applied(database, owner).count
            for (number, migration) in migrations.enumerated().dropFirst(done) {
                try database.execute(sql: migration.sql)
                try run(
                    database, "INSERT INTO migration (owner, number, digest) VALUES (?, ?, ?)",
                    [.text(owner), .number(number + 1), .blob(migration.digest)])
                let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                try database.execute(sql: "PRAGMA user_version = \(version + 1)")
            }
        }
    }

    /// Whether the store has all changes that this program knows.
    func isCurrent(_ database: Database) throws -> Bool {
        guard try database.tableExists("migration") else { return false }
        return try lists.allSatisfy { owner, migrations in
            try applied(database, owner).count == migrations.count
        }
    }

    private func applied(_ database: Database, _ owner: String) throws -> [[UInt8]] {
        try fetch(
            database, "SELECT digest FROM migration WHERE owner = ? ORDER BY number",
            [.text(owner)]
        ) { $0.blob(0) }
    }
}

extension Migration {
    /// The tables that every store has.
    static let ofStore = [
        Migration(
            """
            CREATE TABLE migration (
                owner TEXT NOT NULL,
                number BIGINT NOT NULL,
                digest BLOB NOT NULL,
                PRIMARY KEY (owner, number)
            );
            CREATE TABLE journal (
                position BIGINT NOT NULL PRIMARY KEY,
                at BIGINT NOT NULL,
                actor TEXT NOT NULL,
                noun TEXT NOT NULL,
                verb TEXT NOT NULL,
                key BLOB NOT NULL,
                subject BLOB,
                body BLOB NOT NULL,
                mac BLOB NOT NULL
            );
            CREATE INDEX journal_subject ON journal (subject, position)
                WHERE subject IS NOT NULL;
            CREATE TABLE write_once (
                caller TEXT NOT NULL,
                key BLOB NOT NULL,
                method TEXT NOT NULL,
                digest BLOB NOT NULL,
                answer BLOB NOT NULL,
                position BIGINT NOT NULL,
                at BIGINT NOT NULL,
                PRIMARY KEY (caller, key)
            );
            CREATE INDEX write_once_at ON write_once (at);
            CREATE TABLE feed (
                name TEXT NOT NULL PRIMARY KEY,
                position BIGINT NOT NULL,
                entry_at BIGINT,
                heard_at BIGINT NOT NULL
            );
            """),
        witnessedTable,
        // Answers kept so far are in plain text.
        Migration(
            """
            CREATE TABLE key_file (id BLOB NOT NULL PRIMARY KEY);
            CREATE TABLE erasure (
                position BIGINT NOT NULL PRIMARY KEY,
                owner BLOB NOT NULL,
                section TEXT NOT NULL,
                generation BIGINT NOT NULL
            );
            CREATE INDEX erasure_owner ON erasure (owner, section);
            CREATE INDEX journal_key ON journal (key, noun, position);
            DELETE FROM write_once;
            """),
        tableSeal,
    ]
}
