package import RPC
package import Vocabulary

/// A record that may belong to the same person.
package struct Duplicate: Codable, Hashable, Sendable {
    package enum Ground: String, Codable, Hashable, Sendable, CaseIterable {
        case nik
        case fingerprint
        /// Name or alias alike, and the birth date agrees.
        case nameAndBirth = "name-and-birth"
    }

    package let participant: ParticipantID
    package let grounds: [Ground]

    package init(participant: ParticipantID, grounds: [Ground]) {
        self.participant = participant
        self.grounds = grounds
    }
}

/// Finds the records that may belong to the same person as one that is registered.
package struct FindDuplicates: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.participant.duplicates"
    package static let access = Access(roles: .registration)
    package static let section = Section.identity
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let duplicates: [Duplicate]

        package init(duplicates: [Duplicate]) {
            self.duplicates = duplicates
        }
    }
}

/// Adds a name under which the person is known too.
package struct AddAlias: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.participant.add-alias"
    package static let access = Access(roles: .registration)
    package static let section = Section.identity
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Participant

    package let participant: ParticipantID
    package let alias: String

    package init(participant: ParticipantID, alias: String) {
        self.participant = participant
        self.alias = alias
    }

    package enum Refusal: String, RPCRefusal {
        case alreadyKnown = "alias-already-known"
        case tooMany = "too-many-aliases"

        package var explanation: String {
            switch self {
            case .alreadyKnown: "the record already has this name or alias"
            case .tooMany: "a record holds at most 20 aliases"
            }
        }
    }
}

/// Declares two records to be of one person; `kept` stands for both from now on.
///
/// Nothing is moved or deleted, so that ``UnmergeParticipants`` restores all.
package struct MergeParticipants: RPCMethod {
    package static let name: MethodName = "registry.participant.merge"
    package static let access = Access(roles: .registration)
    package static let section = Section.identity
    package static let repeatability = Repeatability.keyed
    /// The record that was merged away.
    package typealias Reply = Participant

    package let kept: ParticipantID
    package let duplicate: ParticipantID
    package let reason: String

    package init(kept: ParticipantID, duplicate: ParticipantID, reason: String) {
        self.kept = kept
        self.duplicate = duplicate
        self.reason = reason
    }

    package enum Refusal: String, RPCRefusal {
        case alreadyMerged = "already-merged"
        case differentIdentity = "different-identity"
        case declaredDistinct = "declared-distinct"
        case bothEnrolled = "both-enrolled"

        package var explanation: String {
            switch self {
            case .alreadyMerged:
                "one of the records is already merged into another; name the one that stands"
            case .differentIdentity:
                "the records carry different NIKs, fingerprint numbers or sexes: twins stay apart"
            case .declaredDistinct: "a person has confirmed that these are two people"
            case .bothEnrolled:
                "both records have an open enrollment; exit the one that was opened by mistake"
            }
        }
    }
}

/// Takes a merge back: both records stand for themselves again.
package struct UnmergeParticipants: RPCMethod {
    package static let name: MethodName = "registry.participant.unmerge"
    package static let access = Access(roles: .registration)
    package static let section = Section.identity
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Participant

    /// The record that was merged away.
    package let duplicate: ParticipantID
    package let reason: String

    package init(duplicate: ParticipantID, reason: String) {
        self.duplicate = duplicate
        self.reason = reason
    }

    package enum Refusal: String, RPCRefusal {
        case notMerged = "not-merged"

        package var explanation: String { "this record is not merged into another" }
    }
}
