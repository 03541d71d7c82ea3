package import RPC
package import Vocabulary

/// A release from custody.
package struct Release: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case sentenceServed = "sentence-served"
        /// Pembebasan bersyarat (PB).
        case parole
        /// Cuti bersyarat (CB).
        case conditionalLeave = "conditional-leave"
        /// Cuti menjelang bebas (CMB).
        case leaveBeforeRelease = "leave-before-release"
        case assimilation
        /// By the court or for want of an extension (bebas demi hukum).
        case byLaw = "by-law"
        /// Only on an imported record, whose source does not say.
        case notRecorded = "not-recorded"
    }

    package let day: Day
    package let kind: Kind
    /// The number of the letter.
    package let letter: String?
    /// The last day for handing over to aftercare, 21 days later.
    ///
    /// Absent on an imported record.
    package let handoverDue: Day?

    package init(day: Day, kind: Kind, letter: String? = nil, handoverDue: Day? = nil) {
        self.day = day
        self.kind = kind
        self.letter = letter
        self.handoverDue = handoverDue
    }
}

/// What leaving custody comes to.
package struct Departure: Codable, Hashable, Sendable {
    package let participant: Participant
    /// The open enrollment, which this has ended.
    package let enrollment: Enrollment?

    package init(participant: Participant, enrollment: Enrollment?) {
        self.participant = participant
        self.enrollment = enrollment
    }
}

/// Records that somebody was released, which ends an open enrollment with BEBAS.
///
/// Somebody who has completed the program should exit with SELESAI first.
package struct ReleaseParticipant: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.participant.release"
    package static let access = Access(roles: .registration)
    package static let section = Section.legal
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Departure

    package let participant: ParticipantID
    package let day: Day
    package let kind: Release.Kind
    package let letter: String?

    package init(
        participant: ParticipantID, day: Day, kind: Release.Kind, letter: String? = nil
    ) {
        self.participant = participant
        self.day = day
        self.kind = kind
        self.letter = letter
    }

    package enum Refusal: String, RPCRefusal {
        case deceased
        case notInCustody = "not-in-custody"
        case merged = "merged-record"

        package var explanation: String {
            switch self {
            case .deceased: "the person has died"
            case .notInCustody: "the person was released before; record their return first"
            case .merged: "the record is merged into another; name the one that stands"
            }
        }
    }
}

/// Records a death, which ends an open enrollment with MENINGGAL.
package struct RecordDeath: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.participant.record-death"
    package static let access = Access(
        roles: Set.registration.union([.physician, .aftercareOfficer]))
    package static let section = Section.legal
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Departure

    package let participant: ParticipantID
    package let day: Day
    /// The paper that says so.
    package let source: String

    package init(participant: ParticipantID, day: Day, source: String) {
        self.participant = participant
        self.day = day
        self.source = source
    }

    package enum Refusal: String, RPCRefusal {
        case alreadyRecorded = "death-already-recorded"
        case merged = "merged-record"

        package var explanation: String {
            switch self {
            case .alreadyRecorded: "the death is already recorded, on another day"
            case .merged: "the record is merged into another; name the one that stands"
            }
        }
    }
}
