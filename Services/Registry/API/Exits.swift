package import RPC
package import Vocabulary

/// How an episode ended, in the words of the program.
package enum ExitClass: String, Codable, Hashable, Sendable, CaseIterable {
    /// Completed all phases.
    case completed = "SELESAI"
    /// Completed a phase; the plan went with the participant.
    case partlyCompleted = "SELESAI_SEBAGIAN"
    /// Released before the end.
    case released = "BEBAS"
    /// Transferred to another facility for good.
    case transferred = "PINDAH"
    /// Referred to a hospital or to rehabilitation outside.
    case referred = "RUJUK"
    case withdrew = "MUNDUR"
    /// Removed for what they did.
    case removed = "DIKELUARKAN"
    case escaped = "KABUR"
    case died = "MENINGGAL"
}

/// How statistics count an exit.
///
/// Florida's department of corrections counts withdrawal as administrative; here it is not.
package enum ExitOutcome: String, Codable, Hashable, Sendable, CaseIterable {
    case successful
    case unsuccessful
    /// Neither: the participant could not have stayed.
    case administrative
}

/// The end of an episode.
package struct Exit: Codable, Hashable, Sendable {
    package let exitClass: ExitClass
    package let day: Day
    package let reason: String
    /// Where the participant went, for a transfer or referral.
    package let destination: String?
    package let removal: Removal?

    package init(
        exitClass: ExitClass, day: Day, reason: String, destination: String? = nil,
        removal: Removal? = nil
    ) {
        self.exitClass = exitClass
        self.day = day
        self.reason = reason
        self.destination = destination
        self.removal = removal
    }
}

/// What a removal stands on.
package struct Removal: Codable, Hashable, Sendable {
    package enum Ground: String, Codable, Hashable, Sendable, CaseIterable {
        case ruleBreak = "rule-break"
        case violence
        case registerF = "register-f"
        /// A positive urine test that a laboratory has confirmed; never enough alone.
        case confirmedUrine = "confirmed-urine"
    }

    package let grounds: [Ground]
    /// When the participant was heard.
    package let heardOn: Day

    package init(grounds: [Ground], heardOn: Day) {
        self.grounds = grounds
        self.heardOn = heardOn
    }
}

/// Ends an episode.
///
/// Release, death and transfer have their own calls, because they change more than the episode.
package struct ExitEnrollment: RPCMethod {
    package static let name: MethodName = "registry.enrollment.exit"
    package static let access = Access.staff(.programManager, .facilityHead)
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Enrollment

    package let enrollment: EnrollmentID
    package let exit: Exit

    package init(enrollment: EnrollmentID, exit: Exit) {
        self.enrollment = enrollment
        self.exit = exit
    }

    package enum Refusal: String, RPCRefusal {
        case exited = "already-exited"
        case hasOwnCall = "exit-has-own-call"
        case phasesUnfinished = "phases-unfinished"
        case onHold = "on-hold"
        case notHeard = "not-heard"
        case urineAlone = "urine-alone"

        package var explanation: String {
            switch self {
            case .exited: "the enrollment has ended; nothing of it changes any more"
            case .hasOwnCall:
                "a release is recorded with participant.release, a death with "
                    + "participant.record-death, a transfer with enrollment.transfer"
            case .phasesUnfinished: "SELESAI needs the last phase of the program to be reached"
            case .onHold: "nobody completes a program while away; record their return first"
            case .notHeard: "a removal needs its grounds and the day the participant was heard"
            case .urineAlone: "a urine test, even confirmed, is never the sole ground of removal"
            }
        }
    }
}

/// Ends an episode because the participant was transferred to another facility for good.
///
/// For a transfer with a return, put the enrollment on hold instead.
package struct TransferEnrollment: RPCMethod {
    package static let name: MethodName = "registry.enrollment.transfer"
    package static let access = Access(roles: .registration)
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed

    package let enrollment: EnrollmentID
    package let day: Day
    package let destination: String
    /// The destination's code, where it is a facility known here.
    package let facilityCode: String?
    package let reason: String
    /// Whether a phase was completed and the plan goes along (SELESAI_SEBAGIAN).
    package let planGoesAlong: Bool

    package init(
        enrollment: EnrollmentID, day: Day, destination: String, facilityCode: String? = nil,
        reason: String, planGoesAlong: Bool = false
    ) {
        self.enrollment = enrollment
        self.day = day
        self.destination = destination
        self.facilityCode = facilityCode
        self.reason = reason
        self.planGoesAlong = planGoesAlong
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let enrollment: Enrollment
        package let participant: Participant

        package init(enrollment: Enrollment, participant: Participant) {
            self.enrollment = enrollment
            self.participant = participant
        }
    }

    package enum Refusal: String, RPCRefusal {
        case exited = "already-exited"
        case noPhaseCompleted = "no-phase-completed"
        case facilityUnknown = "facility-unknown"

        package var explanation: String {
            switch self {
            case .exited: "the enrollment has ended; nothing of it changes any more"
            case .noPhaseCompleted:
                "SELESAI_SEBAGIAN needs a completed phase; transfer without the plan instead"
            case .facilityUnknown: "no facility has this code; leave it out for one not known here"
            }
        }
    }
}
