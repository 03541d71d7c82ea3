package import RPC
package import Vocabulary

/// Moves an enrollment on to a phase of its program.
package struct AdvanceEnrollment: RPCMethod {
    package static let name: MethodName = "registry.enrollment.advance"
    package static let access = Access(roles: Set.clinicians.union([.programManager]))
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Enrollment

    package let enrollment: EnrollmentID
    package let stage: String
    package let from: Day
    /// Needed where the phase is not the next one.
    package let reason: String?

    package init(enrollment: EnrollmentID, stage: String, from: Day, reason: String? = nil) {
        self.enrollment = enrollment
        self.stage = stage
        self.from = from
        self.reason = reason
    }

    package enum Refusal: String, RPCRefusal {
        case exited = "already-exited"
        case onHold = "on-hold"
        case stageUnknown = "stage-unknown"
        case alreadyThere = "already-in-this-stage"
        case outOfOrder = "stage-out-of-order"

        package var explanation: String {
            switch self {
            case .exited: "the enrollment has ended; nothing of it changes any more"
            case .onHold: "the participant is away; record their return first"
            case .stageUnknown: "the program has no phase of this name"
            case .alreadyThere: "the participant is in this phase"
            case .outOfOrder: "this is not the next phase; say why one is skipped or repeated"
            }
        }
    }
}

/// Records that a participant is away for a while: the episode goes on, its days do not count.
package struct HoldEnrollment: RPCMethod {
    package static let name: MethodName = "registry.enrollment.hold"
    package static let access = Access(roles: .registration)
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Enrollment

    package let enrollment: EnrollmentID
    package let from: Day
    package let reason: Hold.Reason
    package let note: String?

    package init(enrollment: EnrollmentID, from: Day, reason: Hold.Reason, note: String? = nil) {
        self.enrollment = enrollment
        self.from = from
        self.reason = reason
        self.note = note
    }

    package enum Refusal: String, RPCRefusal {
        case exited = "already-exited"
        case alreadyOnHold = "already-on-hold"

        package var explanation: String {
            switch self {
            case .exited: "the enrollment has ended; nothing of it changes any more"
            case .alreadyOnHold: "the participant is already away; record their return first"
            }
        }
    }
}

/// Records that a participant is back.
package struct ResumeEnrollment: RPCMethod {
    package static let name: MethodName = "registry.enrollment.resume"
    package static let access = Access(roles: .registration)
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed

    package let enrollment: EnrollmentID
    /// The day of return.
    package let on: Day

    package init(enrollment: EnrollmentID, on: Day) {
        self.enrollment = enrollment
        self.on = on
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let enrollment: Enrollment
        /// Days on hold over the whole episode.
        package let daysOnHold: Int

        package init(enrollment: Enrollment, daysOnHold: Int) {
            self.enrollment = enrollment
            self.daysOnHold = daysOnHold
        }
    }

    package enum Refusal: String, RPCRefusal {
        case exited = "already-exited"
        case notOnHold = "not-on-hold"

        package var explanation: String {
            switch self {
            case .exited: "the enrollment has ended; nothing of it changes any more"
            case .notOnHold: "the participant is not away"
            }
        }
    }
}
