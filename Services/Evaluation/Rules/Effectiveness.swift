package import EvaluationAPI
import Statistics
package import Vocabulary

/// How well the program works: every figure that leaves this service.
package enum Effectiveness {
    /// Fewer people than this, and a report warns of small numbers.
    package static let peopleMin = 30
    /// Counts from 1 to below this should not leave the unit.
    package static let cellMin = 5

    /// Puts a report together.
    ///
    /// It gives the same answer whatever the order of the records, and an empty report where
    /// nobody fits the request.
    package static func report(
        _ facts: EffectivenessFacts, _ request: ReportEffectiveness, on today: Day
    ) -> EffectivenessReport {
        let scope = EffectivenessScope(facts, request, on: today)
        let exits = exitFigures(scope)
        let quality = qualityFigures(scope)
        let recidivism = recidivismFigures(scope, request)
        return EffectivenessReport(
            asOf: scope.asOf, sources: facts.sources, enrollments: scope.enrollments.count,
            participants: scope.people.count, imported: scope.imported.count, exits: exits,
            attendance: attendanceFigures(scope), urine: urineFigures(scope), quality: quality,
            recidivism: recidivism,
            warnings: warnings(scope, facts, exits, quality, recidivism))
    }

    private static func warnings(
        _ scope: EffectivenessScope, _ facts: EffectivenessFacts, _ exits: ExitFigures,
        _ quality: [QualityFigures], _ recidivism: RecidivismFigures
    ) -> [ReportWarning] {
        let people = scope.people.count
        let cells =
            exits.byClass.map(\.rate.count) + exits.byStatus.map(\.rate.count)
            + recidivism.groups.flatMap { [$0.events, $0.count] + $0.incidence.map(\.events) }
        let paired = quality.filter { $0.pairs > 0 }
        let deaths = recidivism.groups.flatMap(\.incidence).contains {
            $0.cause == OutcomeKind.death.rawValue && $0.events > 0
        }
        let holding: [(ReportWarning, Bool)] = [
            (.noData, people == 0),
            (.smallNumbers, people > 0 && people < peopleMin),
            (.smallCells, cells.contains { (1..<cellMin).contains($0) }),
            (
                .sourceNeverHeard,
                facts.sources.isEmpty || facts.sources.contains { $0.heardAt == nil }
            ),
            (.unequalLengths, scope.plannedLengths.count > 1),
            (.importedUnchecked, !scope.imported.isEmpty),
            (.followUpMissing, recidivism.withoutFollowUp > 0),
            (.indexMissing, scope.hasImportedWithoutIndex),
            (.datesContradict, scope.hasContradictions),
            (.noComparison, people > 0 && recidivism.groups.count < 2),
            (.publishedDeviation, paired.contains { !$0.ownDeviation }),
            (.manyDomains, !paired.isEmpty),
            (.deathsCompete, deaths),
        ]
        return holding.filter(\.1).map(\.0)
    }
}

extension Rate {
    /// A share with Wilson's interval.
    init(_ count: Int, of all: Int) {
        let proportion = Proportion(count, of: all)
        let bounds = proportion.wilson()
        self.init(
            count: count, of: all, value: proportion.value, lower: bounds?.lower,
            upper: bounds?.upper)
    }
}
