internal import CBOR
package import FoundationEssentials
internal import NIOCore
package import Vocabulary

/// That the key of one section of somebody's records was destroyed.
package struct Erasure: Hashable, Sendable {
    package let owner: UUID
    package let section: Section
    /// Who did it, as their certificate names them.
    package let actor: String
    package let at: Timestamp
    /// Why, as whoever decided it wrote; it must say nothing about the person.
    package let ground: String
    /// Where the journal says so.
    package let position: Int64
}

/// What the journal says of an erasure.
private struct ErasureNote: Codable {
    let section: Section
    /// How often the section's key was destroyed before.
    let generation: Int64
    let ground: String

    enum CodingKeys: Int, CodingKey {
        case section = 1
        case generation = 2
        case ground = 3
    }
}

/// The journal's words for what a store does itself.
enum StoreWords {
    static let noun = "store"
    static let restored = "restored"
    static let erased = "erased"
    /// From here on the tables are sealed; before, nobody could tell whether they were altered.
    static let sealed = "sealed"
    /// Tables that did not hold what they should were made anew.
    static let remade = "remade"
}

extension Transaction {
    /// Destroys the key of one section of somebody's records, and notes in the journal who did it,
    /// when and why.
    ///
    /// The key is gone from the key file before the transaction's caller is answered; where the
    /// process ends in between, the next start does it. From the moment of this call the section's
    /// fields read as erased here, columns and side tables are made anew from what is left, and
    /// what is written about the person later has another key. The kept answers of all keyed calls
    /// so far go too, because they may hold what was erased.
    ///
    /// A second time it changes nothing, and returns the first, unless something was written about
    /// the person since.
    ///
    /// `owner`: the participant, or what else the key is of (``StoredRecord/keyOwner``).
    /// `holds`: why it may not be erased now; each names a legal hold.
    /// - Throws: ``StorageError/held(_:)`` where there is a hold.
    @discardableResult
    package func erase(
        _ section: Section, of owner: UUID, ground: String, holds: [String] = [],
        by actor: String, at time: Timestamp
    ) throws -> Erasure {
        guard holds.isEmpty else { throw StorageError.held(holds) }
        let last = try erasures(of: owner).last { $0.section == section }
        if let last, try !isWritten(about: owner, after: last.position) { return last }
        let name = KeyName(owner: owner, section: section)
        let generation = seals.keys.generation(of: name, beyond: journal.erasures)
        let body = try CBOREncoder().encode(
            ErasureNote(section: section, generation: generation, ground: ground))
        try journal.append(
            database, noun: StoreWords.noun, verb: StoreWords.erased, key: owner, subject: owner,
            body: Array(body.readableBytesView), actor: actor, at: time)
        journal.destroyKeys(of: name, generation, in: seals.keys)
        journal.destroyKeys(
            of: .answers, seals.keys.generation(of: .answers, beyond: seals.pending),
            in: seals.keys)
        try note(owner, section, generation, at: journal.head.position)
        try remake(about: owner)
        return Erasure(
            owner: owner, section: section, actor: actor, at: time, ground: ground,
            position: journal.head.position)
    }

    private func isWritten(about owner: UUID, after position: Int64) throws -> Bool {
        let nouns = try rows(
            """
            SELECT DISTINCT noun FROM journal WHERE (subject = ? OR key = ?) AND position > ?
            """, [.uuid(owner), .uuid(owner), .integer(position)]
        ) { $0.text(0) }
        // Who read or erased it is noted under the same subject.
        return nouns.contains { schema.types[$0] != nil }
    }

    /// Makes the rows of somebody's records anew from what can still be read of them.
    private func remake(about owner: UUID) throws {
        let places = try rows(
            """
            SELECT noun, key, MAX(position) FROM journal WHERE subject = ? OR key = ?
            GROUP BY noun, key
            """, [.uuid(owner), .uuid(owner)]
        ) { ($0.text(0), $0.uuid(1), $0.integer(2)) }
        for (noun, key, position) in places {
            guard let key, let type = schema.types[noun] else { continue }
            guard let entry = try JournalRows.page(database, after: position - 1, limit: 1).first
            else { continue }
            try replay(type, key, entry)
        }
    }

    /// Keeps what a start must find again: the row of an erasure.
    func note(
        _ owner: UUID, _ section: Section, _ generation: Int64, at position: Int64
    ) throws {
        try run(
            database,
            """
            INSERT INTO erasure (position, owner, section, generation) VALUES (?, ?, ?, ?)
            """,
            [.integer(position), .uuid(owner), .text(section.rawValue), .integer(generation)])
    }

    /// Keeps the row of an erasure that the journal tells of.
    func replayErasure(_ entry: JournalEntry) throws {
        guard entry.noun == StoreWords.noun, entry.verb == StoreWords.erased else { return }
        let note = try CBORDecoder().decode(ErasureNote.self, from: entry.body)
        try self.note(entry.key, note.section, note.generation, at: entry.position)
    }
}

extension Reading where Self: ~Copyable {
    /// What was erased of somebody's records, the first first.
    package func erasures(of owner: UUID) throws -> [Erasure] {
        try rows(
            """
            SELECT journal.position, at, actor, body FROM erasure
            JOIN journal ON journal.position = erasure.position
            WHERE owner = ? ORDER BY journal.position
            """, [.uuid(owner)]
        ) { row in
            let note = try CBORDecoder().decode(ErasureNote.self, from: row.blob(3))
            return Erasure(
                owner: owner, section: note.section, actor: row.text(2),
                at: Timestamp(microseconds: row.integer(1)), ground: note.ground,
                position: row.integer(0))
        }
    }
}
