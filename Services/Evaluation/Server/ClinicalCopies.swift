internal import CBOR
internal import ClinicalAPI
internal import FoundationEssentials
internal import Instruments
package import RPC
package import Storage
internal import Vocabulary

/// What this service keeps of the clinical service's feed: scores, attendance and urine tests.
package enum ClinicalCopies {
    /// Stores what an item says; kinds of record that nothing here needs are passed over.
    package static func apply(_ item: FeedItem, to transaction: borrowing Transaction) throws {
        guard let noun = item.noun.flatMap(ClinicalNoun.init), let body = item.body else { return }
        switch noun {
        case .score:
            try transaction.putCopy(ScoreCopy(score: read(body)))
        case .attendance:
            try transaction.putCopy(AttendanceCopy(session: read(body)))
        case .urineTest:
            try transaction.putCopy(UrineTestCopy(test: read(body)))
        case .screening:
            break
        }
    }

    private static func read<Body: Decodable>(_ body: [UInt8]) throws -> Body {
        try CBORDecoder().decode(Body.self, from: body)
    }
}

/// One administration's scores; what it replaces is kept, and does not count.
struct ScoreCopy: StoredRecord {
    static let noun: StaticString = "score_copy"
    static let columns: [StaticString] = ["participant", "instrument", "occasion", "replaces"]
    static let sealed = [SealedPart(.clinical, wholeWith: ["score"])]
    let score: ScoreSummary
    var key: UUID { score.administration.uuid }
    var subject: UUID? { score.participant.uuid }
    var columnValues: [SQLValue] {
        [
            .id(score.participant), .text(score.instrument.rawValue),
            .text(score.occasion.rawValue), .id(score.replaces),
        ]
    }
}

/// One session as the feed told of it last.
struct AttendanceCopy: StoredRecord {
    static let noun: StaticString = "attendance_copy"
    static let columns: [StaticString] = ["day"]
    let session: AttendanceSummary
    var key: UUID { session.session.uuid }
    var subject: UUID? { nil }
    var columnValues: [SQLValue] { [.day(session.day)] }
}

/// One urine test with what the laboratory has said so far.
struct UrineTestCopy: StoredRecord {
    static let noun: StaticString = "urine_test_copy"
    static let columns: [StaticString] = ["participant"]
    static let sealed = [SealedPart(.clinical, wholeWith: ["test"])]
    let test: UrineSummary
    var key: UUID { test.test.uuid }
    var subject: UUID? { test.participant.uuid }
    var columnValues: [SQLValue] { [.id(test.participant)] }
}
