package import EvaluationAPI
import Statistics
package import Vocabulary

extension Evidence {
    /// What is known of one enrollment on the day of its evaluation.
    ///
    /// Later records are left out, so an evaluation that is opened late rests on what it would
    /// have rested on. Of several scores on an occasion the last counts.
    ///
    /// `baselines` are scores at the start of the same program, by domain, for its own standard
    /// deviation; `holds` are the enrollment's.
    package static func gather(
        of enrollment: EnrollmentID, upTo day: Day, holds: [HoldFact] = [],
        attendance: [AttendanceFact], urine: [UrineFact], scores: [ScoreFact],
        baselines: [QualityDomain: [Double]]
    ) -> Evidence {
        let marks = attendance.filter { $0.enrollment == enrollment && $0.day <= day }
            .map { $0.mark(under: holds) }
        let results = urine.filter { $0.enrollment == enrollment && $0.day <= day }.map(\.result)
        let own = scores.filter { $0.enrollment == enrollment && $0.day <= day }
        func number(_ result: UrineFact.Result) -> Int { results.count { $0 == result } }
        return Evidence(
            quality: QualityDomain.allCases.compactMap { domain in
                change(in: domain, own, norm: .of(domain, baselines: baselines[domain] ?? []))
            },
            urine: UrineTally(
                positive: number(.positive), negative: number(.negative),
                invalid: number(.invalid), refused: number(.refused), missed: number(.missed)),
            attendance: AttendanceTally(
                attended: marks.count { $0 == .attended },
                missed: marks.count { $0 == .missed },
                excused: marks.count { $0 == .excused },
                cancelled: marks.count { $0 == .cancelled }),
            readiness: readiness(own))
    }

    /// Scores at the start of some stays, by domain: one a stay, the last of several.
    package static func baselines(
        of stays: Set<EnrollmentID>, upTo day: Day, _ scores: [ScoreFact]
    ) -> [QualityDomain: [Double]] {
        let starts = scores.filter {
            $0.occasion == .start && $0.day <= day && stays.contains($0.enrollment)
        }
        return Dictionary(
            grouping: starts, by: { QualityDomain(scaleCode: $0.scale) }
        ).reduce(into: [:]) { result, group in
            guard let domain = group.key else { return }
            // Sorted, so that the order of the records makes no difference to a sum.
            result[domain] = Dictionary(grouping: group.value, by: \.enrollment).values
                .compactMap { $0.last(by: \.day)?.value }.sorted()
        }
    }

    private static func change(
        in domain: QualityDomain, _ scores: [ScoreFact], norm: QualityNorm
    ) -> DomainChange? {
        let own = scores.filter { $0.scale == domain.scaleCode }
        guard let first = own.filter({ $0.occasion == .start }).last(by: \.day),
            let now = own.filter({ $0.occasion != .start }).last(by: \.day), first.day <= now.day,
            let rule = norm.change,
            let index = rule.index(before: first.value, after: now.value),
            let outcome = rule.outcome(before: first.value, after: now.value)
        else { return nil }
        return DomainChange(
            domain: domain, baseline: first.value, baselineOn: first.day, current: now.value,
            currentOn: now.day, difference: now.value - first.value, index: index,
            changeClass: ChangeClass(outcome), standardDeviation: norm.standardDeviation,
            reliability: norm.reliability, ownDeviation: norm.ownDeviation)
    }

    private static func readiness(_ scores: [ScoreFact]) -> ReadinessSummary? {
        let action = scores.filter { $0.scale == "urica-32.action" }.last(by: \.day)
        let maintenance = scores.filter { $0.scale == "urica-32.maintenance" }.last(by: \.day)
        guard let on = [action?.day, maintenance?.day].compactMap({ $0 }).max() else { return nil }
        return ReadinessSummary(action: action?.value, maintenance: maintenance?.value, on: on)
    }
}

extension [ScoreFact] {
    /// The latest; among those of one day the higher, so that their order makes no difference.
    func last(by key: (ScoreFact) -> Day) -> ScoreFact? {
        self.max { (key($0), $0.value) < (key($1), $1.value) }
    }
}
