package import Vocabulary

/// Whom a program admits, as data: every facility sets its own, and none is built in.
///
/// A switch that is off, and a limit that is absent, asks nothing.
package struct EntryRules: Codable, Hashable, Sendable {
    /// Days that must remain until the earliest release; where absent, the program's length.
    package var minimumRemainingDays: Int?
    package var allowedStatuses: [LegalStatus]
    /// ASSIST risk bands that admit, for the riskiest drug besides tobacco and alcohol.
    ///
    /// Each is `low`, `moderate` or `high`. Empty where no screening is asked for.
    package var requiredRiskBands: [String]
    /// Days that a screening stays good for.
    package var maximumScreeningAgeDays: Int?
    /// Whether a urine test must have been taken before, whatever its result.
    package var urineRequired: Bool
    /// Whether an entry in register F (disciplinary) stands in the way.
    package var registerFExcludes: Bool
    /// Whether the assessment team must have decided first.
    package var decisionRequired: Bool
    /// Whether a decree (SK) must appoint the participant.
    package var decreeRequired: Bool
    /// Whether the participant must be placed in a block.
    package var placementRequired: Bool
    /// Warns, and does not refuse, below this age in years.
    package var warnBelowAge: Int?

    package init(
        minimumRemainingDays: Int? = nil, allowedStatuses: [LegalStatus] = [.convict],
        requiredRiskBands: [String] = ["moderate", "high"], maximumScreeningAgeDays: Int? = nil,
        urineRequired: Bool = true, registerFExcludes: Bool = true, decisionRequired: Bool = true,
        decreeRequired: Bool = true, placementRequired: Bool = true, warnBelowAge: Int? = 18
    ) {
        self.minimumRemainingDays = minimumRemainingDays
        self.allowedStatuses = allowedStatuses
        self.requiredRiskBands = requiredRiskBands
        self.maximumScreeningAgeDays = maximumScreeningAgeDays
        self.urineRequired = urineRequired
        self.registerFExcludes = registerFExcludes
        self.decisionRequired = decisionRequired
        self.decreeRequired = decreeRequired
        self.placementRequired = placementRequired
        self.warnBelowAge = warnBelowAge
    }
}
