package import RPC
package import Vocabulary

/// The head's decree (SK) that appoints participants to a cohort of a program.
package struct Decree: Codable, Hashable, Sendable {
    package let id: DecreeID
    package let number: String
    package let signedOn: Day
    package let program: ProgramID
    package let cohort: String
    package let participants: [ParticipantID]
    package let signedBy: StaffID
    /// For somebody who acts for the head (Plh).
    package let delegation: Delegation?

    package init(
        id: DecreeID, number: String, signedOn: Day, program: ProgramID, cohort: String,
        participants: [ParticipantID], signedBy: StaffID, delegation: Delegation? = nil
    ) {
        self.id = id
        self.number = number
        self.signedOn = signedOn
        self.program = program
        self.cohort = cohort
        self.participants = participants
        self.signedBy = signedBy
        self.delegation = delegation
    }
}

/// A letter by which somebody acts for the head on some days.
package struct Delegation: Codable, Hashable, Sendable {
    package let letter: String
    package let from: Day
    /// The last day.
    package let until: Day

    package init(letter: String, from: Day, until: Day) {
        self.letter = letter
        self.from = from
        self.until = until
    }
}

/// Records a signed decree.
package struct IssueDecree: RPCMethod {
    package static let name: MethodName = "registry.decree.issue"
    package static let access = Access.staff(.facilityHead, .programManager)
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Decree

    package let decree: Decree

    package init(decree: Decree) {
        self.decree = decree
    }

    package enum Refusal: String, RPCRefusal {
        case numberTaken = "decree-number-taken"
        case signerNotHead = "signer-not-head"
        case noDecision = "no-decision"
        case kindNotRecommended = "kind-not-recommended"
        case idTaken = "decree-id-taken"

        package var status: StatusCode {
            switch self {
            case .numberTaken, .idTaken: .alreadyExists
            case .signerNotHead, .noDecision, .kindNotRecommended: .failedPrecondition
            }
        }

        package var explanation: String {
            switch self {
            case .numberTaken: "a decree with this number is already recorded"
            case .signerNotHead:
                "the head of the facility signs a decree, or staff with a delegation that covers "
                    + "the day"
            case .noDecision: "everybody appointed needs a decision of the assessment team first"
            case .kindNotRecommended:
                "the assessment team recommended another kind of rehabilitation than the program's"
            case .idTaken: "this id already names a decree with other content; make a new id"
            }
        }
    }
}

/// Shows the decrees, all or those of one program.
package struct ListDecrees: RPCMethod {
    package static let name: MethodName = "registry.decree.list"
    package static let access = Access(
        roles: Set.registration.union(Set.clinicians).union(Set.watchers))
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly

    package let program: ProgramID?

    package init(program: ProgramID? = nil) {
        self.program = program
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let decrees: [Decree]

        package init(decrees: [Decree]) {
            self.decrees = decrees
        }
    }
}

/// The time somebody lived in one block.
package struct Placement: Codable, Hashable, Sendable {
    package let block: String
    package let from: Day
    /// The day they left it; absent while they live there.
    package var until: Day?

    package init(block: String, from: Day, until: Day? = nil) {
        self.block = block
        self.from = from
        self.until = until
    }
}

/// Places a participant in a block.
package struct PlaceParticipant: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.participant.place"
    package static let access = Access(
        roles: Set.registration.union([.security, .facilityHead]))
    package static let section = Section.legal
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Participant

    package let participant: ParticipantID
    package let block: String
    package let from: Day

    package init(participant: ParticipantID, block: String, from: Day) {
        self.participant = participant
        self.block = block
        self.from = from
    }

    package enum Refusal: String, RPCRefusal {
        case notInCustody = "not-in-custody"
        case alreadyThere = "already-in-this-block"
        case merged = "merged-record"

        package var explanation: String {
            switch self {
            case .notInCustody: "the person was released or has died; record their return first"
            case .alreadyThere: "the person already lives in this block"
            case .merged: "the record is merged into another; name the one that stands"
            }
        }
    }
}

/// It stands for all whom it names, so it is shown whole or not at all.
extension Decree: ShowsPeople {
    package var people: Set<ParticipantID> { Set(participants) }
    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self { self }
}

extension ListDecrees.Reply: ShowsPeople {
    package var people: Set<ParticipantID> { Set(decrees.flatMap(\.participants)) }

    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self {
        Self(decrees: decrees.filter { $0.participants.allSatisfy(mayBeSeen) })
    }
}

extension IssueDecree: AboutPeople {
    package var people: [ParticipantID] { decree.participants }
}
