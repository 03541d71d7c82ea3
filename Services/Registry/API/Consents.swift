package import RPC
package import Vocabulary

/// What a participant agreed to, in which version of the form, and before whom.
///
/// Treatment and the sharing of data are agreed to separately. A consent is never edited: taking
/// it back adds a revocation, and another scope is another consent.
package struct Consent: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case treatment
        case dataSharing = "data-sharing"
    }

    /// An event that ends a consent, where no date does.
    package enum EndingEvent: String, Codable, Hashable, Sendable, CaseIterable {
        /// The enrollment's exit.
        case exit
        /// The release from custody.
        case release
    }

    package let id: ConsentID
    package let participant: ParticipantID
    package let kind: Kind
    /// The version of the form that was read out or read.
    package let version: String
    /// What it covers.
    package let scope: [Section]
    package let purpose: String
    /// Who may receive; empty for treatment.
    package let recipients: [String]
    /// The language in which it was explained, as BCP 47 has it: `id`, `jv`, `mad`.
    package let language: String
    package let signedOn: Day
    /// The last day on which it holds.
    package let expiresOn: Day?
    package let endsWith: EndingEvent?
    package let witness: Witness
    /// Who consents for a minor, by name.
    package let guardian: String?
    /// What the guardian is to the minor, and when they agreed.
    package let guardianship: Guardianship?
    /// How the form was explained; absent in consents of earlier versions only.
    package let explanation: Explanation?
    package var revocations: [Revocation]

    package init(
        id: ConsentID, participant: ParticipantID, kind: Kind, version: String, scope: [Section],
        purpose: String, recipients: [String] = [], language: String, signedOn: Day,
        expiresOn: Day? = nil, endsWith: EndingEvent? = nil, witness: Witness,
        guardian: String? = nil, guardianship: Guardianship? = nil,
        explanation: Explanation? = nil, revocations: [Revocation] = []
    ) {
        self.id = id
        self.participant = participant
        self.kind = kind
        self.version = version
        self.scope = scope
        self.purpose = purpose
        self.recipients = recipients
        self.language = language
        self.signedOn = signedOn
        self.expiresOn = expiresOn
        self.endsWith = endsWith
        self.witness = witness
        self.guardian = guardian
        self.guardianship = guardianship
        self.explanation = explanation
        self.revocations = revocations
    }
}

/// Who watched the signing: never somebody who holds the participant in custody.
package struct Witness: Codable, Hashable, Sendable {
    package let name: String
    /// Names a member of staff, whose role then decides.
    package let staff: StaffID?
    /// What somebody else is to the participant: family, legal aid, clergy.
    package let relation: String?

    package init(name: String, staff: StaffID? = nil, relation: String? = nil) {
        self.name = name
        self.staff = staff
        self.relation = relation
    }
}

/// How a guardian stands behind a minor's consent.
package struct Guardianship: Codable, Hashable, Sendable {
    /// Such as `ibu`, or the court's order that appointed them.
    package let relation: String
    /// When the guardian agreed.
    package let agreedOn: Day

    package init(relation: String, agreedOn: Day) {
        self.relation = relation
        self.agreedOn = agreedOn
    }
}

/// How the form was explained before it was signed.
package struct Explanation: Codable, Hashable, Sendable {
    package let explainedOn: Day
    /// Whether it was read out that refusing has no penalty.
    package let noPenaltyReadOut: Bool
    /// Why the person had less time to reflect than a day.
    package let hurriedBecause: String?

    package init(explainedOn: Day, noPenaltyReadOut: Bool, hurriedBecause: String? = nil) {
        self.explainedOn = explainedOn
        self.noPenaltyReadOut = noPenaltyReadOut
        self.hurriedBecause = hurriedBecause
    }
}

/// Taking back a consent, whole or in part.
package struct Revocation: Codable, Hashable, Sendable {
    package let day: Day
    package let reason: String
    /// Absent where the whole consent is taken back.
    package let sections: [Section]?

    package init(day: Day, reason: String, sections: [Section]? = nil) {
        self.day = day
        self.reason = reason
        self.sections = sections
    }
}

/// Records a signed consent.
package struct RecordConsent: RPCMethod {
    package static let name: MethodName = "registry.consent.record"
    package static let access = Access(
        roles: Set.clinicians.union([.programManager]))
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed

    /// Without revocations.
    package let consent: Consent

    package init(consent: Consent) {
        self.consent = consent
    }

    package enum Warning: String, Codable, Hashable, Sendable, CaseIterable {
        /// Under 18, and no guardian is named with their relation and the day they agreed.
        case minorWithoutGuardian = "minor-without-guardian"
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let consent: Consent
        package let warnings: [Warning]

        package init(consent: Consent, warnings: [Warning]) {
            self.consent = consent
            self.warnings = warnings
        }
    }

    package enum Refusal: String, RPCRefusal {
        case witnessIsCustody = "witness-is-custody"
        case witnessUnknown = "witness-unknown"
        case deceased
        case merged = "merged-record"
        case idTaken = "consent-id-taken"
        case notExplained = "consent-not-explained"
        case penaltyNotExcluded = "no-penalty-not-read-out"
        case noTimeToReflect = "no-time-to-reflect"

        package var status: StatusCode {
            switch self {
            case .witnessIsCustody, .witnessUnknown, .deceased, .merged, .notExplained,
                .penaltyNotExcluded, .noTimeToReflect:
                .failedPrecondition
            case .idTaken: .alreadyExists
            }
        }

        package var explanation: String {
            switch self {
            case .witnessIsCustody:
                "consent in custody needs a witness who is not custody: no security officer, "
                    + "registrar or head of facility; ask family, legal aid or the board"
            case .witnessUnknown: "no active member of staff has this id; name the witness instead"
            case .deceased: "the person has died; nothing can be agreed to any more"
            case .merged: "the record is merged into another; name the one that stands"
            case .idTaken: "this id already names a consent with other content; make a new id"
            case .notExplained:
                "say when the form was explained (consent.explanation): consent in custody is not "
                    + "free without it"
            case .penaltyNotExcluded:
                "read out that refusing has no penalty, before the signing"
            case .noTimeToReflect:
                "the form must be explained at least a day before it is signed; where that could "
                    + "not be, say why (consent.explanation.hurriedBecause)"
            }
        }
    }
}

/// Takes back a consent, whole or in part; nobody may ask why before accepting it.
package struct RevokeConsent: RPCMethod {
    package static let name: MethodName = "registry.consent.revoke"
    package static let access = Access(roles: Set.registration.union(Set.clinicians))
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed

    package let consent: ConsentID
    package let day: Day
    /// In the participant's words, or `none given`.
    package let reason: String
    /// Absent for the whole consent.
    package let sections: [Section]?

    package init(consent: ConsentID, day: Day, reason: String, sections: [Section]? = nil) {
        self.consent = consent
        self.day = day
        self.reason = reason
        self.sections = sections
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let consent: Consent
        /// When the processing must have stopped: 3 × 24 hours (UU 27/2022, article 40).
        package let stopBy: Timestamp

        package init(consent: Consent, stopBy: Timestamp) {
            self.consent = consent
            self.stopBy = stopBy
        }
    }

    package enum Refusal: String, RPCRefusal {
        case alreadyRevoked = "consent-already-revoked"
        case notInScope = "section-not-in-scope"

        package var explanation: String {
            switch self {
            case .alreadyRevoked: "the consent, or all of these sections, was taken back before"
            case .notInScope: "the consent never covered this section; there is nothing to revoke"
            }
        }
    }
}

/// Shows the consents of one participant, the oldest first.
package struct ListConsents: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.consent.list"
    package static let access = Access(
        roles: Set.registration.union(Set.clinicians).union([.auditor]))
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let consents: [Consent]

        package init(consents: [Consent]) {
            self.consents = consents
        }
    }
}
