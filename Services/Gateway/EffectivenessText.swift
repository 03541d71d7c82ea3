import EvaluationAPI
import Shared

/// The report on effectiveness as people read it: a section for each question.
enum EffectivenessText {
    /// Sections of at most `width` columns, the caveats at the end.
    static func text(_ report: EffectivenessReport, width: Int?) -> String {
        var sections = [headline(report)]
        func add(_ title: String, _ table: Table, flexible: Set<Int> = [0]) {
            sections.append(title + "\n" + table.text(width: width, flexible: flexible))
        }
        add("Completion and exits", exits(report.exits))
        if !report.exits.incidence.isEmpty || report.exits.retention != nil {
            add("At the planned end", plannedEnd(report.exits))
        }
        add("Attendance", attendance(report.attendance))
        add("Urine screens (presumptive)", urine(report.urine))
        if !report.quality.isEmpty {
            add("Quality of life, change since the start (M0)", quality(report.quality))
        }
        sections += RecidivismText.sections(report.recidivism, width: width)
        if !report.warnings.isEmpty {
            sections.append(
                "Bear in mind\n"
                    + report.warnings.map(bearInMind)
                    .joined(separator: "\n"))
        }
        return sections.joined(separator: "\n\n")
    }

    /// A warning of a later version has no explanation here; its word still says what to look for.
    private static func bearInMind(_ warning: Open<ReportWarning>) -> String {
        let word = Console.safe(warning.rawValue)
        return "- \(warning.known?.explanation ?? "see the service's own documentation") [\(word)]"
    }

    private static func headline(_ report: EffectivenessReport) -> String {
        let sources = report.sources.map { source in
            let name = source.service.rawValue
            guard let position = source.position else { return "\(name) never heard" }
            return "\(name) to position \(position)"
                + (source.heardAt.map { ", last change heard \($0.description.prefix(16))Z" } ?? "")
        }
        return "Effectiveness as of \(report.asOf): \(report.participants) people, "
            + "\(report.enrollments) enrollments, \(report.imported) imported\n"
            + "Sources: " + (sources.isEmpty ? "none" : sources.joined(separator: "; "))
    }

    private static func rates(_ first: String, _ rows: [(String, Rate)]) -> Table {
        Table(
            header: [first, "share", "n/N", "95 % interval"],
            rows: rows.map { [$0.0] + Figures.cells($0.1) })
    }

    private static func counts(_ name: String, _ count: Int) -> [String] {
        [name, "", "\(count)", ""]
    }

    private static func exits(_ exits: ExitFigures) -> Table {
        let shares =
            [
                ("completed, of successful and unsuccessful exits", exits.completionOfDecided),
                ("completed, of all exits", exits.completionOfAll),
            ] + exits.byClass.map { ("\($0.exitGroup.rawValue), of all enrollments", $0.rate) }
            + exits.byStatus.map { ("  \($0.status)", $0.rate) }
        return Table(
            header: ["exit", "share", "n/N", "95 % interval"],
            rows: shares.map { [$0.0] + Figures.cells($0.1) }
                + [counts("still enrolled", exits.open)])
    }

    private static func plannedEnd(_ exits: ExitFigures) -> Table {
        var rows = exits.incidence.map { point in
            [
                "exit: \(point.cause)", "\(point.day)", "\(point.atRisk)",
                "\(point.events)/\(point.of)", Figures.percent(point.value),
                Figures.interval(point.lower, point.upper),
            ]
        }
        let retained = exits.retention.map { [("retained", $0)] } ?? []
        let strata = exits.retentionByTimeLeft.map {
            ("retained, \($0.name) (N \($0.count))", $0.point)
        }
        rows += (retained + strata).map { name, point in
            [
                name, "\(point.day)", "\(point.atRisk)", "\(point.events)",
                Figures.percent(point.survival), Figures.interval(point.lower, point.upper),
            ]
        }
        return Table(
            header: ["what", "day", "at risk", "events", "share", "95 % interval"], rows: rows)
    }

    private static func attendance(_ attendance: AttendanceFigures) -> Table {
        Table(
            header: ["sessions", "share", "n/N", "95 % interval"],
            rows: [["attended"] + Figures.cells(attendance.attended)]
                + attendance.byType.map { ["  \($0.type)"] + Figures.cells($0.attended) }
                + [
                    counts("missed", attendance.missed),
                    counts("excused, in no denominator", attendance.excused),
                    counts("cancelled, in no denominator", attendance.cancelled),
                ])
    }

    private static func urine(_ urine: UrineFigures) -> Table {
        func rows(
            _ point: String, _ valid: Rate, _ worst: Rate, _ refused: Int, _ missed: Int,
            _ invalid: Int
        ) -> [[String]] {
            [
                ["\(point): positive of valid"] + Figures.cells(valid),
                ["\(point): refused and missed as positive"] + Figures.cells(worst),
                [
                    "\(point): without a result", "", "\(refused + missed + invalid)",
                    "refused \(refused), missed \(missed), invalid \(invalid)",
                ],
            ]
        }
        return Table(
            header: ["screens", "share", "n/N", "95 % interval"],
            rows: rows(
                "all", urine.ofValid, urine.worstCase, urine.refused, urine.missed, urine.invalid)
                + urine.byPoint.flatMap {
                    rows($0.point, $0.ofValid, $0.worstCase, $0.refused, $0.missed, $0.invalid)
                })
    }

    private static func quality(_ quality: [QualityFigures]) -> Table {
        let rows = quality.flatMap { figures -> [[String]] in
            let name = "\(figures.domain.rawValue), \(figures.point)-M0"
            let basis =
                "SD \(Figures.number(figures.standardDeviation)) "
                + "(\(figures.ownDeviation ? "own" : "assumed")), "
                + "r \(Figures.number(figures.reliability, decimals: 2)), "
                + "critical \(Figures.number(figures.criticalDifference))"
            return [
                [
                    "\(name): mean change in points", Figures.number(figures.meanDifference),
                    "\(figures.pairs)/\(figures.baselines)", basis,
                ],
                ["  improved at all"] + Figures.cells(figures.improved),
                ["  reliably improved"] + Figures.cells(figures.reliablyImproved),
                ["  reliably deteriorated"] + Figures.cells(figures.reliablyDeteriorated),
            ]
        }
        return Table(header: ["domain", "value", "n/N", "95 % interval"], rows: rows)
    }
}
