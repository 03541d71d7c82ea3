internal import CBOR
package import FoundationEssentials
package import RPC
package import Storage
internal import Vocabulary

extension BulkReading: StoredRecord {
    package static let noun: StaticString = "bulk_reading"
    package static let columns: [StaticString] = ["reader", "first_at", "is_reviewed"]
    package var key: UUID { id.uuid }
    package var subject: UUID? { nil }
    package var columnValues: [SQLValue] {
        [.text(by), .time(firstAt), .flag(review != nil)]
    }

    /// Its table, in the store of every service.
    package static let migration = Migration(
        """
        CREATE TABLE bulk_reading (
            key BLOB NOT NULL PRIMARY KEY, reader TEXT NOT NULL, first_at BIGINT NOT NULL,
            is_reviewed BIGINT NOT NULL, body BLOB NOT NULL);
        CREATE INDEX bulk_reading_reader ON bulk_reading (reader, first_at);
        CREATE INDEX bulk_reading_open ON bulk_reading (key) WHERE is_reviewed = 0;
        """)
}

extension Transaction {
    /// Notes a refused call for whoever must look at it.
    func note(_ call: RefusedBulkRead) throws {
        let known = try all(
            BulkReading.self, where: "reader = ? AND first_at > ?",
            [
                .text(call.reader.description),
                .time(call.at.adding(seconds: -BulkReadingRules.window)),
            ], order: "first_at DESC", limit: 1
        ).first
        guard
            let reading = BulkReadingRules.noted(call, known: known, id: .random(at: call.at))
        else { return }
        try put(reading, verb: "noted", by: reading.by, at: call.at)
    }
}

/// That somebody has read a person's clinical records or notes, and when last.
struct CountedRead {
    let reader: Identity
    let participant: ParticipantID
    let at: Timestamp
}

/// As the journal writes them.
private struct ReaderAndPerson: Hashable {
    let reader: String
    let person: UUID
}

extension Reading where Self: ~Copyable {
    /// The reads since a time that count against the bound on people, as the journal has them: of
    /// each reader and person the newest.
    ///
    /// The journal is read backwards from its end, a page at a time, to the first page on which
    /// nothing is as young: a call's time is read some seconds before its entry is written.
    func countedReads(since start: Timestamp) throws -> [CountedRead] {
        var reads: [CountedRead] = []
        var known: Set<ReaderAndPerson> = []
        var (before, isDone) = (Int64.max, false)
        while !isDone {
            let page = try rows(
                """
                SELECT position, at, actor, subject,
                    CASE WHEN noun = 'access' AND verb = 'read' THEN body END
                FROM journal WHERE position < ? ORDER BY position DESC LIMIT 1000
                """, [.integer(before)]
            ) { row in
                (
                    position: row.integer(0), at: Timestamp(microseconds: row.integer(1)),
                    actor: row.text(2), subject: row.uuid(3), body: row.blob(4)
                )
            }
            isDone = page.isEmpty || page.allSatisfy { $0.at <= start }
            before = page.last?.position ?? 0
            for row in page where row.at > start {
                // Most reads are of those whom somebody has read before.
                guard !row.body.isEmpty, let subject = row.subject else { continue }
                let pair = ReaderAndPerson(reader: row.actor, person: subject)
                guard !known.contains(pair),
                    let entry = try? CBORDecoder().decode(AccessEntry.self, from: row.body),
                    entry.section.needsPurpose, let reader = try? Identity(uri: row.actor)
                else { continue }
                known.insert(pair)
                reads.append(
                    CountedRead(reader: reader, participant: ParticipantID(subject), at: row.at))
            }
        }
        return reads
    }
}
