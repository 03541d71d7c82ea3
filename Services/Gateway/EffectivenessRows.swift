import EvaluationAPI
import Shared

/// The report on effectiveness as a row for each figure, for spreadsheets and statistics.
enum EffectivenessRows {
    /// Shares are from 0 to 1; a figure that is not known is empty.
    static func table(_ report: EffectivenessReport) -> Table {
        let figures =
            program(report) + urine(report.urine) + report.quality.flatMap(quality)
            + recidivism(report.recidivism)
            + report.warnings.map { Figure("warnings", "all", $0.rawValue) }
        return Table(
            header: ["section", "group", "measure", "value", "n", "N", "low", "high"],
            rows: figures.map(\.cells))
    }

    private struct Figure {
        var cells: [String]

        init(
            _ section: String, _ group: String, _ measure: String, _ value: Double? = nil,
            n: Int? = nil, of: Int? = nil, low: Double? = nil, high: Double? = nil
        ) {
            cells = [
                section, group, measure, Self.text(value), n.map(String.init) ?? "",
                of.map(String.init) ?? "", Self.text(low), Self.text(high),
            ]
        }

        init(_ section: String, _ group: String, _ measure: String, _ rate: Rate) {
            self.init(
                section, group, measure, rate.value, n: rate.count, of: rate.of, low: rate.lower,
                high: rate.upper)
        }

        private static func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    }

    private static func program(_ report: EffectivenessReport) -> [Figure] {
        let (exits, attendance) = (report.exits, report.attendance)
        var figures = [
            Figure("people", "all", "participants", n: report.participants),
            Figure("people", "all", "enrollments", n: report.enrollments),
            Figure("people", "all", "imported", n: report.imported),
            Figure("exits", "all", "completion-of-decided", exits.completionOfDecided),
            Figure("exits", "all", "completion-of-all", exits.completionOfAll),
            Figure("exits", "all", "open", n: exits.open),
        ]
        figures += exits.byClass.map { Figure("exits", "all", $0.exitGroup.rawValue, $0.rate) }
        figures += exits.byStatus.map { Figure("exits", "all", $0.status, $0.rate) }
        figures += exits.incidence.flatMap { incidence("exits", "all", $0) }
        if let retention = exits.retention {
            figures += survival("retention", "all", retention, of: nil)
        }
        figures += exits.retentionByTimeLeft.flatMap {
            survival("retention", $0.name, $0.point, of: $0.count)
        }
        figures.append(Figure("attendance", "all", "attended", attendance.attended))
        figures += attendance.byType.map { Figure("attendance", $0.type, "attended", $0.attended) }
        for (measure, count) in [
            ("missed", attendance.missed), ("excused", attendance.excused),
            ("cancelled", attendance.cancelled),
        ] {
            figures.append(Figure("attendance", "all", measure, n: count))
        }
        return figures
    }

    private static func urine(_ urine: UrineFigures) -> [Figure] {
        let all = UrinePoint(
            point: "all", ofValid: urine.ofValid, refused: urine.refused, missed: urine.missed,
            invalid: urine.invalid, worstCase: urine.worstCase)
        return ([all] + urine.byPoint).flatMap { point in
            [
                Figure("urine", point.point, "positive-of-valid", point.ofValid),
                Figure("urine", point.point, "worst-case", point.worstCase),
                Figure("urine", point.point, "refused", n: point.refused),
                Figure("urine", point.point, "missed", n: point.missed),
                Figure("urine", point.point, "invalid", n: point.invalid),
            ]
        }
    }

    private static func quality(_ figures: QualityFigures) -> [Figure] {
        let group = "\(figures.domain.rawValue) \(figures.point)"
        return [
            Figure(
                "quality", group, "mean-difference", figures.meanDifference, n: figures.pairs,
                of: figures.baselines),
            Figure("quality", group, "improved", figures.improved),
            Figure("quality", group, "reliably-improved", figures.reliablyImproved),
            Figure("quality", group, "reliably-deteriorated", figures.reliablyDeteriorated),
            Figure("quality", group, "critical-difference", figures.criticalDifference),
            Figure("quality", group, "standard-deviation", figures.standardDeviation),
            Figure("quality", group, "reliability", figures.reliability),
        ]
    }

    private static func recidivism(_ figures: RecidivismFigures) -> [Figure] {
        let section = "recidivism"
        var rows = figures.groups.flatMap { group in
            [
                Figure(section, group.name, "events", n: group.events, of: group.count),
                Figure(section, group.name, "median-days", group.median),
            ] + group.points.flatMap { survival(section, group.name, $0, of: group.count) }
                + group.incidence.flatMap { incidence(section, group.name, $0) }
        }
        if let test = figures.logRank { rows += self.test("log-rank", test) }
        rows += figures.grayByKind.flatMap { test("gray \($0.name)", $0.test) }
        for difference in figures.differences {
            let group = "\(difference.firstName) - \(difference.secondName)"
            let at = "at day \(difference.day)"
            rows += [
                Figure(section, difference.firstName, "share \(at)", difference.first),
                Figure(section, difference.secondName, "share \(at)", difference.second),
                Figure(
                    section, group, "difference \(at)", difference.difference,
                    low: difference.lower, high: difference.upper),
                Figure(section, group, "detectable-fall \(at)", difference.detectableFall),
                Figure(section, group, "detectable-rise \(at)", difference.detectableRise),
            ]
        }
        for follow in figures.followUp {
            let group = "\(follow.clock.rawValue) clock"
            rows += [
                Figure("follow-up", group, "known", follow.known),
                Figure("follow-up", group, "shortest-days", follow.shortestDays.map(Double.init)),
                Figure("follow-up", group, "median-days", follow.medianDays),
                Figure("follow-up", group, "longest-days", follow.longestDays.map(Double.init)),
            ]
        }
        rows.append(Figure("follow-up", "all", "without", n: figures.withoutFollowUp))
        return rows
    }

    private static func survival(
        _ section: String, _ group: String, _ point: SurvivalPoint, of count: Int?
    ) -> [Figure] {
        [
            Figure(
                section, group, "survival at day \(point.day)", point.survival, n: point.events,
                of: count, low: point.lower, high: point.upper),
            Figure(
                section, group, "failure at day \(point.day)", point.failure, n: point.events,
                of: count, low: point.failureLower, high: point.failureUpper),
            Figure(
                section, group, "standard-error at day \(point.day)", point.standardError),
            Figure(section, group, "at-risk at day \(point.day)", n: point.atRisk, of: count),
        ]
    }

    private static func incidence(
        _ section: String, _ group: String, _ point: IncidencePoint
    ) -> [Figure] {
        [
            Figure(
                section, group, "incidence of \(point.cause) at day \(point.day)", point.value,
                n: point.events, of: point.of, low: point.lower, high: point.upper),
            Figure(
                section, group, "at-risk of \(point.cause) at day \(point.day)", n: point.atRisk,
                of: point.of),
        ]
    }

    private static func test(_ name: String, _ test: TestFigure) -> [Figure] {
        [
            Figure("tests", name, "chi-square", test.chiSquare),
            Figure("tests", name, "degrees-of-freedom", Double(test.degreesOfFreedom)),
            Figure("tests", name, "p", test.p),
        ]
    }
}
