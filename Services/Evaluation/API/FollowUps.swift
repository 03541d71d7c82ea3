package import RPC
package import Vocabulary

/// How far a participant's fate is known: follow-up has two clocks.
///
/// A register knows up to the day it was read; relapse is known only up to the last contact.
package struct FollowUp: Codable, Hashable, Sendable {
    package let participant: ParticipantID
    /// The day up to which the custody register was searched for this person.
    package var registerUntil: Day?
    /// The last day on which the person was reached.
    package var contactUntil: Day?

    package init(
        participant: ParticipantID, registerUntil: Day? = nil, contactUntil: Day? = nil
    ) {
        self.participant = participant
        self.registerUntil = registerUntil
        self.contactUntil = contactUntil
    }
}

/// Records up to which day the register was searched for some participants.
///
/// Whoever is in it with nothing found is thereby known to be free until then.
package struct RecordFollowUp: RPCMethod {
    package static let name: MethodName = "evaluation.followup.record"
    package static let access = Access(roles: .registerReaders)
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed
    /// The most that one call names.
    package static let participantsMax = 500

    package let participants: [ParticipantID]
    package let registerUntil: Day

    package init(participants: [ParticipantID], registerUntil: Day) {
        self.participants = participants
        self.registerUntil = registerUntil
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// How many clocks moved; a later day than the given one stays.
        package let moved: Int

        package init(moved: Int) {
            self.moved = moved
        }
    }

    package enum Refusal: String, RPCRefusal {
        case inFuture = "in-future"
        case tooMany = "too-many"

        package var status: StatusCode { .invalidArgument }

        package var explanation: String {
            switch self {
            case .inFuture: "a register cannot have been read on a day to come; check the day"
            case .tooMany: "one call names at most 500 participants; split it"
            }
        }
    }
}

/// Shows how far the fate of each participant is known.
package struct ListFollowUps: RPCMethod {
    package static let name: MethodName = "evaluation.followup.list"
    package static let access = Access(roles: .followUpReaders)
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly
    /// The most that one reply carries.
    package static let limitMax = 500

    package let after: ParticipantID?
    package let limit: Int

    package init(after: ParticipantID? = nil, limit: Int = 100) {
        self.after = after
        self.limit = limit
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let followUps: [FollowUp]
        package let next: ParticipantID?

        package init(followUps: [FollowUp], next: ParticipantID? = nil) {
            self.followUps = followUps
            self.next = next
        }
    }
}

extension ListFollowUps.Reply: ShowsPeople {
    package var people: Set<ParticipantID> { Set(followUps.map(\.participant)) }

    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self {
        Self(followUps: followUps.filter { mayBeSeen($0.participant) }, next: next)
    }
}

extension RecordFollowUp: AboutPeople {
    package var people: [ParticipantID] { participants }
}
