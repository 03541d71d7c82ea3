import EvaluationAPI
import Statistics
import Vocabulary

// Figures on the time after the index day, on the clock that the outcome runs on.

extension Effectiveness {
    static func recidivismFigures(
        _ scope: EffectivenessScope, _ request: ReportEffectiveness
    ) -> RecidivismFigures {
        let clock = request.outcome.clock
        let followed = scope.people.compactMap { Followed($0, request.outcome) }
        let indexed = scope.people.count { $0.index != nil }
        let horizons = Set(request.horizons.filter { (0...36_500).contains($0) }).sorted()
            .prefix(ReportEffectiveness.horizonsMax)
        let groups = Dictionary(grouping: followed, by: \.group).sorted { $0.key < $1.key }
        let tables = groups.map { RiskTable($0.value.map(\.main)) }
        let competing = groups.map { RiskTable($0.value.map(\.first)) }
        let causes = Set(competing.flatMap(\.causes)).sorted()
        return RecidivismFigures(
            outcome: request.outcome, index: request.index, clock: clock, bounds: request.bounds,
            groups: zip(groups, zip(tables, competing)).map { group, tables in
                OutcomeGroup(
                    group.key, SurvivalCurve(tables.0), CumulativeIncidence(tables.1),
                    causes: causes, at: Array(horizons), on: BoundsScale(request.bounds))
            },
            logRank: LogRank(tables)?.test.map(TestFigure.init),
            grayByKind: causes.compactMap { cause in
                GrayTest(competing, cause: cause)?.test.map {
                    NamedTest(name: cause, test: TestFigure($0))
                }
            },
            differences: horizons.flatMap {
                differences(groups.map { ($0.key, $0.value) }, at: $0)
            },
            followUp: FollowUpClock.allCases.map { followUpFigures(scope.people, $0) },
            withoutFollowUp: indexed - followed.count,
            withoutIndex: scope.people.count - indexed)
    }

    /// The first group against each other; those whose state is not known that day stay out.
    ///
    /// Where nobody without the event is followed to that day, only those with it are left: then
    /// a share would be of them alone, and there is no difference to tell.
    private static func differences(
        _ groups: [(name: String, people: [Followed])], at day: Int
    ) -> [GroupDifference] {
        guard let first = groups.first,
            groups.allSatisfy({ $0.people.contains { $0.isFree(at: day) } })
        else { return [] }
        func share(_ people: [Followed]) -> Proportion {
            let known = people.filter { $0.isKnown(at: day) }
            return Proportion(of: known) { $0.main.isEvent && $0.main.time <= Double(day) }
        }
        let one = share(first.people)
        return groups.dropFirst().map { group in
            let other = share(group.people)
            let difference = ProportionDifference(one, minus: other)
            let bounds = difference.newcombe()
            let arms = TwoArmComparison(first: one.denominator, second: other.denominator)
            return GroupDifference(
                day: day, firstName: first.name, secondName: group.name,
                first: Rate(one.numerator, of: one.denominator),
                second: Rate(other.numerator, of: other.denominator),
                difference: difference.value, lower: bounds?.lower, upper: bounds?.upper,
                detectableFall: one.value.flatMap { arms?.detectableFall(from: $0) },
                detectableRise: one.value.flatMap { arms?.detectableRise(from: $0) })
        }
    }

    private static func followUpFigures(
        _ people: [EffectivenessScope.Person], _ clock: FollowUpClock
    ) -> FollowUpFigures {
        let indexed = people.filter { $0.index != nil }
        let days = indexed.compactMap { person -> Int? in
            guard let index = person.index, let end = person.end(on: clock), end >= index else {
                return nil
            }
            return end.days(since: index)
        }
        return FollowUpFigures(
            clock: clock, known: Rate(days.count, of: indexed.count), shortestDays: days.min(),
            medianDays: Sample(days.map(Double.init))?.median, longestDays: days.max())
    }
}

/// One person's time after the index day, as both kinds of curve take it.
private struct Followed {
    let group: String
    /// To the chosen outcome; a death or a revoked parole ends the following.
    let main: Observation
    /// To whatever came first.
    let first: Observation
    /// Whether nothing can happen any more.
    let isClosed: Bool

    init?(_ person: EffectivenessScope.Person, _ outcome: OutcomeChoice) {
        guard let index = person.index, let end = person.end(on: outcome.clock), end >= index
        else { return nil }
        let known = person.events.filter { $0.day <= end }
        let closing = known.filter { outcome.closing.contains($0.kind) }.map(\.day).min()
        let target = known.filter { outcome.targets.contains($0.kind) }.map(\.day).min()
        let first = known.compactMap { event in
            outcome.competing.firstIndex(of: event.kind).map { (event.day, $0) }
        }.min { $0 < $1 }
        let last = min(end, closing ?? end)
        let isEvent = target.map { $0 <= last } ?? false
        let mainEnd = isEvent ? (target ?? last) : last
        guard
            let main = try? Observation(
                days: mainEnd.days(since: index), isEvent: isEvent),
            let competing = try? Observation(
                days: (first?.0 ?? end).days(since: index),
                cause: first.map { outcome.competing[$0.1].name })
        else { return nil }
        group = person.group
        self.main = main
        self.first = competing
        isClosed = closing != nil
    }

    /// Whether the person's state that many days after the index day is known.
    func isKnown(at day: Int) -> Bool { main.isEvent || isFree(at: day) }

    /// Whether it is known that nothing had happened by that day.
    func isFree(at day: Int) -> Bool {
        main.isEvent ? main.time > Double(day) : isClosed || main.time >= Double(day)
    }
}

extension OutcomeChoice {
    var clock: FollowUpClock {
        switch self {
        case .anyUse, .relapse, .positiveTest: .contact
        case .anyReturn, .reArrest, .newNarcoticsCase, .returnToCustody: .register
        }
    }

    fileprivate var targets: [EventKind] {
        switch self {
        case .anyReturn:
            [.outcome(.newNarcoticsCase), .outcome(.reArrest), .outcome(.returnToCustody)]
        case .anyUse: [.outcome(.positiveTest), .outcome(.relapse)]
        case .relapse: [.outcome(.relapse)]
        case .positiveTest: [.outcome(.positiveTest)]
        case .reArrest: [.outcome(.reArrest)]
        case .newNarcoticsCase: [.outcome(.newNarcoticsCase)]
        case .returnToCustody: [.outcome(.returnToCustody)]
        }
    }

    /// After these nobody is at risk of the outcome: the dead, and who is in custody again.
    fileprivate var closing: [EventKind] {
        clock == .register ? [.outcome(.death), .paroleRevoked] : [.outcome(.death)]
    }

    /// What can come first on this clock; of two on one day the earlier in this list counts.
    fileprivate var competing: [EventKind] {
        switch clock {
        case .register:
            [
                .outcome(.newNarcoticsCase), .outcome(.reArrest), .outcome(.returnToCustody),
                .paroleRevoked, .outcome(.death),
            ]
        case .contact: [.outcome(.positiveTest), .outcome(.relapse), .outcome(.death)]
        }
    }
}
