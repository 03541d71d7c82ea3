import EvaluationAPI
import Shared

/// What came after the index day, as people read it.
enum RecidivismText {
    static func sections(_ figures: RecidivismFigures, width: Int?) -> [String] {
        let title =
            "After \(figures.index.rawValue): \(figures.outcome.rawValue), "
            + "followed on the \(figures.clock.rawValue) clock"
        var sections = [title + "\n" + groups(figures).text(width: width, flexible: [0])]
        func add(_ title: String, _ table: Table, flexible: Set<Int> = [0]) {
            sections.append(title + "\n" + table.text(width: width, flexible: flexible))
        }
        if figures.groups.contains(where: { !$0.points.isEmpty }) {
            add(
                "Free of it (Kaplan-Meier, Greenwood's error, \(figures.bounds.rawValue) bounds)",
                survival(figures.groups))
        }
        if figures.groups.contains(where: { !$0.incidence.isEmpty }) {
            add(
                "Cumulative incidence by kind, each competing (Aalen-Johansen)",
                incidence(figures.groups), flexible: [0, 1])
        }
        let tests = tests(figures)
        if !tests.isEmpty {
            sections.append("Do the groups differ?\n" + tests.joined(separator: "\n"))
        }
        if !figures.differences.isEmpty {
            add("Differences, of people whose state on the day is known", differences(figures))
        }
        add("Following", followUp(figures))
        return sections
    }

    private static func groups(_ figures: RecidivismFigures) -> Table {
        Table(
            header: ["group", "people", "events", "median days"],
            rows: figures.groups.map {
                [$0.name, "\($0.count)", "\($0.events)", Figures.number($0.median, decimals: 0)]
            })
    }

    private static func survival(_ groups: [OutcomeGroup]) -> Table {
        Table(
            header: [
                "group", "day", "at risk", "n/N", "free", "SE", "95 % interval", "had it",
            ],
            rows: groups.flatMap { group in
                group.points.map { point in
                    [
                        group.name, "\(point.day)", "\(point.atRisk)",
                        "\(point.events)/\(group.count)", Figures.percent(point.survival),
                        Figures.number(point.standardError, decimals: 4),
                        Figures.interval(point.lower, point.upper), Figures.percent(point.failure),
                    ]
                }
            })
    }

    private static func incidence(_ groups: [OutcomeGroup]) -> Table {
        Table(
            header: ["group", "kind", "day", "at risk", "n/N", "incidence", "95 % interval"],
            rows: groups.flatMap { group in
                group.incidence.map { point in
                    [
                        group.name, point.cause, "\(point.day)", "\(point.atRisk)",
                        "\(point.events)/\(point.of)", Figures.percent(point.value),
                        Figures.interval(point.lower, point.upper),
                    ]
                }
            })
    }

    private static func tests(_ figures: RecidivismFigures) -> [String] {
        func line(_ name: String, _ test: TestFigure) -> String {
            "\(name): chi-square \(Figures.number(test.chiSquare, decimals: 4)), "
                + "df \(test.degreesOfFreedom), p \(Figures.probability(test.p))"
        }
        return (figures.logRank.map { [line("log-rank", $0)] } ?? [])
            + figures.grayByKind.map { line("Gray, \(Console.safe($0.name))", $0.test) }
    }

    private static func differences(_ figures: RecidivismFigures) -> Table {
        Table(
            header: [
                "groups", "day", "first", "second", "difference", "95 % interval", "detectable",
            ],
            rows: figures.differences.map { difference in
                let detectable = [
                    difference.detectableFall.map { "-" + Figures.percent($0) },
                    difference.detectableRise.map { "+" + Figures.percent($0) },
                ].compactMap { $0 }
                return [
                    "\(difference.firstName) - \(difference.secondName)", "\(difference.day)",
                    "\(difference.first.count)/\(difference.first.of)",
                    "\(difference.second.count)/\(difference.second.of)",
                    Figures.percent(difference.difference),
                    Figures.interval(difference.lower, difference.upper),
                    detectable.isEmpty ? Figures.none : detectable.joined(separator: ", "),
                ]
            })
    }

    private static func followUp(_ figures: RecidivismFigures) -> Table {
        var rows = figures.followUp.map { follow in
            ["known on the \(follow.clock.rawValue) clock"] + Figures.cells(follow.known) + [
                follow.shortestDays.map(String.init) ?? Figures.none,
                Figures.number(follow.medianDays, decimals: 0),
                follow.longestDays.map(String.init) ?? Figures.none,
            ]
        }
        rows.append(["left out, not followed", "", "\(figures.withoutFollowUp)", "", "", "", ""])
        return Table(
            header: [
                "following", "share", "n/N", "95 % interval", "shortest", "median", "longest",
            ],
            rows: rows)
    }
}
