internal import CBOR
internal import ClinicalAPI
internal import ClinicalRules
internal import Hosting
internal import NIOCore
internal import RPC
internal import Storage
internal import Vocabulary

extension ClinicalService {
    @Sendable func follow(
        _ call: FollowClinical, _ context: CallContext,
        _ send: @Sendable (FeedItem) async throws -> Void
    ) async throws {
        guard case .service(let follower) = context.identity else {
            throw RPCFailure(.permissionDenied, "only a service follows the feed")
        }
        try await FeedPublisher.publish(
            records.store, after: call.after,
            share: { try FeedProjection.share($0, with: follower.name) }, send: send)
    }
}

/// Turns an entry of the journal into what one follower may see of it.
enum FeedProjection {
    /// The kinds of record of which anybody learns anything, as the journal names them.
    private enum Source: String {
        case administration
        case session
        case urineTest = "urine_test"
    }

    static func share(
        _ entry: JournalEntry, with follower: ServiceName
    ) throws -> (noun: String, body: [UInt8])? {
        guard let source = Source(rawValue: entry.noun) else { return nil }
        switch (source, follower) {
        case (.administration, .registry):
            return try item(.screening, Projections.screening(record(entry)))
        case (.administration, .evaluation):
            return try item(.score, Projections.score(record(entry)))
        case (.session, .evaluation):
            let kept: SessionRecord = try record(entry)
            return try item(.attendance, Projections.attendance(kept.session, zone: kept.zone))
        case (.urineTest, .registry):
            return try item(.urineTest, Projections.urineTestDay(record(entry)))
        case (.urineTest, .evaluation):
            return try item(.urineTest, Projections.urineTest(record(entry)))
        case (.session, .registry), (_, .clinical):
            return nil
        }
    }

    private static func record<Record: StoredRecord>(_ entry: JournalEntry) throws -> Record {
        try CBORDecoder().decode(Record.self, from: entry.body)
    }

    private static func item(
        _ noun: ClinicalNoun, _ body: (some Encodable)?
    ) throws -> (noun: String, body: [UInt8])? {
        guard let body else { return nil }
        return (noun.rawValue, Array(try CBOREncoder().encode(body).readableBytesView))
    }
}
