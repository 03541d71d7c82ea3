internal import GRDB

/// The digest of each table: the sum over its rows (``RowHash``), in the order of the names.
struct TableDigests: Hashable, Sendable {
    private(set) var names: [String] = []
    var sums: [TableSum] = []

    mutating func add(_ name: String, _ sum: TableSum) {
        names.append(name)
        sums.append(sum)
    }

    /// Whether no other table than these has a row.
    func areEmpty(but others: Set<String>) -> Bool {
        zip(names, sums).allSatisfy { others.contains($0) || $1 == TableSum() }
    }

    /// The digest of a table; nil where there is no such table.
    subscript(_ name: String) -> TableSum? {
        names.firstIndex(of: name).map { sums[$0] }
    }

    /// Reads what ``bytes`` has written; nil where it is anything else.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let length = rest.popFirst() {
            guard rest.count >= Int(length) + TableSum.size else { return nil }
            let name = String(decoding: rest.prefix(Int(length)), as: UTF8.self)
            rest = rest.dropFirst(Int(length))
            add(name, TableSum(rest))
            rest = rest.dropFirst(TableSum.size)
        }
    }

    init() {}

    /// Each name with its length before it, which is below 256, and its sum.
    var bytes: [UInt8] {
        zip(names, sums).flatMap { name, sum in
            [UInt8(truncatingIfNeeded: name.utf8.count)] + name.utf8 + sum.bytes
        }
    }
}

/// Recomputes the digests of a store's tables, over one view of it.
///
/// All tables are covered, so are those of indexes and of other services' copies, but two: the
/// journal, which has its chain, and the row of the seal itself. Covered is also what tables,
/// indexes, triggers and views there are.
///
/// What is past the tables is not covered: an index whose pages were altered in the file, and the
/// order in which rows lie there.
struct TablesCheck: Sendable {
    private let hash: RowHash
    let seal: TablesSeal

    /// Stands among the tables for what objects there are: another program could have SQLite do
    /// something with each write.
    static let schema = "sqlite_schema"

    init(_ chain: JournalChain, store: String) {
        hash = RowHash(key: chain.derivedKey("pulih table rows"))
        seal = TablesSeal(chain, store: store)
    }

    /// The names of the covered tables, in order.
    func names(_ database: Database) throws -> [String] {
        let names = try fetch(
            database,
            """
            SELECT name FROM sqlite_master WHERE type = 'table'
            AND name NOT IN ('journal', 'table_seal') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
            """, []
        ) { $0.text(0) }
        return (names + [Self.schema]).sorted()
    }

    func hash(of table: String) -> TableHash { hash.table(table) }

    /// The digest of a table as its rows are.
    func sum(of table: String, _ database: Database) throws -> TableSum {
        let sql =
            table == Self.schema
            ? "SELECT type, name, tbl_name, sql FROM sqlite_master"
            // The rows themselves, and not an index that has all of their columns.
            : "SELECT * FROM \(table.quotedDatabaseIdentifier) NOT INDEXED"
        return try hash(of: table).sum(database, sql)
    }

    /// All digests as the rows are.
    func digests(_ database: Database) throws -> TableDigests {
        var digests = TableDigests()
        for name in try names(database) { digests.add(name, try sum(of: name, database)) }
        return digests
    }

    /// Whether a table's rows are those of the digests.
    func fits(_ table: String, _ digests: TableDigests, _ database: Database) throws -> Bool {
        try sum(of: table, database) == digests[table]
    }

    /// The tables whose rows are not those of the digests.
    ///
    /// Where other objects are there than were nothing else is looked at.
    func misfits(_ digests: TableDigests, _ database: Database) throws -> [String] {
        guard try fits(Self.schema, digests, database) else { return [Self.schema] }
        return try digests.names.filter { try !fits($0, digests, database) }
    }

    /// Requires that the tables are those that were sealed, and not of an earlier moment.
    ///
    /// `seals`: how often they had been sealed at least.
    /// - Throws: ``StorageError/tablesAltered(_:)``, ``StorageError/tablesUnsealed`` or
    ///   ``StorageError/tablesPutBack(sealed:found:)`` where they are not.
    func require(since seals: Int64, _ database: Database) throws {
        let misfits = try misfits(sealed(since: seals, database), database)
        guard misfits.isEmpty else { throw StorageError.tablesAltered(misfits) }
    }

    /// What is sealed; the neighbor of ``require(since:_:)`` for who looks at one table at a time.
    func sealed(since seals: Int64, _ database: Database) throws -> TableDigests {
        guard let row = try seal.row(database),
            let digests = seal.open(row, at: try JournalRows.end(database))
        else { throw StorageError.tablesUnsealed }
        guard row.seals >= seals else {
            throw StorageError.tablesPutBack(sealed: seals, found: row.seals)
        }
        return digests
    }
}
