package import RPC
package import Vocabulary

/// A request of police, prosecutor or court for a person's data, what was decided on it, and what
/// was given.
///
/// While a decision grants something, that and no more may be read for the purpose HLEGAL.
package struct LegalRequest: Codable, Hashable, Sendable {
    package let id: LegalRequestID
    package let participant: ParticipantID
    package let asked: LegalAsk
    package let entered: RegisterStep
    /// The oldest first; the last one holds.
    package var decisions: [LegalDecision]
    package var given: [LegalGiving]

    package init(
        id: LegalRequestID, participant: ParticipantID, asked: LegalAsk, entered: RegisterStep,
        decisions: [LegalDecision] = [], given: [LegalGiving] = []
    ) {
        self.id = id
        self.participant = participant
        self.asked = asked
        self.entered = entered
        self.decisions = decisions
        self.given = given
    }
}

/// What a letter asks, and on what ground.
package struct LegalAsk: Codable, Hashable, Sendable {
    package enum Authority: String, Codable, Hashable, Sendable, CaseIterable {
        case police
        case prosecutor
        case court
    }

    /// What the letter says makes the asking lawful.
    package enum Basis: String, Codable, Hashable, Sendable, CaseIterable {
        /// An order or a permission of a court.
        case courtOrder = "court-order"
        /// An investigator's or prosecutor's letter alone.
        case officialLetter = "official-letter"
        /// A provision that obliges without an order.
        case statute
    }

    package let authority: Authority
    /// The office, such as `Polres Probolinggo`.
    package let office: String
    package let letterNumber: String
    package let letterOn: Day
    package let basis: Basis
    /// The article, or the order's number and court.
    package let citation: String
    package let sections: [Section]
    /// The first and the last day of the records that are asked for; all where absent.
    ///
    /// What is printed of a giving keeps to it, and so must whoever gives otherwise: reading is
    /// granted by section.
    package let from: Day?
    package let through: Day?
    package let purpose: String

    package init(
        authority: Authority, office: String, letterNumber: String, letterOn: Day, basis: Basis,
        citation: String, sections: [Section], from: Day? = nil, through: Day? = nil,
        purpose: String
    ) {
        self.authority = authority
        self.office = office
        self.letterNumber = letterNumber
        self.letterOn = letterOn
        self.basis = basis
        self.citation = citation
        self.sections = sections
        self.from = from
        self.through = through
        self.purpose = purpose
    }
}

/// What a head decided on a request.
package struct LegalDecision: Codable, Hashable, Sendable {
    package let outcome: RequestOutcome
    /// What may be given; empty where nothing may.
    package let sections: [Section]
    package let ground: String
    /// The last day on which it may be read and given; absent where nothing may.
    package let through: Day?
    package let decided: RegisterStep

    package init(
        outcome: RequestOutcome, sections: [Section], ground: String, through: Day?,
        decided: RegisterStep
    ) {
        self.outcome = outcome
        self.sections = sections
        self.ground = ground
        self.through = through
        self.decided = decided
    }
}

/// What was handed over on a request; its ``Disclosure`` tells the same to the person.
package struct LegalGiving: Codable, Hashable, Sendable {
    package let disclosure: DisclosureID
    package let sections: [Section]
    package let document: String
    package let recipient: String
    package let given: RegisterStep

    package init(
        disclosure: DisclosureID, sections: [Section], document: String, recipient: String,
        given: RegisterStep
    ) {
        self.disclosure = disclosure
        self.sections = sections
        self.document = document
        self.recipient = recipient
        self.given = given
    }
}

/// Enters a request of police, prosecutor or court.
package struct EnterLegalRequest: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.legalrequest.enter"
    package static let access = Access(roles: .legalRegister)
    package static let section = Section.legal
    package static let repeatability = Repeatability.keyed
    package typealias Reply = LegalRequest

    package let id: LegalRequestID
    package let participant: ParticipantID
    package let asked: LegalAsk

    package init(id: LegalRequestID, participant: ParticipantID, asked: LegalAsk) {
        self.id = id
        self.participant = participant
        self.asked = asked
    }

    package enum Refusal: String, RPCRefusal {
        case idTaken = "legal-request-id-taken"

        package var status: StatusCode { .alreadyExists }

        package var explanation: String {
            "this id already names a request with other content; make a new id"
        }
    }
}

/// Decides on a request, or decides otherwise than before.
package struct DecideLegalRequest: RPCMethod {
    package static let name: MethodName = "registry.legalrequest.decide"
    package static let access = Access.staff(.facilityHead, .boardHead)
    package static let section = Section.legal
    package static let repeatability = Repeatability.keyed
    package typealias Reply = LegalRequest

    package let request: LegalRequestID
    package let outcome: RequestOutcome
    /// What may be given, where that is less than was asked.
    package let sections: [Section]?
    package let ground: String
    /// The last day on which it may be read and given.
    package let through: Day?

    package init(
        request: LegalRequestID, outcome: RequestOutcome, sections: [Section]? = nil,
        ground: String, through: Day? = nil
    ) {
        self.request = request
        self.outcome = outcome
        self.sections = sections
        self.ground = ground
        self.through = through
    }

    package enum Refusal: String, RPCRefusal {
        case ownEntry = "entered-by-the-decider"
        case notAsked = "section-not-asked"
        case courtOrderMissing = "court-order-missing"

        package var explanation: String {
            switch self {
            case .ownEntry:
                "whoever entered a request does not decide it; the other head must"
            case .notAsked: "the letter does not ask for this section; nothing more is given"
            case .courtOrderMissing:
                "what is bound by professional secrecy (clinical, counseling) is given on an order "
                    + "or a permission of a court only; refuse it, or ask for one"
            }
        }
    }
}

/// Records that something was handed over on a granted request.
package struct GiveOnLegalRequest: RPCMethod {
    package static let name: MethodName = "registry.legalrequest.give"
    package static let access = Access(roles: .legalRegister)
    package static let section = Section.legal
    package static let repeatability = Repeatability.keyed
    package typealias Reply = LegalRequest

    package let request: LegalRequestID
    /// Names the line in the person's disclosures.
    package let id: DisclosureID
    package let sections: [Section]
    /// The document that was handed over, by its name or number.
    package let document: String
    /// Who took it.
    package let recipient: String

    package init(
        request: LegalRequestID, id: DisclosureID, sections: [Section], document: String,
        recipient: String
    ) {
        self.request = request
        self.id = id
        self.sections = sections
        self.document = document
        self.recipient = recipient
    }

    package enum Refusal: String, RPCRefusal {
        case notGranted = "legal-request-not-granted"
        case idTaken = "disclosure-id-taken"

        package var status: StatusCode {
            self == .idTaken ? .alreadyExists : .failedPrecondition
        }

        package var explanation: String {
            switch self {
            case .notGranted:
                "no decision that holds today grants all of these sections; a head must decide"
            case .idTaken: "this id already names another disclosure; make a new id"
            }
        }
    }
}

/// Shows the register of requests of police, prosecutor and court: all, or on one person.
package struct ListLegalRequests: RPCMethod, MayNameParticipant {
    package static let name: MethodName = "registry.legalrequest.list"
    package static let access = Access(roles: .legalRegister)
    package static let section = Section.legal
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID?
    /// Whether only those are shown on which nobody has decided.
    package let undecided: Bool?

    package init(participant: ParticipantID? = nil, undecided: Bool? = nil) {
        self.participant = participant
        self.undecided = undecided
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// The oldest first.
        package let requests: [LegalRequest]

        package init(requests: [LegalRequest]) {
            self.requests = requests
        }
    }
}

extension ListLegalRequests.Reply: ShowsPeople {
    package var people: Set<ParticipantID> { Set(requests.map(\.participant)) }

    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self {
        Self(requests: requests.filter { mayBeSeen($0.participant) })
    }
}

extension Set<Role> {
    /// Who keeps the registers of requests and disclosures.
    package static let legalRegister: Self = Self.registration.union([.facilityHead, .boardHead])
}
