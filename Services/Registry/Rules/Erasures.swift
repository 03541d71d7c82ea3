import RPC
package import RegistryAPI
package import Vocabulary

/// What decides whether a section of somebody's records may be erased.
package struct ErasureFacts: Hashable, Sendable {
    package let isInCustody: Bool
    package let isEnrolled: Bool
    /// The last day on which the person was treated, examined or enrolled; nil where never.
    package let lastCareOn: Day?

    package init(isInCustody: Bool, isEnrolled: Bool, lastCareOn: Day?) {
        self.isInCustody = isInCustody
        self.isEnrolled = isEnrolled
        self.lastCareOn = lastCareOn
    }
}

/// Decides on erasures: UU 27/2022 (PDP), Article 43, with the exceptions of Article 15.
package enum ErasureRules {
    private typealias Refusal = Refused<EraseSection.Refusal>

    /// The sections that the registry keeps about a person.
    package static let sections: Set<Section> = [.identity, .legal, .program, .clinical]

    /// Checks a request that is to be carried out on `today`.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<EraseSection.Refusal>` with the ground and the day.
    package static func check(_ call: EraseSection, facts: ErasureFacts, today: Day) throws {
        try Input.text(call.request, "request", max: Input.codeMax)
        for hold in call.legalHolds { try Input.text(hold, "legalHolds", max: Input.codeMax) }
        guard sections.contains(call.erased) else { throw Refusal(.notKeptHere) }
        guard call.legalHolds.isEmpty else {
            throw Refusal(.legalHold, "\(call.legalHolds.count) named")
        }
        guard !facts.isInCustody || call.erased == .program else { throw Refusal(.inCustody) }
        guard !facts.isEnrolled else { throw Refusal(.enrolled) }
        if let problem = retention(of: call.erased, facts: facts, today: today) {
            throw Refusal(.retained, problem)
        }
    }

    /// Why the law retains a section on a day, and until when; nil where it does not.
    package static func retention(
        of section: Section, facts: ErasureFacts, today: Day
    ) -> String? {
        guard let term = RetentionTable.term(of: section, on: today),
            let lastDay = term.lastDay(lastCareOn: facts.lastCareOn), today <= lastDay
        else { return nil }
        return "\(term.ground); until \(lastDay)"
    }
}
