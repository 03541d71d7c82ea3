package import RPC
package import Vocabulary

/// What the assessment team recommends for one participant.
package struct Decision: Codable, Hashable, Sendable {
    package let id: DecisionID
    package let participant: ParticipantID
    package let members: [TeamMember]
    package let recommends: RehabilitationKind
    /// Where the rehabilitation should take place.
    package let place: String
    package let decidedOn: Day

    package init(
        id: DecisionID, participant: ParticipantID, members: [TeamMember],
        recommends: RehabilitationKind, place: String, decidedOn: Day
    ) {
        self.id = id
        self.participant = participant
        self.members = members
        self.recommends = recommends
        self.place = place
        self.decidedOn = decidedOn
    }
}

/// A member of the team in the role they had on that day.
package struct TeamMember: Codable, Hashable, Sendable {
    package let staff: StaffID
    package let role: Role

    package init(staff: StaffID, role: Role) {
        self.staff = staff
        self.role = role
    }
}

/// Records a decision of the assessment team.
package struct RecordDecision: RPCMethod {
    package static let name: MethodName = "registry.decision.record"
    package static let access = Access(
        roles: Set.clinicians.union([.programManager]))
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Decision

    package let decision: Decision

    package init(decision: Decision) {
        self.decision = decision
    }

    package enum Refusal: String, RPCRefusal {
        case memberUnknown = "team-member-unknown"
        case memberRoleDiffers = "team-member-role-differs"
        case noPhysician = "team-without-physician"
        case noCounselor = "team-without-counselor"
        case noRegistration = "team-without-registration"
        case deceased
        case merged = "merged-record"
        case idTaken = "decision-id-taken"

        package var status: StatusCode {
            self == .idTaken ? .alreadyExists : .failedPrecondition
        }

        package var explanation: String {
            switch self {
            case .memberUnknown: "every member must be active staff; add them or name others"
            case .memberRoleDiffers: "a member takes part in the role they hold; correct the role"
            case .noPhysician: "the assessment team needs a physician or nurse"
            case .noCounselor: "the assessment team needs a counselor or a psychologist"
            case .noRegistration: "the assessment team needs a member from registration"
            case .deceased: "the person has died"
            case .merged: "the record is merged into another; name the one that stands"
            case .idTaken: "this id already names a decision with other content; make a new id"
            }
        }
    }
}

/// Shows the decisions on one participant, the oldest first.
package struct ListDecisions: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.decision.list"
    package static let access = Access(
        roles: Set.clinicians.union(Set.registration).union(Set.watchers))
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let decisions: [Decision]

        package init(decisions: [Decision]) {
            self.decisions = decisions
        }
    }
}
