internal import GRDB

/// How a check of a whole journal came out.
package struct ChainReport: Hashable, Sendable {
    /// The entries that were checked, the one that does not fit left out.
    package let entries: Int64
    /// The first position that does not fit; nil where all do.
    package let brokenAt: Int64?

    package init(entries: Int64, brokenAt: Int64?) {
        self.entries = entries
        self.brokenAt = brokenAt
    }
}

/// Recomputes the chain over a journal, a page at a time.
///
/// Entries are never changed, so pages read at different moments still make one chain; and no
/// long view of the store keeps its write-ahead log from being emptied.
struct ChainCheck: Sendable {
    private let chain: JournalChain
    private(set) var head: JournalHead
    private(set) var brokenAt: Int64?

    /// Begins just after an entry whose hash is taken as it stands.
    init(_ chain: JournalChain, after head: JournalHead = JournalHead()) {
        self.chain = chain
        self.head = head
    }

    /// Checks the next page, and returns whether there may be more.
    mutating func step(_ database: Database) throws -> Bool {
        let entries = try JournalRows.page(database, after: head.position, limit: 500)
        for entry in entries {
            guard entry.position == head.position + 1, chain.fits(entry, after: head.mac) else {
                brokenAt = head.position + 1
                return false
            }
            head = JournalHead(position: entry.position, mac: entry.mac)
        }
        return !entries.isEmpty
    }

    /// Checks all there is, and throws where it breaks.
    mutating func finish(_ database: Database) throws {
        while try step(database) {}
        if let brokenAt { throw StorageError.chainBroken(position: brokenAt) }
    }
}
