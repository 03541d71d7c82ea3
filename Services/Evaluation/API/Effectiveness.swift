package import RPC
package import Vocabulary

/// Tells how well the program works, as far as the records allow.
///
/// Every rate carries its counts. What is not known is absent, never zero.
package struct ReportEffectiveness: RPCMethod {
    package static let name: MethodName = "evaluation.effectiveness.report"
    package static let access = Access(roles: .figureReaders)
    package static let section = Section.aggregate
    package static let repeatability = Repeatability.readOnly
    package static let timeout: Duration = .seconds(30)
    package typealias Reply = EffectivenessReport

    /// Half a year, 52 weeks, one, two and three years.
    package static let usualHorizons = [182, 364, 365, 730, 1095]
    /// The most horizons that one report is asked for.
    package static let horizonsMax = 20

    package let programCode: String?
    package let cohort: String?
    package let grouping: Grouping
    package let index: IndexDay
    /// Days after the index day at which curves are read off; others are left out.
    package let horizons: [Int]
    package let outcome: OutcomeChoice
    package let bounds: BoundsForm
    /// Counts nothing that happened or was reported after this day; nil for today.
    package let asOf: Day?

    package init(
        programCode: String? = nil, cohort: String? = nil, grouping: Grouping = .none,
        index: IndexDay = .release, horizons: [Int] = Self.usualHorizons,
        outcome: OutcomeChoice = .anyReturn, bounds: BoundsForm = .log, asOf: Day? = nil
    ) {
        self.programCode = programCode
        self.cohort = cohort
        self.grouping = grouping
        self.index = index
        self.horizons = horizons
        self.outcome = outcome
        self.bounds = bounds
        self.asOf = asOf
    }
}

extension ReportEffectiveness {
    /// Reads a request; what is absent is as usual.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            programCode: try fields.decodeIfPresent(String.self, forKey: .programCode),
            cohort: try fields.decodeIfPresent(String.self, forKey: .cohort),
            grouping: try fields.decodeIfPresent(Grouping.self, forKey: .grouping) ?? .none,
            index: try fields.decodeIfPresent(IndexDay.self, forKey: .index) ?? .release,
            horizons: try fields.decodeIfPresent([Int].self, forKey: .horizons)
                ?? Self.usualHorizons,
            outcome: try fields.decodeIfPresent(OutcomeChoice.self, forKey: .outcome)
                ?? .anyReturn,
            bounds: try fields.decodeIfPresent(BoundsForm.self, forKey: .bounds) ?? .log,
            asOf: try fields.decodeIfPresent(Day.self, forKey: .asOf))
    }
}

/// What people are compared by.
package enum Grouping: String, Codable, Hashable, Sendable, CaseIterable {
    case none
    case group
    case sex
    case cohort
    case program
}

/// The day from which time is counted.
package enum IndexDay: String, Codable, Hashable, Sendable, CaseIterable {
    case release
    case admission
}

/// Which events the main curve counts.
package enum OutcomeChoice: String, Codable, Hashable, Sendable, CaseIterable {
    /// Re-arrest, a new narcotics case or a return to custody, but no mere revoked parole.
    case anyReturn = "any-return"
    /// A relapse or a positive test, on the clock of contacts.
    case anyUse = "any-use"
    case relapse
    case positiveTest = "positive-test"
    case reArrest = "re-arrest"
    case newNarcoticsCase = "new-narcotics-case"
    case returnToCustody = "return-to-custody"
}

/// The scale on which the bounds of a survival curve are symmetric.
package enum BoundsForm: String, Codable, Hashable, Sendable, CaseIterable {
    case log
    case logLog = "log-log"
}

/// The answer: what happened during the program, what changed, and what came after release.
package struct EffectivenessReport: Codable, Hashable, Sendable {
    package let asOf: Day
    /// How old the copies are that this was computed from.
    package let sources: [SourceAge]
    /// New enrollments, in which a person can occur twice.
    package let enrollments: Int
    /// People, each once.
    package let participants: Int
    /// Entries of earlier cohorts among the people, which nobody checked here.
    package let imported: Int
    package let exits: ExitFigures
    package let attendance: AttendanceFigures
    package let urine: UrineFigures
    /// For each domain and each point after the start; never a total over domains.
    package let quality: [QualityFigures]
    package let recidivism: RecidivismFigures
    /// What to bear in mind when reading it.
    package let warnings: [Open<ReportWarning>]

    package init(
        asOf: Day, sources: [SourceAge], enrollments: Int, participants: Int, imported: Int,
        exits: ExitFigures, attendance: AttendanceFigures, urine: UrineFigures,
        quality: [QualityFigures], recidivism: RecidivismFigures, warnings: [ReportWarning]
    ) {
        self.asOf = asOf
        self.sources = sources
        self.enrollments = enrollments
        self.participants = participants
        self.imported = imported
        self.exits = exits
        self.attendance = attendance
        self.urine = urine
        self.quality = quality
        self.recidivism = recidivism
        self.warnings = warnings.map(Open.init)
    }
}

/// Something about a report that its reader must know.
package enum ReportWarning: String, Codable, Hashable, Sendable, CaseIterable {
    case noData = "no-data"
    case smallNumbers = "small-numbers"
    case smallCells = "small-cells"
    case sourceNeverHeard = "source-never-heard"
    case unequalLengths = "unequal-lengths"
    case importedUnchecked = "imported-unchecked"
    case followUpMissing = "follow-up-missing"
    case indexMissing = "index-day-missing"
    case datesContradict = "dates-contradict"
    case noComparison = "no-comparison"
    case publishedDeviation = "published-deviation"
    case manyDomains = "many-domains"
    case deathsCompete = "deaths-compete"

    package var explanation: String {
        switch self {
        case .noData: "nobody fits the question, so there is nothing to report"
        case .smallNumbers: "fewer than 30 people: the intervals matter more than the figures"
        case .smallCells: "some counts are below 5: do not let them leave the unit"
        case .sourceNeverHeard: "a source has not been heard yet, so its part is empty"
        case .unequalLengths:
            "the planned lengths differ; exit incidences are read at the longest of them"
        case .importedUnchecked: "some people come from imported cohorts that nobody checked here"
        case .followUpMissing:
            "for some released people nobody says until when they were followed; they are left out"
        case .indexMissing:
            "for some imported people the day from which time is counted is not recorded; they are "
                + "in no curve"
        case .datesContradict: "some records end before they begin; they are left out"
        case .noComparison: "without a comparison group a change is not an effect of the program"
        case .publishedDeviation:
            "fewer than 30 own baselines: the deviation behind reliable change is an assumed one"
        case .manyDomains:
            "with four domains, 18.5 % of people show a false reliable change in at least one"
        case .deathsCompete:
            "people died: read each kind's incidence, for 1 - KM overstates the risk"
        }
    }
}
