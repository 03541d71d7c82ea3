internal import CBOR
internal import NIOCore
package import Vocabulary

extension Migration {
    /// The heads of other services' journals that this service holds as a witness: one row for
    /// each, and what did not fit it.
    static let witnessedTable = Migration(
        """
        CREATE TABLE witnessed (
            service TEXT NOT NULL PRIMARY KEY,
            position BIGINT NOT NULL,
            mac BLOB NOT NULL,
            at BIGINT NOT NULL,
            contradiction TEXT,
            refused_position BIGINT,
            refused_at BIGINT
        );
        """)
}

/// The newest head that a witness holds of another service's journal.
package struct WitnessedHead: Hashable, Sendable {
    package var head: JournalHead
    /// When it was taken.
    package var at: Timestamp
    /// What has been refused since; nil where everything fitted, or fits again.
    package var refused: Refused?

    package struct Refused: Hashable, Sendable {
        /// The word of the contradiction.
        package var contradiction: String
        package var position: Int64
        package var at: Timestamp

        package init(contradiction: String, position: Int64, at: Timestamp) {
            self.contradiction = contradiction
            self.position = position
            self.at = at
        }
    }

    package init(head: JournalHead, at: Timestamp, refused: Refused? = nil) {
        self.head = head
        self.at = at
        self.refused = refused
    }
}

extension JournalHead {
    package init(at position: Int64, mac: [UInt8]) { self.init(position: position, mac: mac) }
}

extension Reading where Self: ~Copyable {
    /// The heads that are held of other services' journals, by the services' names.
    package func witnessed() throws -> [(service: String, held: WitnessedHead)] {
        try rows(
            """
            SELECT service, position, mac, at, contradiction, refused_position, refused_at
            FROM witnessed ORDER BY service
            """, []
        ) { row in
            let refused = row.textIfPresent(4).map { contradiction in
                WitnessedHead.Refused(
                    contradiction: contradiction, position: row.integer(5),
                    at: Timestamp(microseconds: row.integer(6)))
            }
            return (
                service: row.text(0),
                held: WitnessedHead(
                    head: JournalHead(position: row.integer(1), mac: row.blob(2)),
                    at: Timestamp(microseconds: row.integer(3)), refused: refused)
            )
        }
    }
}

extension Transaction {
    /// Holds a head from now on, in the place of the one that was held.
    package func setWitnessed(_ service: String, _ held: WitnessedHead) throws {
        try run(
            database,
            """
            INSERT INTO witnessed
                (service, position, mac, at, contradiction, refused_position, refused_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (service) DO UPDATE SET
                position = excluded.position, mac = excluded.mac, at = excluded.at,
                contradiction = excluded.contradiction,
                refused_position = excluded.refused_position, refused_at = excluded.refused_at
            """,
            [
                .text(service), .integer(held.head.position), .blob(held.head.mac),
                .time(held.at), .optional(held.refused?.contradiction),
                held.refused.map { .integer($0.position) } ?? .null, .time(held.refused?.at),
            ])
    }

    /// Puts a fact about journals into this one: no record, and nobody's feed has it.
    ///
    /// `verb`: what happened, in the past tense, such as `refused`.
    package func note(
        _ fact: some Encodable, noun: StaticString, verb: StaticString, by actor: String,
        at time: Timestamp
    ) throws {
        try journal.append(
            database, noun: "\(noun)", verb: "\(verb)",
            key: IdempotencyKey.random(at: time).uuid, subject: nil,
            body: Array(CBOREncoder().encode(fact).readableBytesView), actor: actor, at: time)
    }
}

extension Store {
    /// What the journal now has at a position; nil where it does not reach that far.
    package func mark(at position: Int64) async throws -> JournalHead? {
        try await read { try JournalRows.head($0.database, at: position) }
    }

    /// Notes that a store was taken for whole on purpose though a witness held another head.
    package func noteRestored(
        witness: String, held: Int64, at time: Timestamp
    ) async throws {
        let found = position
        _ = try await write { transaction in
            try transaction.note(
                RestoreNote(sealed: held, found: found, witness: witness), noun: "store",
                verb: "restored", by: "store", at: time)
        }
    }
}
