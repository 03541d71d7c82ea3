package import RPC
package import Vocabulary

// A joint evaluation: held by the facility and its partner together, on the days that the program's
// calendar names and at the exit. It counts only once an assessor of each side has signed it.

/// One joint evaluation of one participant.
package struct PeriodicEvaluation: Codable, Hashable, Sendable {
    package let id: EvaluationID
    package let participant: ParticipantID
    package let enrollment: EnrollmentID
    package let kind: EvaluationKind
    /// When the calendar wanted it; nil where the calendar does not name it.
    package let dueOn: Day?
    package var heldOn: Day
    package var evidence: Evidence
    /// In the assessors' words, about progress; never what was said in counseling.
    package var findings: String
    package var recommendation: Recommendation
    package let openedBy: StaffMember
    /// Counts changes of content from 1; a signature belongs to one revision.
    package var revision: Int
    /// Only those of the current revision; earlier ones stand in the journal.
    package var signatures: [Signature]
    package var status: EvaluationStatus

    package init(
        id: EvaluationID, participant: ParticipantID, enrollment: EnrollmentID,
        kind: EvaluationKind, dueOn: Day?, heldOn: Day, evidence: Evidence, findings: String,
        recommendation: Recommendation, openedBy: StaffMember, revision: Int = 1,
        signatures: [Signature] = [], status: EvaluationStatus = .draft
    ) {
        self.id = id
        self.participant = participant
        self.enrollment = enrollment
        self.kind = kind
        self.dueOn = dueOn
        self.heldOn = heldOn
        self.evidence = evidence
        self.findings = findings
        self.recommendation = recommendation
        self.openedBy = openedBy
        self.revision = revision
        self.signatures = signatures
        self.status = status
    }
}

/// Which evaluation of an enrollment it is.
package enum EvaluationKind: Codable, Hashable, Sendable, CustomStringConvertible {
    /// A point of the program's calendar, by its code, such as `M3`.
    case periodic(point: String)
    /// At the end of the enrollment.
    case exit

    package var description: String {
        switch self {
        case .periodic(let point): point
        case .exit: "exit"
        }
    }
}

extension EvaluationKind: Exemplified {
    package static var examples: [EvaluationKind] { [.periodic(point: "M3"), .exit] }
}

/// What the assessors recommend.
package enum Recommendation: String, Codable, Hashable, Sendable, CaseIterable {
    case `continue`
    /// To the next phase.
    case advance
    /// Longer in this phase.
    case extend
    /// To less intensive care.
    case stepDown = "step-down"
    case exit
    /// To a hospital or an outside program.
    case refer
}

/// Whether an evaluation counts.
package enum EvaluationStatus: String, Codable, Hashable, Sendable, CaseIterable {
    /// Not signed by both sides: in no report.
    case draft
    /// Signed by the facility and by a partner institution; never changed again.
    case joint
}

/// An assessor's name under one revision of an evaluation.
package struct Signature: Codable, Hashable, Sendable {
    package let by: StaffMember
    package let role: Role
    package let day: Day
    package let revision: Int

    package init(by: StaffMember, role: Role, day: Day, revision: Int) {
        self.by = by
        self.role = role
        self.day = day
        self.revision = revision
    }
}

/// Opens a joint evaluation with what the service knows of the participant that day.
package struct OpenEvaluation: RPCMethod, AboutParticipant {
    package static let name: MethodName = "evaluation.evaluation.open"
    package static let access = Access(roles: .assessors)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.keyed
    package typealias Reply = PeriodicEvaluation

    package let id: EvaluationID
    package let participant: ParticipantID
    package let enrollment: EnrollmentID
    package let kind: EvaluationKind
    package let heldOn: Day
    package let findings: String
    package let recommendation: Recommendation

    package init(
        id: EvaluationID, participant: ParticipantID, enrollment: EnrollmentID,
        kind: EvaluationKind, heldOn: Day, findings: String, recommendation: Recommendation
    ) {
        self.id = id
        self.participant = participant
        self.enrollment = enrollment
        self.kind = kind
        self.heldOn = heldOn
        self.findings = findings
        self.recommendation = recommendation
    }

    package enum Refusal: String, RPCRefusal {
        case enrollmentUnknown = "enrollment-unknown"
        case participantDiffers = "participant-differs"
        case pointUnknown = "point-unknown"
        case notExited = "not-exited"
        case heldOutsideEnrollment = "held-outside-enrollment"
        case heldInFuture = "held-in-future"
        case findingsMissing = "findings-missing"
        case alreadyOpened = "already-opened"
        case idTaken = "evaluation-id-taken"

        package var status: StatusCode {
            switch self {
            case .alreadyOpened, .idTaken: .alreadyExists
            case .heldInFuture, .findingsMissing: .invalidArgument
            default: .failedPrecondition
            }
        }

        package var explanation: String {
            switch self {
            case .enrollmentUnknown:
                "this service's copy of the registry has no such enrollment; check the id, or "
                    + "wait until the copy has caught up"
            case .participantDiffers:
                "the enrollment belongs to another participant; check both ids"
            case .pointUnknown:
                "the program's evaluation calendar has no such point; choose one that it names"
            case .notExited:
                "an exit evaluation follows the exit; record the exit in the registry first"
            case .heldOutsideEnrollment:
                "a periodic evaluation is held between admission and exit; check the day"
            case .heldInFuture: "the evaluation must have been held already; check the day"
            case .findingsMissing: "an evaluation needs its findings in words; write them"
            case .alreadyOpened:
                "this evaluation of the enrollment exists; amend or sign that one"
            case .idTaken: "this id already names an evaluation with other content; make a new id"
            }
        }
    }
}

/// Changes the content of an evaluation that is not yet joint, and voids its signatures.
package struct AmendEvaluation: RPCMethod {
    package static let name: MethodName = "evaluation.evaluation.amend"
    package static let access = Access(roles: .assessors)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.keyed
    package typealias Reply = PeriodicEvaluation

    package let evaluation: EvaluationID
    /// The revision that was read; another one means that somebody was faster.
    package let revision: Int
    package let heldOn: Day?
    package let findings: String?
    package let recommendation: Recommendation?

    package init(
        evaluation: EvaluationID, revision: Int, heldOn: Day? = nil, findings: String? = nil,
        recommendation: Recommendation? = nil
    ) {
        self.evaluation = evaluation
        self.revision = revision
        self.heldOn = heldOn
        self.findings = findings
        self.recommendation = recommendation
    }

    package enum Refusal: String, RPCRefusal {
        case alreadyJoint = "already-joint"
        case contentChanged = "content-changed"
        case enrollmentUnknown = "enrollment-unknown"
        case heldInFuture = "held-in-future"
        case heldOutsideEnrollment = "held-outside-enrollment"
        case findingsMissing = "findings-missing"

        package var status: StatusCode {
            switch self {
            case .contentChanged: .aborted
            case .heldInFuture, .findingsMissing: .invalidArgument
            default: .failedPrecondition
            }
        }

        package var explanation: String {
            switch self {
            case .alreadyJoint:
                "both sides have signed, so the evaluation stands; say what changed in the next one"
            case .contentChanged:
                "the evaluation was changed after you read it; read it again, then amend it"
            case .enrollmentUnknown:
                "this service's copy of the registry does not have the enrollment; wait until the "
                    + "copy has caught up"
            case .heldInFuture: "the evaluation must have been held already; check the day"
            case .heldOutsideEnrollment:
                "a periodic evaluation is held between admission and exit; check the day"
            case .findingsMissing: "an evaluation needs its findings in words; write them"
            }
        }
    }
}

/// Puts the caller's signature under the revision they read.
package struct SignEvaluation: RPCMethod {
    package static let name: MethodName = "evaluation.evaluation.sign"
    package static let access = Access(roles: .assessors)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.keyed
    package typealias Reply = PeriodicEvaluation

    package let evaluation: EvaluationID
    /// The revision that was read and is meant.
    package let revision: Int

    package init(evaluation: EvaluationID, revision: Int) {
        self.evaluation = evaluation
        self.revision = revision
    }

    package enum Refusal: String, RPCRefusal {
        case contentChanged = "content-changed"
        case alreadyJoint = "already-joint"
        case signedAlready = "signed-already"
        case treatingCounselor = "treating-counselor"
        case treatingUnknown = "treating-unknown"
        case notAnAssessor = "not-an-assessor"
        case notAParty = "not-a-party"
        case enrollmentUnknown = "enrollment-unknown"
        case signedBeforeHeld = "signed-before-held"

        package var status: StatusCode {
            switch self {
            case .contentChanged: .aborted
            case .treatingCounselor, .notAnAssessor, .notAParty: .permissionDenied
            case .alreadyJoint, .signedAlready, .enrollmentUnknown, .treatingUnknown,
                .signedBeforeHeld:
                .failedPrecondition
            }
        }

        package var explanation: String {
            switch self {
            case .contentChanged:
                "the evaluation was changed after you read it; read it again, then sign"
            case .alreadyJoint: "both sides have signed; no further signature is needed"
            case .signedAlready:
                "nobody signs twice; an assessor of the other institution must sign"
            case .treatingCounselor:
                "the treating counselor does not judge their own work; another assessor must sign"
            case .notAnAssessor: "only assessors sign an evaluation; ask one of your institution"
            case .notAParty:
                "only the facility that holds the participant and the partners in its agreement "
                    + "sign; ask an assessor of one of them"
            case .enrollmentUnknown:
                "this service's copy of the registry does not say who the parties are; sign when "
                    + "the copy has caught up"
            case .treatingUnknown:
                "nothing was heard from the clinical service yet, so nobody can tell who treats "
                    + "the participant; sign when it has been heard"
            case .signedBeforeHeld:
                "an evaluation is signed on or after the day it was held; amend the day or wait"
            }
        }
    }
}

/// Shows evaluations, the oldest first.
package struct ListEvaluations: RPCMethod, MayNameParticipant {
    package static let name: MethodName = "evaluation.evaluation.list"
    package static let access = Access(roles: .evaluationReaders)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly
    /// The most that one reply carries.
    package static let limitMax = 200

    package let participant: ParticipantID?
    package let enrollment: EnrollmentID?
    package let status: EvaluationStatus?
    /// Shows what comes after this one.
    package let after: EvaluationID?
    package let limit: Int

    package init(
        participant: ParticipantID? = nil, enrollment: EnrollmentID? = nil,
        status: EvaluationStatus? = nil, after: EvaluationID? = nil, limit: Int = 50
    ) {
        self.participant = participant
        self.enrollment = enrollment
        self.status = status
        self.after = after
        self.limit = limit
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let evaluations: [PeriodicEvaluation]
        /// Pass it as `after` for more; nil where this was all.
        package let next: EvaluationID?

        package init(evaluations: [PeriodicEvaluation], next: EvaluationID? = nil) {
            self.evaluations = evaluations
            self.next = next
        }
    }
}

/// Shows one evaluation.
package struct GetEvaluation: RPCMethod {
    package static let name: MethodName = "evaluation.evaluation.get"
    package static let access = Access(roles: .evaluationReaders)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly
    package typealias Reply = PeriodicEvaluation

    package let evaluation: EvaluationID

    package init(evaluation: EvaluationID) {
        self.evaluation = evaluation
    }
}

extension ListEvaluations.Reply: ShowsPeople {
    package var people: Set<ParticipantID> { Set(evaluations.map(\.participant)) }

    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self {
        Self(evaluations: evaluations.filter { mayBeSeen($0.participant) }, next: next)
    }
}
