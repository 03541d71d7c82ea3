package import RPC
package import Vocabulary

/// The plan of treatment that follows from an assessment.
///
/// A plan is set anew as a whole; every revision is kept.
package struct Plan: Codable, Hashable, Sendable {
    /// Something to reach, by when, and who sees to it.
    package struct Goal: Codable, Hashable, Sendable {
        package let text: String
        package let targetDay: Day
        package let responsible: StaffReference

        package init(text: String, targetDay: Day, responsible: StaffReference) {
            self.text = text
            self.targetDay = targetDay
            self.responsible = responsible
        }
    }

    /// An assessment has one plan, so its id is the plan's.
    package let assessment: AssessmentID
    package let participant: ParticipantID
    /// 1 for the first.
    package let revision: Int
    package let goals: [Goal]
    /// What is given, such as `konseling individu`.
    package let services: [String]
    package let setBy: Signatory
    package let setAt: Timestamp

    package init(
        assessment: AssessmentID, participant: ParticipantID, revision: Int, goals: [Goal],
        services: [String], setBy: Signatory, setAt: Timestamp
    ) {
        self.assessment = assessment
        self.participant = participant
        self.revision = revision
        self.goals = goals
        self.services = services
        self.setBy = setBy
        self.setAt = setAt
    }
}

/// Sets the plan of an assessment, for the first time or anew.
package struct SetPlan: RPCMethod {
    package static let name: MethodName = "clinical.plan.set"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Plan

    package let assessment: AssessmentID
    /// The revision that the caller saw; 0 for the first plan.
    package let replacing: Int
    package let goals: [Plan.Goal]
    package let services: [String]

    package init(
        assessment: AssessmentID, replacing: Int = 0, goals: [Plan.Goal], services: [String]
    ) {
        self.assessment = assessment
        self.replacing = replacing
        self.goals = goals
        self.services = services
    }

    package enum Refusal: String, RPCRefusal {
        case planChanged = "plan-changed"
        case alreadyCorrected = "already-corrected"

        package var status: StatusCode { self == .planChanged ? .aborted : .failedPrecondition }

        package var explanation: String {
            switch self {
            case .planChanged:
                "somebody set the plan since it was read; read it again and set it on top of that"
            case .alreadyCorrected:
                "a later assessment corrects this one; set the plan of that"
            }
        }
    }
}

/// Shows the plan of a participant's latest assessment that has one.
package struct GetPlan: RPCMethod, AboutParticipant {
    package static let name: MethodName = "clinical.plan.get"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// Nil where no plan was ever set.
        package let plan: Plan?

        package init(plan: Plan?) {
            self.plan = plan
        }
    }
}
