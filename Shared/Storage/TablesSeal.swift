internal import Crypto
internal import GRDB

extension Migration {
    /// One row: the sealed digests of all tables.
    static let tableSeal = Migration(
        """
        CREATE TABLE table_seal (seals BIGINT NOT NULL, salt BLOB NOT NULL, box BLOB NOT NULL);
        """)
}

/// Seals the digests of the tables in one row of the store, with each commit.
///
/// The seal is AES-GCM under a key made from the journal's: nobody without it sees the sums, which
/// would show what single rows add to them, or makes another seal. It is bound to the end of the
/// journal and to how often the tables were sealed, which the head file has too
/// (``HeadFile``), so that older tables do not fit with their older seal either.
///
/// Nonces are random. NIST SP 800-38D (§8.3) allows 2³² uses of a key with such; each run of the
/// process has a key of its own, which at a thousand commits a second would last fifty days, and at
/// the 21 of a national program six and a half years.
struct TablesSeal: Sendable {
    private let chain: JournalChain
    private let store: String
    private let salt: [UInt8]
    private let key: SymmetricKey

    /// The row as it lies in the store.
    struct Row: Hashable, Sendable {
        /// How often the tables were sealed, this time included.
        let seals: Int64
        let salt: [UInt8]
        let box: [UInt8]

        fileprivate var values: [SQLValue] { [.integer(seals), .blob(salt), .blob(box)] }
    }

    init(_ chain: JournalChain, store: String) {
        self.chain = chain
        self.store = store
        salt = SymmetricKey(size: .bits128).withUnsafeBytes(Array.init)
        key = Self.key(chain, salt)
    }

    private static func key(_ chain: JournalChain, _ salt: [UInt8]) -> SymmetricKey {
        chain.derivedKey("pulih table seal", salt: salt)
    }

    /// The row; nil where there is none, or not one alone.
    func row(_ database: Database) throws -> Row? {
        let rows = try fetch(database, "SELECT seals, salt, box FROM table_seal LIMIT 2", []) {
            Row(seals: $0.integer(0), salt: $0.blob(1), box: $0.blob(2))
        }
        return rows.count == 1 ? rows[0] : nil
    }

    /// What was sealed; nil where it was not, or with another end of the journal.
    func open(_ row: Row, at head: JournalHead) -> TableDigests? {
        let key = row.salt == salt ? key : Self.key(chain, row.salt)
        return Seals.open(row.box, with: key, bound(row.seals, head)).flatMap(TableDigests.init)
    }

    /// Puts a seal in the place of the one before, and returns it.
    ///
    /// `last`: the one before; nil where whatever there is goes.
    /// - Throws: ``StorageError/tablesUnsealed`` where another is there: whoever altered it must not
    ///   have it put right again unseen.
    func write(
        _ digests: TableDigests, seals: Int64, at head: JournalHead, replacing last: Row?,
        _ database: Database
    ) throws -> Row {
        let box = try AES.GCM.seal(
            digests.bytes, using: key, authenticating: bound(seals, head))
        let row = Row(
            seals: seals, salt: salt,
            box: Array(box.nonce) + Array(box.ciphertext) + Array(box.tag))
        guard let last else {
            try remove(database)
            try run(
                database, "INSERT INTO table_seal (seals, salt, box) VALUES (?, ?, ?)", row.values)
            return row
        }
        try run(
            database,
            """
            UPDATE table_seal SET seals = ?, salt = ?, box = ?
            WHERE seals = ? AND salt = ? AND box = ?
            """, row.values + last.values)
        guard database.changesCount == 1 else { throw StorageError.tablesUnsealed }
        return row
    }

    func remove(_ database: Database) throws { try run(database, "DELETE FROM table_seal", []) }

    private func bound(_ seals: Int64, _ head: JournalHead) -> [UInt8] {
        var bytes = Array("pulih-tables-1\n".utf8)
        for part in [Array(store.utf8), head.mac] {
            withUnsafeBytes(of: UInt64(part.count).bigEndian) { bytes += $0 }
            bytes += part
        }
        for number in [head.position, seals] {
            withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
        }
        return bytes
    }
}
