import CBOR
import ClinicalAPI
import NIOCore
import RPC
import RegistryAPI

/// A message read into today's type and written again, whatever the type is.
protocol ReplayedMessage {
    /// What the type makes of a message, encoded again.
    static func reencode(_ message: ByteBuffer) throws -> CBORValue
}

enum Replayed<Message: Codable>: ReplayedMessage {
    static func reencode(_ message: ByteBuffer) throws -> CBORValue {
        let value = try CBORDecoder().decode(Message.self, from: message)
        return try CBORValue(CBOREncoder(deterministic: true).encode(value))
    }
}

/// Which types the bodies of feeds are read into, by those who follow.
enum FeedBodies {
    /// The type of a body; nil for one that is told of nowhere.
    static func type(
        of entry: FeedEntry, in call: RecordedCall
    ) -> (any ReplayedMessage.Type)? {
        switch call.method {
        case FollowRegistry.name.text:
            RegistryFeedNoun(rawValue: entry.noun).map(type)
        case FollowClinical.name.text:
            ClinicalNoun(rawValue: entry.noun).map { type(of: $0, for: call.by) }
        default: nil
        }
    }

    /// The type that followers read a body into, which may be a part of what is told.
    static func readingType(
        of entry: FeedEntry, in call: RecordedCall
    ) -> (any ReplayedMessage.Type)? {
        let isProgram =
            call.method == FollowRegistry.name.text
            && entry.noun == RegistryFeedNoun.program.rawValue
        return isProgram ? Replayed<ProgramSummary>.self : type(of: entry, in: call)
    }

    private static func type(of noun: RegistryFeedNoun) -> any ReplayedMessage.Type {
        switch noun {
        case .facility: Replayed<Facility>.self
        case .agreement: Replayed<Agreement>.self
        case .program: Replayed<Program>.self
        case .staff: Replayed<StaffSummary>.self
        case .participant: Replayed<ParticipantSummary>.self
        case .consent: Replayed<ConsentSummary>.self
        case .enrollment: Replayed<EnrollmentSummary>.self
        case .revocation: Replayed<RevocationSummary>.self
        case .legalRequest: Replayed<LegalRequestSummary>.self
        case .restriction: Replayed<RestrictionSummary>.self
        }
    }

    private static func type(
        of noun: ClinicalNoun, for follower: String
    ) -> any ReplayedMessage.Type {
        switch noun {
        case .screening: Replayed<ScreeningSummary>.self
        case .score: Replayed<ScoreSummary>.self
        case .attendance: Replayed<AttendanceSummary>.self
        case .urineTest:
            follower == "registry" ? Replayed<UrineTestDay>.self : Replayed<UrineSummary>.self
        }
    }
}
