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
    package let body: [UInt8]
    /// The keyed hash over this entry and the one before.
    package let mac: [UInt8]
}

/// The keyed hash chain over a journal.
///
/// `mac(n) = HMAC-SHA256(key, mac(n−1) ‖ entry)`, with every field of the entry preceded by its
/// length, so that no two entries have the same bytes. Whoever lacks the key can neither alter
/// nor remove an entry unnoticed; cutting off the newest is found only by comparing the head with
/// one kept elsewhere.
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

    func fits(_ entry: JournalEntry, after previous: [UInt8]) -> Bool {
        entry.mac
            == mac(
                after: previous, position: entry.position, at: entry.at, actor: entry.actor,
                noun: entry.noun, verb: entry.verb, key: entry.key, subject: entry.subject,
                body: entry.body)
    }
}

/// How a check of a whole journal came out.
package struct ChainReport: Hashable, Sendable {
    package let entries: Int64
    /// The first position that does not fit; nil where all do.
    package let brokenAt: Int64?
}

/// The end of the journal: what the next entry is chained to.
struct JournalHead: Sendable {
    var position: Int64 = 0
    var mac = JournalChain.start
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

    /// Recomputes the chain from just after `position`, and returns where it breaks.
    static func firstBreak(
        _ database: Database, chain: JournalChain, from start: Int64
    ) throws -> Int64? {
        var head = JournalHead()
        if start > 0 {
            guard let anchor = try page(database, after: start - 1, limit: 1).first,
                anchor.position == start
            else { return start }
            head = JournalHead(position: anchor.position, mac: anchor.mac)
        }
        while true {
            let entries = try page(database, after: head.position, limit: 500)
            if entries.isEmpty { return nil }
            for entry in entries {
                guard entry.position == head.position + 1, chain.fits(entry, after: head.mac) else {
                    return head.position + 1
                }
                head = JournalHead(position: entry.position, mac: entry.mac)
            }
        }
    }
}
