import RPC
package import RegistryAPI
package import Vocabulary

/// What is known when an agreement is recorded.
package struct AgreementFacts: Hashable, Sendable {
    package var facilityCodes: Set<String>
    package var institutionCodes: Set<String>
    package var agreements: [Agreement]

    package init(
        facilityCodes: Set<String>, institutionCodes: Set<String>, agreements: [Agreement]
    ) {
        self.facilityCodes = facilityCodes
        self.institutionCodes = institutionCodes
        self.agreements = agreements
    }
}

/// Where an agreement stands in its term.
package enum AgreementState: Hashable, Sendable {
    case notYetValid
    case valid
    /// Valid, and so few days are left, the present one not counted, that a successor is due.
    case expiring(daysLeft: Int)
    case expired
}

/// Decides on agreements, and watches their term.
package enum AgreementRules {
    /// How many days before its end an agreement is reported as expiring.
    package static let warningDays = 90

    /// Records a signed agreement.
    package static func sign(
        _ call: SignAgreement, facts: AgreementFacts
    ) throws -> Agreement {
        let agreement = call.agreement
        try check(agreement)
        if let same = facts.agreements.first(where: { $0.id == agreement.id }) {
            guard same == agreement else { throw Refused(SignAgreement.Refusal.idTaken) }
            return same
        }
        guard facts.facilityCodes.contains(agreement.facilityCode) else {
            throw Refused(SignAgreement.Refusal.facilityUnknown)
        }
        for code in agreement.institutionCodes where !facts.institutionCodes.contains(code) {
            throw Refused(SignAgreement.Refusal.institutionUnknown)
        }
        guard !facts.agreements.contains(where: { $0.number == agreement.number }) else {
            throw Refused(SignAgreement.Refusal.numberTaken)
        }
        return agreement
    }

    private static func check(_ agreement: Agreement) throws {
        try Input.text(agreement.number, "agreement.number", max: 80)
        try Input.code(agreement.facilityCode, "agreement.facilityCode")
        try Input.count(agreement.institutionCodes.count, "agreement.institutionCodes", 1...20)
        try Input.unique(agreement.institutionCodes, "agreement.institutionCodes")
        for code in agreement.institutionCodes {
            try Input.code(code, "agreement.institutionCodes")
        }
        try Input.text(agreement.scope, "agreement.scope", max: Input.textMax)
        try Input.order(
            agreement.validUntil, "agreement.validUntil", notBefore: agreement.validFrom,
            of: "validFrom")
        let clauses = agreement.clauses ?? []
        try Input.count(clauses.count, "agreement.clauses", 0...100)
        try Input.unique(clauses.map(\.code), "agreement.clauses")
        for clause in clauses {
            try Input.text(clause.code, "agreement.clauses.code", max: Input.codeMax)
            try Input.text(clause.text, "agreement.clauses.text", max: Input.textMax)
            if let target = clause.target {
                try Input.range(target, "agreement.clauses.target", 0...1_000_000)
            }
        }
    }

    /// Where `agreement` stands on `day`; its last day is within the term.
    package static func state(of agreement: Agreement, on day: Day) -> AgreementState {
        if day < agreement.validFrom { return .notYetValid }
        let left = agreement.validUntil.days(since: day)
        if left < 0 { return .expired }
        return left <= warningDays ? .expiring(daysLeft: left) : .valid
    }
}
