package import Instruments
package import RPC
package import Vocabulary

/// One person's answers to one questionnaire on one day, and what they come to.
///
/// The raw answers are what was recorded; the scores are computed from them. A mistake is not
/// overwritten: another administration corrects this one.
package struct Administration: Codable, Hashable, Sendable {
    /// How the answers were taken.
    package enum Mode: String, Codable, Hashable, Sendable, CaseIterable {
        case interview
        /// Filled in by the participant on a screen.
        case selfReport = "self"
        case paper
    }

    /// The time that the ASSIST's "past three months" meant.
    package enum Window: String, Codable, Hashable, Sendable, CaseIterable {
        case lastThreeMonths = "last-three-months"
        /// The three months before detention: for somebody who could not use in custody.
        case beforeDetention = "before-detention"
    }

    /// What the questionnaire was filled in for.
    package enum Occasion: String, Codable, Hashable, Sendable, CaseIterable {
        case screening
        case baseline
        case month3
        case month6
        case exit
        case other
    }

    package let id: AdministrationID
    package let participant: ParticipantID
    package let enrollment: EnrollmentID?
    package let instrument: InstrumentCode
    /// Of the questionnaire's form, as the scoring names it.
    package let version: String
    package let mode: Mode
    /// Present exactly for the ASSIST.
    package let window: Window?
    package let occasion: Occasion
    package let day: Day
    /// Who asked, or handed out the paper.
    package let assessor: StaffReference
    package let answers: Answers
    package let sheet: ScoreSheet
    package let correction: Correction<Noun.Administration>?
    /// Who entered it.
    package let recordedBy: Signatory
    package let recordedAt: Timestamp

    package init(
        id: AdministrationID, participant: ParticipantID, enrollment: EnrollmentID?,
        instrument: InstrumentCode, version: String, mode: Mode, window: Window?,
        occasion: Occasion, day: Day, assessor: StaffReference, answers: Answers,
        sheet: ScoreSheet, correction: Correction<Noun.Administration>?, recordedBy: Signatory,
        recordedAt: Timestamp
    ) {
        self.id = id
        self.participant = participant
        self.enrollment = enrollment
        self.instrument = instrument
        self.version = version
        self.mode = mode
        self.window = window
        self.occasion = occasion
        self.day = day
        self.assessor = assessor
        self.answers = answers
        self.sheet = sheet
        self.correction = correction
        self.recordedBy = recordedBy
        self.recordedAt = recordedAt
    }
}

/// Records the answers to a questionnaire; the service computes the scores.
///
/// An unanswered item is left out, never sent as 0.
package struct AdministerInstrument: RPCMethod, AboutParticipant {
    package static let name: MethodName = "clinical.instrument.administer"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Administration

    package let id: AdministrationID
    package let participant: ParticipantID
    package let enrollment: EnrollmentID?
    package let instrument: InstrumentCode
    package let mode: Administration.Mode
    package let window: Administration.Window?
    package let occasion: Administration.Occasion
    package let day: Day
    package let assessor: StaffReference
    package let answers: Answers
    package let correction: Correction<Noun.Administration>?

    package init(
        id: AdministrationID, participant: ParticipantID, enrollment: EnrollmentID? = nil,
        instrument: InstrumentCode, mode: Administration.Mode,
        window: Administration.Window? = nil, occasion: Administration.Occasion, day: Day,
        assessor: StaffReference, answers: Answers,
        correction: Correction<Noun.Administration>? = nil
    ) {
        self.id = id
        self.participant = participant
        self.enrollment = enrollment
        self.instrument = instrument
        self.mode = mode
        self.window = window
        self.occasion = occasion
        self.day = day
        self.assessor = assessor
        self.answers = answers
        self.correction = correction
    }

    package enum Refusal: String, RPCRefusal {
        case participantUnknown = "participant-unknown"
        case enrollmentUnknown = "enrollment-unknown"
        case correctedUnknown = "corrected-unknown"
        case correctsAnother = "corrects-another"
        case alreadyCorrected = "already-corrected"
        case idTaken = "administration-id-taken"

        package var status: StatusCode {
            self == .idTaken ? .alreadyExists : .failedPrecondition
        }

        package var explanation: String {
            switch self {
            case .participantUnknown:
                "the registry has not announced this participant; register the person first"
            case .enrollmentUnknown:
                "the participant has no such enrollment; leave it out or name theirs"
            case .correctedUnknown:
                "the administration to correct is not recorded; name one that is"
            case .correctsAnother:
                "a correction keeps participant and instrument; record a new administration"
            case .alreadyCorrected:
                "that administration was corrected before; correct the latest one"
            case .idTaken: "this id already names other answers; make a new id"
            }
        }
    }
}

/// Shows a participant's administrations, the oldest first.
package struct ListAdministrations: RPCMethod, AboutParticipant, ShowsSelfReport {
    package static let name: MethodName = "clinical.instrument.list"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID
    package let instrument: InstrumentCode?
    /// Whether those that a later one corrects are shown too.
    package let includingCorrected: Bool

    package init(
        participant: ParticipantID, instrument: InstrumentCode? = nil,
        includingCorrected: Bool = false
    ) {
        self.participant = participant
        self.instrument = instrument
        self.includingCorrected = includingCorrected
    }

    package struct Reply: Codable, Hashable, Sendable, HoldsSelfReport {
        package let administrations: [Administration]

        package init(administrations: [Administration]) {
            self.administrations = administrations
        }

        package func without(_ isWalled: (Day) -> Bool) -> (rest: Self?, left: Int) {
            without(administrations, { isWalled($0.day) }, Self.init)
        }
    }
}

/// Shows one administration with its raw answers.
package struct GetAdministration: RPCMethod, ShowsSelfReport {
    package static let name: MethodName = "clinical.instrument.get"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly
    package typealias Reply = Administration

    package let administration: AdministrationID

    package init(administration: AdministrationID) {
        self.administration = administration
    }
}

extension Administration: HoldsSelfReport {
    package func without(_ isWalled: (Day) -> Bool) -> (rest: Self?, left: Int) {
        isWalled(day) ? (nil, 1) : (self, 0)
    }
}
