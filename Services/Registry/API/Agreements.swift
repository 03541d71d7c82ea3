package import RPC
package import Vocabulary

/// A memorandum of understanding between a facility and its partners.
///
/// Programs run under one; nobody is enrolled outside its term.
package struct Agreement: Codable, Hashable, Sendable {
    package let id: AgreementID
    /// The letter's number, as written on it.
    package let number: String
    package let facilityCode: String
    package let institutionCodes: [String]
    package let validFrom: Day
    /// The last day on which it is in force.
    package let validUntil: Day
    /// What it covers, in the words of the agreement.
    package let scope: String
    /// What it promises, each a target to report on.
    package let clauses: [AgreementClause]?

    package init(
        id: AgreementID, number: String, facilityCode: String, institutionCodes: [String],
        validFrom: Day, validUntil: Day, scope: String, clauses: [AgreementClause]? = nil
    ) {
        self.id = id
        self.number = number
        self.facilityCode = facilityCode
        self.institutionCodes = institutionCodes
        self.validFrom = validFrom
        self.validUntil = validUntil
        self.scope = scope
        self.clauses = clauses
    }
}

/// A promise of an agreement, so that it can be reported as n of N.
package struct AgreementClause: Codable, Hashable, Sendable {
    /// The article or paragraph, such as `3(2)`.
    package let code: String
    package let text: String
    /// N: how many of what the text says are promised.
    package let target: Int?

    package init(code: String, text: String, target: Int? = nil) {
        self.code = code
        self.text = text
        self.target = target
    }
}

/// Records a signed agreement.
///
/// An extension is a new agreement with its own number.
package struct SignAgreement: RPCMethod {
    package static let name: MethodName = "registry.agreement.sign"
    package static let access = Access(roles: .managers)
    package static let section = Section.operational
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Agreement

    package let agreement: Agreement

    package init(agreement: Agreement) {
        self.agreement = agreement
    }

    package enum Refusal: String, RPCRefusal {
        case facilityUnknown = "facility-unknown"
        case institutionUnknown = "institution-unknown"
        case numberTaken = "agreement-number-taken"
        case idTaken = "agreement-id-taken"

        package var status: StatusCode {
            switch self {
            case .facilityUnknown, .institutionUnknown: .failedPrecondition
            case .numberTaken, .idTaken: .alreadyExists
            }
        }

        package var explanation: String {
            switch self {
            case .facilityUnknown:
                "no facility has this code; an administrator must add the facility first"
            case .institutionUnknown:
                "no institution has this code; an administrator must add the institution first"
            case .numberTaken: "an agreement with this number is already recorded"
            case .idTaken: "this id already names an agreement with other content; make a new id"
            }
        }
    }
}

/// Shows the agreements, all or those of one facility.
package struct ListAgreements: RPCMethod {
    package static let name: MethodName = "registry.agreement.list"
    package static let access = Access.everyone
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly

    package let facilityCode: String?

    package init(facilityCode: String? = nil) {
        self.facilityCode = facilityCode
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let agreements: [Agreement]

        package init(agreements: [Agreement]) {
            self.agreements = agreements
        }
    }
}
