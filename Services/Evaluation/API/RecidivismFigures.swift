// Figures on the time after release. They are cohort figures: not to be compared with the share of
// repeaters among people now in custody.

/// A curve read off at one day.
package struct SurvivalPoint: Codable, Hashable, Sendable {
    /// Days after the index day.
    package let day: Int
    /// People still followed just before that day.
    package let atRisk: Int
    /// Events up to that day, with it.
    package let events: Int
    /// The share to whom it had not happened; nil where nobody was followed so long.
    package let survival: Double?
    /// Greenwood's.
    package let standardError: Double?
    package let lower: Double?
    package let upper: Double?
    /// 1 - survival: the share to whom it had happened.
    package let failure: Double?
    package let failureLower: Double?
    package let failureUpper: Double?

    package init(
        day: Int, atRisk: Int, events: Int, survival: Double?, standardError: Double?,
        lower: Double?, upper: Double?, failure: Double?, failureLower: Double?,
        failureUpper: Double?
    ) {
        self.day = day
        self.atRisk = atRisk
        self.events = events
        self.survival = survival
        self.standardError = standardError
        self.lower = lower
        self.upper = upper
        self.failure = failure
        self.failureLower = failureLower
        self.failureUpper = failureUpper
    }
}

/// A curve of one stratum.
package struct NamedSurvival: Codable, Hashable, Sendable {
    package let name: String
    package let count: Int
    package let point: SurvivalPoint

    package init(name: String, count: Int, point: SurvivalPoint) {
        self.name = name
        self.count = count
        self.point = point
    }
}

/// The cumulative incidence of one cause among several, at one day.
package struct IncidencePoint: Codable, Hashable, Sendable {
    package let cause: String
    package let day: Int
    package let atRisk: Int
    package let events: Int
    /// All who were followed at all.
    package let of: Int
    /// Aalen & Johansen; nil where nobody was followed so long.
    package let value: Double?
    package let standardError: Double?
    package let lower: Double?
    package let upper: Double?

    package init(
        cause: String, day: Int, atRisk: Int, events: Int, of: Int, value: Double?,
        standardError: Double?, lower: Double?, upper: Double?
    ) {
        self.cause = cause
        self.day = day
        self.atRisk = atRisk
        self.events = events
        self.of = of
        self.value = value
        self.standardError = standardError
        self.lower = lower
        self.upper = upper
    }
}

/// What came after the index day, for each group.
package struct RecidivismFigures: Codable, Hashable, Sendable {
    package let outcome: OutcomeChoice
    package let index: IndexDay
    /// Which of the two clocks ends the following of the outcome.
    package let clock: FollowUpClock
    package let bounds: BoundsForm
    /// Sorted by name; one named `all` where nothing is compared.
    package let groups: [OutcomeGroup]
    /// Whether the groups' curves differ (Mantel 1966); nil where they cannot be compared.
    package let logRank: TestFigure?
    /// Whether the groups' incidences of one kind differ (Gray 1988).
    package let grayByKind: [NamedTest]
    /// The first group against each other, at each horizon.
    package let differences: [GroupDifference]
    /// How long people were followed, for each clock.
    package let followUp: [FollowUpFigures]
    /// People left out because nobody says until when they were followed.
    package let withoutFollowUp: Int
    /// People left out because the index day is not known, or has not come.
    package let withoutIndex: Int

    package init(
        outcome: OutcomeChoice, index: IndexDay, clock: FollowUpClock, bounds: BoundsForm,
        groups: [OutcomeGroup], logRank: TestFigure?, grayByKind: [NamedTest],
        differences: [GroupDifference], followUp: [FollowUpFigures], withoutFollowUp: Int,
        withoutIndex: Int
    ) {
        self.outcome = outcome
        self.index = index
        self.clock = clock
        self.bounds = bounds
        self.groups = groups
        self.logRank = logRank
        self.grayByKind = grayByKind
        self.differences = differences
        self.followUp = followUp
        self.withoutFollowUp = withoutFollowUp
        self.withoutIndex = withoutIndex
    }
}

/// Up to when something is known of a person.
package enum FollowUpClock: String, Codable, Hashable, Sendable, CaseIterable {
    /// The day the register was read.
    case register
    /// The last contact.
    case contact
}

/// One group's curves.
package struct OutcomeGroup: Codable, Hashable, Sendable {
    package let name: String
    package let count: Int
    package let events: Int
    /// The chosen outcome, other things as ends of following.
    package let points: [SurvivalPoint]
    /// Each kind that occurred, death among them, as competing: the first of them counts.
    package let incidence: [IncidencePoint]
    /// In days; nil where it never came to half.
    package let median: Double?

    package init(
        name: String, count: Int, events: Int, points: [SurvivalPoint],
        incidence: [IncidencePoint], median: Double?
    ) {
        self.name = name
        self.count = count
        self.events = events
        self.points = points
        self.incidence = incidence
        self.median = median
    }
}

/// What a test between groups found.
package struct TestFigure: Codable, Hashable, Sendable {
    package let chiSquare: Double
    package let degreesOfFreedom: Int
    package let p: Double

    package init(chiSquare: Double, degreesOfFreedom: Int, p: Double) {
        self.chiSquare = chiSquare
        self.degreesOfFreedom = degreesOfFreedom
        self.p = p
    }
}

/// A test of one kind of event.
package struct NamedTest: Codable, Hashable, Sendable {
    package let name: String
    package let test: TestFigure

    package init(name: String, test: TestFigure) {
        self.name = name
        self.test = test
    }
}

/// How far two groups are apart at one day, and what these numbers could have shown.
///
/// Only people count whose state on that day is known: with the event before, or followed so long.
package struct GroupDifference: Codable, Hashable, Sendable {
    package let day: Int
    package let firstName: String
    package let secondName: String
    package let first: Rate
    package let second: Rate
    /// First minus second, with Newcombe's 95 % interval.
    package let difference: Double?
    package let lower: Double?
    package let upper: Double?
    /// The smallest fall below the first share found in 80 % of such comparisons; nil if none.
    package let detectableFall: Double?
    /// The smallest rise above the first share found in 80 % of such comparisons; nil if none.
    package let detectableRise: Double?

    package init(
        day: Int, firstName: String, secondName: String, first: Rate, second: Rate,
        difference: Double?, lower: Double?, upper: Double?, detectableFall: Double?,
        detectableRise: Double?
    ) {
        self.day = day
        self.firstName = firstName
        self.secondName = secondName
        self.first = first
        self.second = second
        self.difference = difference
        self.lower = lower
        self.upper = upper
        self.detectableFall = detectableFall
        self.detectableRise = detectableRise
    }
}

/// How long people were followed on one clock, from the index day.
package struct FollowUpFigures: Codable, Hashable, Sendable {
    package let clock: FollowUpClock
    /// People whose end of following is known on this clock, of all with an index day.
    package let known: Rate
    package let shortestDays: Int?
    package let medianDays: Double?
    package let longestDays: Int?

    package init(
        clock: FollowUpClock, known: Rate, shortestDays: Int?, medianDays: Double?,
        longestDays: Int?
    ) {
        self.clock = clock
        self.known = known
        self.shortestDays = shortestDays
        self.medianDays = medianDays
        self.longestDays = longestDays
    }
}
