package import RPC
package import Vocabulary

/// One giving-out of a person's data to somebody outside, or of their own data to themselves.
///
/// The accounting of disclosures of 42 CFR 2.25; it is never changed.
package struct Disclosure: Codable, Hashable, Sendable {
    package let id: DisclosureID
    package let participant: ParticipantID
    package let recipient: String
    package let sections: [Section]
    package let purpose: PurposeOfUse
    /// What made it lawful, in words.
    package let basis: String
    /// What the person agreed to, where that is the basis.
    package let consent: ConsentID?
    /// The request of police, prosecutor or court, where that is the basis.
    package let legalRequest: LegalRequestID?
    /// What the person asked, where that is the basis.
    package let subjectRequest: SubjectRequestID?
    /// The document that left, by its name or number.
    package let document: String
    package let given: RegisterStep
    /// The first and the last day of the records that are given; all where absent.
    package let from: Day?
    package let through: Day?

    package init(
        id: DisclosureID, participant: ParticipantID, recipient: String, sections: [Section],
        purpose: PurposeOfUse, basis: String, consent: ConsentID? = nil,
        legalRequest: LegalRequestID? = nil, subjectRequest: SubjectRequestID? = nil,
        document: String, given: RegisterStep, from: Day? = nil, through: Day? = nil
    ) {
        self.id = id
        self.participant = participant
        self.recipient = recipient
        self.sections = sections
        self.purpose = purpose
        self.basis = basis
        self.consent = consent
        self.legalRequest = legalRequest
        self.subjectRequest = subjectRequest
        self.document = document
        self.given = given
        self.from = from
        self.through = through
    }
}

/// Records that a person's data leave: before they do.
///
/// What police, prosecutor or court get is recorded with `registry.legalrequest.give`.
package struct RecordDisclosure: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.disclosure.record"
    package static let access = Access(roles: Set.legalRegister.union(Set.clinicians))
    package static let section = Section.legal
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Disclosure

    package let id: DisclosureID
    package let participant: ParticipantID
    package let recipient: String
    package let sections: [Section]
    /// Either the consent that names the recipient is given, or the person's own request.
    package let consent: ConsentID?
    package let subjectRequest: SubjectRequestID?
    package let document: String

    package init(
        id: DisclosureID, participant: ParticipantID, recipient: String, sections: [Section],
        consent: ConsentID? = nil, subjectRequest: SubjectRequestID? = nil, document: String
    ) {
        self.id = id
        self.participant = participant
        self.recipient = recipient
        self.sections = sections
        self.consent = consent
        self.subjectRequest = subjectRequest
        self.document = document
    }

    package enum Refusal: String, RPCRefusal {
        case consentDoesNotCover = "consent-does-not-cover"
        case recipientNotNamed = "recipient-not-named"
        case requestNotGranted = "subject-request-not-granted"
        case idTaken = "disclosure-id-taken"

        package var status: StatusCode {
            self == .idTaken ? .alreadyExists : .failedPrecondition
        }

        package var explanation: String {
            switch self {
            case .consentDoesNotCover:
                "no consent to share data by this id covers all of these sections today"
            case .recipientNotNamed:
                "the consent does not name this recipient; write them as it does, or ask the person"
            case .requestNotGranted:
                "no granted request of this person for a copy has this id; answer it first"
            case .idTaken: "this id already names another disclosure; make a new id"
            }
        }
    }
}

/// Shows to whom a person's data were given, the oldest first.
package struct ListDisclosures: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.disclosure.list"
    package static let access = Access(roles: Set.legalRegister.union(Set.clinicians))
    package static let section = Section.legal
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let disclosures: [Disclosure]

        package init(disclosures: [Disclosure]) {
            self.disclosures = disclosures
        }
    }
}
