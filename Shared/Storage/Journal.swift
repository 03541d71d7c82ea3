internal import Crypto
package import FoundationEssentials
internal import GRDB
package import Vocabulary

/// One fact in a service's journal.
package struct JournalEntry: Hashable, Sendable {
    /// Counts from 1, without gaps.
    package let position: Int64
    package let at: Timestamp
    /// Who did it: an identity as their certificate names it.
    package let actor: String
    package let noun: String
    package let verb: String
    package let key: UUID
    package let subject: UUID?
    /// The record as CBOR, with what is sealed in its place; as the chain has it, the stored bytes.
    package let body: [UInt8]
    /// Whether so much of it is erased that the rest says nothing.
    package var isLeftOut = false
    /// The keyed hash over this entry and the one before.
    package let mac: [UInt8]
}

/// The keyed hash chain over a journal.
///
/// `mac(n) = HMAC-SHA256(key, mac(n−1) ‖ entry)`, with every field of the entry preceded by its
/// length, so that no two entries have the same bytes. Whoever lacks the key can neither alter
/// nor remove an entry unnoticed; cutting off the newest is found by the sealed head beside the
/// store (``HeadFile``).
package struct JournalChain: Sendable {
    private let key: SymmetricKey

    package init(key: [UInt8]) throws(StorageError) {
        guard key.count == 32 else { throw .keyLength }
        self.key = SymmetricKey(data: key)
    }

    static let start = [UInt8](repeating: 0, count: 32)

    func mac(
        after previous: [UInt8], position: Int64, at: Timestamp, actor: String, noun: String,
        verb: String, key entryKey: UUID, subject: UUID?, body: [UInt8]
    ) -> [UInt8] {
        var hash = HMAC<SHA256>(key: key)
        func add(_ bytes: [UInt8]) {
            hash.update(data: withUnsafeBytes(of: UInt64(bytes.count).bigEndian) { Array($0) })
            hash.update(data: bytes)
        }
        func add(_ number: Int64) { add(withUnsafeBytes(of: number.bigEndian) { Array($0) }) }
        func add(_ uuid: UUID?) {
            add(uuid.map { uuid in withUnsafeBytes(of: uuid.uuid) { Array($0) } } ?? [])
        }
        add(previous)
        add(position)
        add(at.microseconds)
        add(Array(actor.utf8))
        add(Array(noun.utf8))
        add(Array(verb.utf8))
        add(entryKey)
        add(subject)
        add(body)
        return Array(hash.finalize())
    }

    /// The seal over how far one store has got.
    ///
    /// A chain's hash begins with 32 bytes of hash, a seal with its name, so neither can stand for
    /// the other.
    func seal(_ mark: StoreMark, of store: String) -> [UInt8] {
        var hash = HMAC<SHA256>(key: key)
        let name = mark.seals == nil ? "pulih sealed head" : "pulih sealed head 2"
        for part in [Array(name.utf8), Array(store.utf8), mark.head.mac] {
            hash.update(data: withUnsafeBytes(of: UInt64(part.count).bigEndian) { Array($0) })
            hash.update(data: part)
        }
        for number in [mark.head.position] + (mark.seals.map { [$0] } ?? []) {
            hash.update(data: withUnsafeBytes(of: number.bigEndian) { Array($0) })
        }
        return Array(hash.finalize())
    }

    /// A key for another use than the chain's.
    func derivedKey(_ use: String, salt: [UInt8] = []) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, salt: salt, info: Array(use.utf8), outputByteCount: 32)
    }

    func fits(_ entry: JournalEntry, after previous: [UInt8]) -> Bool {
        entry.mac
            == mac(
                after: previous, position: entry.position, at: entry.at, actor: entry.actor,
                noun: entry.noun, verb: entry.verb, key: entry.key, subject: entry.subject,
                body: entry.body)
    }
}

/// The end of the journal: what the next entry is chained to.
package struct JournalHead: Hashable, Sendable {
    package var position: Int64 = 0
    package var mac = JournalChain.start
}

/// How far a store has got.
package struct StoreMark: Hashable, Sendable {
    /// The end of its journal.
    package var head = JournalHead()
    /// How often its tables were sealed; nil where that is of a time before they were.
    var seals: Int64?
}

/// Reads journal rows.
enum JournalRows {
    static let columns = "position, at, actor, noun, verb, key, subject, body, mac"

    static func entry(_ row: ResultRow) throws(StorageError) -> JournalEntry {
        guard let key = row.uuid(5) else { throw .chainBroken(position: row.integer(0)) }
        return JournalEntry(
            position: row.integer(0), at: Timestamp(microseconds: row.integer(1)),
            actor: row.text(2), noun: row.text(3), verb: row.text(4), key: key,
            subject: row.uuid(6), body: row.blob(7), mac: row.blob(8))
    }

    static func page(
        _ database: Database, after position: Int64, limit: Int
    ) throws -> [JournalEntry] {
        let statement = try database.cachedStatement(
            sql: "SELECT \(columns) FROM journal WHERE position > ? ORDER BY position LIMIT ?")
        let cursor = try GRDB.Row.fetchCursor(statement, arguments: [position, limit])
        var entries: [JournalEntry] = []
        while let row = try cursor.next() { entries.append(try entry(ResultRow(row: row))) }
        return entries
    }

    /// The same of one person.
    static func page(
        _ database: Database, about subject: UUID, after position: Int64, limit: Int
    ) throws -> [JournalEntry] {
        try fetch(
            database,
            """
            SELECT \(columns) FROM journal WHERE subject = ? AND position > ?
            ORDER BY position LIMIT ?
            """, [.uuid(subject), .integer(position), .number(limit)], entry)
    }

    /// The entry at a position as the end of what is before it; nil where there is none.
    static func head(_ database: Database, at position: Int64) throws -> JournalHead? {
        if position == 0 { return JournalHead() }
        guard let entry = try page(database, after: position - 1, limit: 1).first,
            entry.position == position
        else { return nil }
        return JournalHead(position: entry.position, mac: entry.mac)
    }

    /// Whether there is an entry of such a kind.
    static func hasEntry(_ noun: String, _ verb: String, _ database: Database) throws -> Bool {
        try !fetch(
            database, "SELECT 1 FROM journal WHERE noun = ? AND verb = ? LIMIT 1",
            [.text(noun), .text(verb)]
        ) { $0.integer(0) }.isEmpty
    }

    /// The journal's end.
    static func end(_ database: Database) throws -> JournalHead {
        let last = try Int64.fetchOne(database, sql: "SELECT MAX(position) FROM journal") ?? 0
        guard let head = try head(database, at: last) else {
            throw StorageError.chainBroken(position: last)
        }
        return head
    }
}
