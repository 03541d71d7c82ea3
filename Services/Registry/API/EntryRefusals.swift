package import RPC

extension OpenEnrollment {
    /// Which rule of entry stands against an enrollment.
    package enum Refusal: String, RPCRefusal {
        case idTaken = "enrollment-id-taken"
        case merged = "merged-record"
        case deceased
        case notInCustody = "not-in-custody"
        case alreadyEnrolled = "already-enrolled"
        case agreementNotYetValid = "agreement-not-yet-valid"
        case agreementExpired = "agreement-expired"
        case otherFacility = "other-facility"
        case legalStatusNotAllowed = "legal-status-not-allowed"
        case registerF = "register-f"
        case noReleaseDate = "no-release-date"
        case remainingSentenceTooShort = "remaining-sentence-too-short"
        case noConsent = "no-consent"
        case consentExpired = "consent-expired"
        case consentRevoked = "consent-revoked"
        case screeningMissing = "screening-missing"
        case screeningTooOld = "screening-too-old"
        case riskTooLow = "risk-too-low"
        case urineMissing = "urine-missing"
        case noDecision = "no-decision"
        case kindNotRecommended = "kind-not-recommended"
        case noDecree = "no-decree"
        case decreeDoesNotName = "decree-does-not-name"
        case notPlaced = "not-placed"
        case programFull = "program-full"

        package var status: StatusCode {
            switch self {
            case .idTaken, .alreadyEnrolled: .alreadyExists
            case .programFull: .resourceExhausted
            default: .failedPrecondition
            }
        }

        package var explanation: String { Self.explanations[self] ?? rawValue }

        private static let explanations: [Self: String] = [
            .idTaken: "this id already names an enrollment with other content; make a new id",
            .merged: "the record is merged into another; enroll under the one that stands",
            .deceased: "the person has died",
            .notInCustody: "the person was released; record their return to custody first",
            .alreadyEnrolled:
                "the person has an open enrollment; a new one is possible after its exit",
            .agreementNotYetValid: "the program's agreement is not yet in force on that day",
            .agreementExpired:
                "the program's agreement has expired; sign its successor and define a program "
                + "under it",
            .otherFacility: "the program runs at another facility than the person is held in",
            .legalStatusNotAllowed:
                "the program does not admit this legal status; see its entry rules",
            .registerF:
                "an entry in the disciplinary register F excludes; registration strikes it once "
                + "it has lapsed",
            .noReleaseDate:
                "no release date is recorded, so the time that remains is unknown; record one",
            .remainingSentenceTooShort:
                "less time remains until the earliest release than the program asks for",
            .noConsent: "treatment needs the person's own consent; record it first",
            .consentExpired: "the consent to treatment has expired; ask again",
            .consentRevoked: "the person took back their consent to treatment; respect it",
            .screeningMissing: "the program asks for an ASSIST screening first",
            .screeningTooOld: "the screening is older than the program allows; screen again",
            .riskTooLow:
                "the screening's highest band for a drug other than tobacco and alcohol is not "
                + "among those that the program admits",
            .urineMissing: "the program asks for a urine test before admission",
            .noDecision: "the assessment team must decide first",
            .kindNotRecommended: "the assessment team recommended another kind of rehabilitation",
            .noDecree: "a decree must appoint the person; issue it and name it here",
            .decreeDoesNotName:
                "the decree does not appoint this person to this cohort of this program",
            .notPlaced: "the person must be placed in a block first",
            .programFull: "the cohort has reached the program's capacity; choose a later one",
        ]
    }
}
