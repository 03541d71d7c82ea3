package import RPC
package import Vocabulary

/// A full assessment after the form for compulsory reporting, which derives from the ASI.
///
/// With its diagnosis it holds what PP 25/2011, Art. 18 asks for: substance, length of use, way
/// of use, diagnosis, and the treatment recommended.
package struct Assessment: Codable, Hashable, Sendable {
    /// What the assessor recommends; the assessment team decides.
    package enum Recommendation: String, Codable, Hashable, Sendable, CaseIterable {
        case medical
        case social
        case both
        case none
    }

    package let id: AssessmentID
    package let participant: ParticipantID
    package let day: Day
    package let assessor: Signatory
    package let severity: ASISeverity
    package let substances: [SubstanceUse]
    /// The oldest first; only physicians add to them.
    package var diagnoses: [Diagnosis]
    package let recommendation: Recommendation
    package let recommendationReason: String?
    package let correction: Correction<Noun.Assessment>?
    package let recordedAt: Timestamp

    package init(
        id: AssessmentID, participant: ParticipantID, day: Day, assessor: Signatory,
        severity: ASISeverity, substances: [SubstanceUse], diagnoses: [Diagnosis],
        recommendation: Recommendation, recommendationReason: String?,
        correction: Correction<Noun.Assessment>?, recordedAt: Timestamp
    ) {
        self.id = id
        self.participant = participant
        self.day = day
        self.assessor = assessor
        self.severity = severity
        self.substances = substances
        self.diagnoses = diagnoses
        self.recommendation = recommendation
        self.recommendationReason = recommendationReason
        self.correction = correction
        self.recordedAt = recordedAt
    }
}

/// The interviewer's rating of the need for treatment in each domain, 0 (none) to 9 (extreme).
///
/// A domain that was not rated is nil, never 0.
package struct ASISeverity: Codable, Hashable, Sendable {
    package let medical: Int?
    package let employment: Int?
    package let alcohol: Int?
    package let drug: Int?
    package let legal: Int?
    package let family: Int?
    package let psychiatric: Int?

    package init(
        medical: Int? = nil, employment: Int? = nil, alcohol: Int? = nil, drug: Int? = nil,
        legal: Int? = nil, family: Int? = nil, psychiatric: Int? = nil
    ) {
        self.medical = medical
        self.employment = employment
        self.alcohol = alcohol
        self.drug = drug
        self.legal = legal
        self.family = family
        self.psychiatric = psychiatric
    }
}

/// What somebody used, how, and for how long.
package struct SubstanceUse: Codable, Hashable, Sendable {
    package enum Substance: String, Codable, Hashable, Sendable, CaseIterable {
        case tobacco
        case alcohol
        case cannabis
        case cocaine
        case amphetamine
        /// Shabu.
        case methamphetamine
        case ecstasy
        case inhalants
        case sedatives
        case hallucinogens
        case opioids
        case other
    }

    package enum Route: String, Codable, Hashable, Sendable, CaseIterable {
        case oral
        case nasal
        case smoked
        case injectedVein = "injected-vein"
        case injectedOther = "injected-other"
        case other
    }

    package let substance: Substance
    /// What it is called, where `substance` is ``Substance/other``.
    package let otherName: String?
    package let route: Route
    /// Months of use in life.
    package let lengthMonths: Int
    /// The substance that the person is treated for.
    package let primary: Bool

    package init(
        substance: Substance, otherName: String? = nil, route: Route, lengthMonths: Int,
        primary: Bool = false
    ) {
        self.substance = substance
        self.otherName = otherName
        self.route = route
        self.lengthMonths = lengthMonths
        self.primary = primary
    }
}

/// Records an assessment.
///
/// Diagnoses may come with it where a physician makes the call, who then answers for them;
/// otherwise a physician adds them with ``DiagnoseParticipant``.
package struct RecordAssessment: RPCMethod, AboutParticipant {
    package static let name: MethodName = "clinical.assessment.record"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Assessment

    package let id: AssessmentID
    package let participant: ParticipantID
    package let day: Day
    package let severity: ASISeverity
    package let substances: [SubstanceUse]
    package let diagnoses: [DiagnosisCode]
    package let recommendation: Assessment.Recommendation
    package let recommendationReason: String?
    package let correction: Correction<Noun.Assessment>?

    package init(
        id: AssessmentID, participant: ParticipantID, day: Day, severity: ASISeverity,
        substances: [SubstanceUse], diagnoses: [DiagnosisCode] = [],
        recommendation: Assessment.Recommendation, recommendationReason: String? = nil,
        correction: Correction<Noun.Assessment>? = nil
    ) {
        self.id = id
        self.participant = participant
        self.day = day
        self.severity = severity
        self.substances = substances
        self.diagnoses = diagnoses
        self.recommendation = recommendation
        self.recommendationReason = recommendationReason
        self.correction = correction
    }

    package enum Refusal: String, RPCRefusal {
        case participantUnknown = "participant-unknown"
        case diagnosisNeedsPhysician = "diagnosis-needs-physician"
        case correctedUnknown = "corrected-unknown"
        case correctsAnother = "corrects-another"
        case alreadyCorrected = "already-corrected"
        case idTaken = "assessment-id-taken"

        package var status: StatusCode {
            switch self {
            case .diagnosisNeedsPhysician: .permissionDenied
            case .idTaken: .alreadyExists
            case .participantUnknown, .correctedUnknown, .correctsAnother, .alreadyCorrected:
                .failedPrecondition
            }
        }

        package var explanation: String {
            switch self {
            case .participantUnknown:
                "the registry has not announced this participant; register the person first"
            case .diagnosisNeedsPhysician:
                "only a physician records a diagnosis; leave it out and let a physician add it"
            case .correctedUnknown: "the assessment to correct is not recorded; name one that is"
            case .correctsAnother:
                "a correction keeps the participant; record a new assessment instead"
            case .alreadyCorrected:
                "that assessment was corrected before; correct the latest one"
            case .idTaken: "this id already names another assessment; make a new id"
            }
        }
    }
}

/// Adds a physician's diagnosis to an assessment.
package struct DiagnoseParticipant: RPCMethod {
    package static let name: MethodName = "clinical.assessment.diagnose"
    package static let access = Access.staff(.physician)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Assessment

    package let assessment: AssessmentID
    package let code: DiagnosisCode
    package let day: Day

    package init(assessment: AssessmentID, code: DiagnosisCode, day: Day) {
        self.assessment = assessment
        self.code = code
        self.day = day
    }

    package enum Refusal: String, RPCRefusal {
        case diagnosisNeedsPhysician = "diagnosis-needs-physician"
        case alreadyCorrected = "already-corrected"

        package var status: StatusCode {
            self == .diagnosisNeedsPhysician ? .permissionDenied : .failedPrecondition
        }

        package var explanation: String {
            switch self {
            case .diagnosisNeedsPhysician:
                "only a physician records a diagnosis; ask a physician to make this call"
            case .alreadyCorrected:
                "a later assessment corrects this one; add the diagnosis to that"
            }
        }
    }
}

/// Shows a participant's assessments, the oldest first.
package struct ListAssessments: RPCMethod, AboutParticipant, ShowsSelfReport {
    package static let name: MethodName = "clinical.assessment.list"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID
    /// Whether those that a later one corrects are shown too.
    package let includingCorrected: Bool

    package init(participant: ParticipantID, includingCorrected: Bool = false) {
        self.participant = participant
        self.includingCorrected = includingCorrected
    }

    package struct Reply: Codable, Hashable, Sendable, HoldsSelfReport {
        package let assessments: [Assessment]

        package init(assessments: [Assessment]) {
            self.assessments = assessments
        }

        package func without(_ isWalled: (Day) -> Bool) -> (rest: Self?, left: Int) {
            without(assessments, { isWalled($0.day) }, Self.init)
        }
    }
}
