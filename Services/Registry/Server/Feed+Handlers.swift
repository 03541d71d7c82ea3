internal import CBOR
internal import Hosting
internal import NIOCore
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func follow(
        _ call: FollowRegistry, _ context: CallContext,
        _ send: @Sendable (FeedItem) async throws -> Void
    ) async throws {
        try await FeedPublisher.publish(
            records.store, after: call.after, share: FeedProjection.share, send: send)
    }
}

/// Turns an entry of the journal into what the other services may see of it.
enum FeedProjection {
    @Sendable static func share(_ entry: JournalEntry) throws -> (noun: String, body: [UInt8])? {
        guard let noun = RegistryFeedNoun(rawValue: entry.noun) else { return nil }
        let body: [UInt8]? =
            switch noun {
            case .facility: try encode(record(Facility.self, entry))
            case .agreement: try encode(record(Agreement.self, entry))
            case .program: try encode(record(Program.self, entry))
            case .staff: try encode(FeedRules.summary(of: record(Staff.self, entry)))
            case .participant: try encode(FeedRules.summary(of: record(Participant.self, entry)))
            case .consent:
                // A revocation is never dated later than the day it was recorded, which begins
                // in the east: there it has been reached, wherever the person is held.
                try encode(
                    FeedRules.summary(
                        of: record(Consent.self, entry), on: entry.at.day(in: .wit)))
            case .enrollment: try encode(FeedRules.summary(of: record(Enrollment.self, entry)))
            case .revocation:
                try encode(RevocationSummary(record(CertificateRevocation.self, entry)))
            case .legalRequest:
                try encode(FeedRules.summary(of: record(LegalRequest.self, entry)))
            case .restriction:
                try FeedRules.summary(of: record(SubjectRequest.self, entry)).map(encode)
            }
        guard let body else { return nil }
        return (noun.rawValue, body)
    }

    private static func record<Record: StoredRecord>(
        _ type: Record.Type, _ entry: JournalEntry
    ) throws -> Record {
        try CBORDecoder().decode(type, from: entry.body)
    }

    private static func encode(_ value: some Encodable) throws -> [UInt8] {
        Array(try CBOREncoder().encode(value).readableBytesView)
    }
}
