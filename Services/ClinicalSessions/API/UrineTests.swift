package import RPC
package import Vocabulary

/// A urine screen, or the reason that there was none.
///
/// A positive screen is presumptive until a laboratory confirms it, and never alone a ground to
/// expel somebody. Tests for treatment and tests for security are kept apart.
package struct UrineTest: Codable, Hashable, Sendable {
    package enum Occasion: String, Codable, Hashable, Sendable, CaseIterable {
        case start
        case mid
        case end
        case random
    }

    package enum Purpose: String, Codable, Hashable, Sendable, CaseIterable {
        case clinical
        /// Ordered by the guards; it stays out of treatment and of its evaluation.
        case security
    }

    package enum Status: String, Codable, Hashable, Sendable, CaseIterable {
        case tested
        case refused
        case missed
        /// The sample was diluted or otherwise not valid.
        case invalid = "diluted-invalid"
    }

    package let id: UrineTestID
    package let participant: ParticipantID
    package let day: Day
    package let occasion: Occasion
    package let purpose: Purpose
    package let status: Status
    /// No analyte twice; empty unless tested.
    package var panel: [AnalyteResult]
    /// Who watched the sample being given.
    package let observer: StaffReference?
    package let recordedBy: Signatory
    package let recordedAt: Timestamp

    package init(
        id: UrineTestID, participant: ParticipantID, day: Day, occasion: Occasion,
        purpose: Purpose, status: Status, panel: [AnalyteResult], observer: StaffReference?,
        recordedBy: Signatory, recordedAt: Timestamp
    ) {
        self.id = id
        self.participant = participant
        self.day = day
        self.occasion = occasion
        self.purpose = purpose
        self.status = status
        self.panel = panel
        self.observer = observer
        self.recordedBy = recordedBy
        self.recordedAt = recordedAt
    }
}

/// What a urine screen looks for.
package enum Analyte: String, Codable, Hashable, Sendable, CaseIterable {
    case amphetamine
    case methamphetamine
    case cocaine
    case cannabis
    case opiates
    case benzodiazepine
    case other
}

/// What a screen showed for one analyte, and what the laboratory said of it.
package struct AnalyteResult: Codable, Hashable, Sendable {
    package enum Result: String, Codable, Hashable, Sendable, CaseIterable {
        case negative
        /// Presumptive.
        case positive
        case invalid
    }

    package let analyte: Analyte
    package let result: Result
    /// Present exactly where the screen is positive.
    package var confirmation: Confirmation?

    package init(analyte: Analyte, result: Result, confirmation: Confirmation? = nil) {
        self.analyte = analyte
        self.result = result
        self.confirmation = confirmation
    }
}

/// Where the laboratory's word on a positive screen stands.
package struct Confirmation: Codable, Hashable, Sendable {
    package enum Outcome: String, Codable, Hashable, Sendable, CaseIterable {
        case pending
        case confirmed
        case notConfirmed = "not-confirmed"
    }

    package let outcome: Outcome
    /// The day of the laboratory's report; nil while pending.
    package let day: Day?
    package let laboratory: String?
    package let recordedBy: Signatory?

    package init(
        outcome: Outcome, day: Day? = nil, laboratory: String? = nil, recordedBy: Signatory? = nil
    ) {
        self.outcome = outcome
        self.day = day
        self.laboratory = laboratory
        self.recordedBy = recordedBy
    }
}

/// Records a urine test.
package struct RecordUrineTest: RPCMethod, AboutParticipant {
    package static let name: MethodName = "clinical.urinetest.record"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.keyed
    package typealias Reply = UrineTest

    package let id: UrineTestID
    package let participant: ParticipantID
    package let day: Day
    package let occasion: UrineTest.Occasion
    package let purpose: UrineTest.Purpose
    package let status: UrineTest.Status
    /// Without confirmations, which come later.
    package let panel: [AnalyteResult]
    package let observer: StaffReference?

    package init(
        id: UrineTestID, participant: ParticipantID, day: Day, occasion: UrineTest.Occasion,
        purpose: UrineTest.Purpose = .clinical, status: UrineTest.Status = .tested,
        panel: [AnalyteResult], observer: StaffReference? = nil
    ) {
        self.id = id
        self.participant = participant
        self.day = day
        self.occasion = occasion
        self.purpose = purpose
        self.status = status
        self.panel = panel
        self.observer = observer
    }

    package enum Refusal: String, RPCRefusal {
        case participantUnknown = "participant-unknown"
        case idTaken = "urinetest-id-taken"

        package var status: StatusCode {
            self == .idTaken ? .alreadyExists : .failedPrecondition
        }

        package var explanation: String {
            switch self {
            case .participantUnknown:
                "the registry has not announced this participant; register the person first"
            case .idTaken: "this id already names another test; make a new id"
            }
        }
    }
}

/// Records what the laboratory said of one positive analyte.
package struct ConfirmUrineTest: RPCMethod {
    package static let name: MethodName = "clinical.urinetest.confirm"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.keyed
    package typealias Reply = UrineTest

    package let test: UrineTestID
    package let analyte: Analyte
    package let confirmed: Bool
    package let day: Day
    package let laboratory: String

    package init(
        test: UrineTestID, analyte: Analyte, confirmed: Bool, day: Day, laboratory: String
    ) {
        self.test = test
        self.analyte = analyte
        self.confirmed = confirmed
        self.day = day
        self.laboratory = laboratory
    }

    package enum Refusal: String, RPCRefusal {
        case nothingToConfirm = "nothing-to-confirm"
        case alreadyConfirmed = "already-confirmed"

        package var explanation: String {
            switch self {
            case .nothingToConfirm:
                "only a positive screen is confirmed; this analyte was not positive in this test"
            case .alreadyConfirmed:
                "the laboratory's result is recorded and says otherwise; record another test"
            }
        }
    }
}

/// Shows a participant's urine tests of one purpose, the oldest first.
package struct ListUrineTests: RPCMethod, AboutParticipant {
    package static let name: MethodName = "clinical.urinetest.list"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID
    package let purpose: UrineTest.Purpose

    package init(participant: ParticipantID, purpose: UrineTest.Purpose = .clinical) {
        self.participant = participant
        self.purpose = purpose
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let tests: [UrineTest]

        package init(tests: [UrineTest]) {
            self.tests = tests
        }
    }
}
