import EvaluationAPI
import Shared
import Testing

@testable import Gateway

@Suite("The report on effectiveness, printed")
struct EffectivenessTests {
    private static func rate(_ count: Int, _ total: Int) -> Rate {
        let isKnown = total > 0
        return Rate(
            count: count, of: total, value: isKnown ? Double(count) / Double(total) : nil,
            lower: isKnown ? 0.25 : nil, upper: isKnown ? 0.75 : nil)
    }

    private static func point(_ day: Int, atRisk: Int, known: Bool = true) -> SurvivalPoint {
        SurvivalPoint(
            day: day, atRisk: atRisk, events: 66, survival: known ? 0.6944 : nil,
            standardError: known ? 0.0314 : nil, lower: known ? 0.6356 : nil,
            upper: known ? 0.7588 : nil, failure: known ? 0.3056 : nil,
            failureLower: known ? 0.2412 : nil, failureUpper: known ? 0.3644 : nil)
    }

    private let report = EffectivenessReport(
        asOf: day("2026-04-15"),
        sources: [
            SourceAge(service: .registry, position: 812, heardAt: time("2026-04-15T01:30:00Z")),
            SourceAge(service: .clinical),
        ], enrollments: 20, participants: 19, imported: 3,
        exits: ExitFigures(
            open: 4, byClass: [ClassRate(exitGroup: .successful, rate: rate(9, 20))],
            byStatus: [StatusRate(status: "SELESAI", rate: rate(9, 20))],
            completionOfDecided: rate(9, 12), completionOfAll: rate(9, 16), plannedDays: 180,
            incidence: [
                IncidencePoint(
                    cause: "successful", day: 180, atRisk: 5, events: 9, of: 20, value: 0.45,
                    standardError: 0.1, lower: 0.2, upper: 0.7)
            ], retention: point(180, atRisk: 5),
            retentionByTimeLeft: [
                NamedSurvival(name: "time-left", count: 12, point: point(180, atRisk: 4))
            ]),
        attendance: AttendanceFigures(
            attended: rate(30, 40), missed: 10, excused: 7, cancelled: 2,
            byType: [TypeRate(type: "social", attended: rate(30, 40))]),
        urine: UrineFigures(
            ofValid: rate(1, 10), refused: 2, missed: 1, invalid: 1, worstCase: rate(4, 13),
            byPoint: [
                UrinePoint(
                    point: "end", ofValid: rate(0, 0), refused: 0, missed: 0, invalid: 0,
                    worstCase: rate(0, 0))
            ]),
        quality: [
            QualityFigures(
                domain: .physical, point: "M3", pairs: 8, baselines: 10, meanDifference: -2.25,
                improved: rate(3, 8), reliablyImproved: rate(1, 8),
                reliablyDeteriorated: rate(2, 8), standardDeviation: 14.5, reliability: 0.8,
                criticalDifference: 17.97, ownDeviation: false)
        ],
        recidivism: RecidivismFigures(
            outcome: .anyReturn, index: .release, clock: .register, bounds: .log,
            groups: [
                OutcomeGroup(
                    name: "no aid", count: 216, events: 66,
                    points: [point(364, atRisk: 150), point(730, atRisk: 0, known: false)],
                    incidence: [
                        IncidencePoint(
                            cause: "re-arrest", day: 364, atRisk: 150, events: 66, of: 216,
                            value: 0.3056, standardError: 0.03, lower: 0.24, upper: 0.36)
                    ], median: nil)
            ], logRank: TestFigure(chiSquare: 3.8376, degreesOfFreedom: 1, p: 0.0501),
            grayByKind: [
                NamedTest(
                    name: "re-arrest",
                    test: TestFigure(chiSquare: 20, degreesOfFreedom: 1, p: 0.000_01))
            ],
            differences: [
                GroupDifference(
                    day: 364, firstName: "aid", secondName: "no aid", first: rate(48, 216),
                    second: rate(66, 216), difference: -0.0833, lower: -0.1651, upper: -0.0004,
                    detectableFall: 0.1013, detectableRise: nil)
            ],
            followUp: [
                FollowUpFigures(
                    clock: .register, known: rate(19, 20), shortestDays: 7, medianDays: 364,
                    longestDays: 364)
            ], withoutFollowUp: 1, withoutIndex: 0), warnings: [.smallNumbers])

    @Test("has a section for each question, and every figure with its counts and bounds")
    func golden() {
        #expect(EffectivenessText.text(report, width: nil) == Self.golden)
    }

    @Test("has a dash, never zero, for what is not known")
    func unknown() {
        let lines = EffectivenessText.text(report, width: nil).split(separator: "\n")
        let late = lines.first { $0.hasPrefix("no aid") && $0.contains("730") }
        #expect(late?.contains("%") == false)
        let empty = lines.first { $0.hasPrefix("end: positive of valid") }
        #expect(empty?.contains("0/0") == true)
        #expect(empty?.contains("%") == false)
    }

    @Test("is a row for each figure in CSV, with what is unknown left empty")
    func csv() {
        let rows = EffectivenessRows.table(report).csv.split(separator: "\n").map(String.init)
        #expect(rows.first == "section,group,measure,value,n,N,low,high")
        #expect(rows.contains("recidivism,no aid,survival at day 364,0.6944,66,216,0.6356,0.7588"))
        #expect(rows.contains("recidivism,no aid,survival at day 730,,66,216,,"))
        #expect(rows.contains("recidivism,no aid,at-risk at day 364,,150,216,,"))
        #expect(rows.contains("urine,all,worst-case,\(4.0 / 13.0),4,13,0.25,0.75"))
        #expect(rows.contains("quality,physical M3,mean-difference,-2.25,8,10,,"))
        #expect(rows.contains("tests,log-rank,p,0.0501,,,,"))
        #expect(rows.contains("warnings,all,small-numbers,,,,,"))
        for row in rows { #expect(row.count { $0 == "," } == 7, "\(row)") }
    }

    @Test("fits into a hundred columns")
    func narrow() {
        let text = EffectivenessText.text(report, width: 100)
        for line in text.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    }

    private static let golden = """
        Effectiveness as of 2026-04-15: 19 people, 20 enrollments, 3 imported
        Sources: registry to position 812, last change heard 2026-04-15T01:30Z; clinical never heard

        Completion and exits
        exit                                             share   n/N   95 % interval
        completed, of successful and unsuccessful exits  75.0 %  9/12  25.0 to 75.0 %
        completed, of all exits                          56.2 %  9/16  25.0 to 75.0 %
        successful, of all enrollments                   45.0 %  9/20  25.0 to 75.0 %
          SELESAI                                        45.0 %  9/20  25.0 to 75.0 %
        still enrolled                                           4

        At the planned end
        what                        day  at risk  events  share   95 % interval
        exit: successful            180  5        9/20    45.0 %  20.0 to 70.0 %
        retained                    180  5        66      69.4 %  63.6 to 75.9 %
        retained, time-left (N 12)  180  4        66      69.4 %  63.6 to 75.9 %

        Attendance
        sessions                      share   n/N    95 % interval
        attended                      75.0 %  30/40  25.0 to 75.0 %
          social                      75.0 %  30/40  25.0 to 75.0 %
        missed                                10
        excused, in no denominator            7
        cancelled, in no denominator          2

        Urine screens (presumptive)
        screens                              share   n/N   95 % interval
        all: positive of valid               10.0 %  1/10  25.0 to 75.0 %
        all: refused and missed as positive  30.8 %  4/13  25.0 to 75.0 %
        all: without a result                        4     refused 2, missed 1, invalid 1
        end: positive of valid               -       0/0   -
        end: refused and missed as positive  -       0/0   -
        end: without a result                        0     refused 0, missed 0, invalid 0

        Quality of life, change since the start (M0)
        domain                                  value   n/N   95 % interval
        physical, M3-M0: mean change in points  -2.2    8/10  SD 14.5 (assumed), r 0.80, critical 18.0
          improved at all                       37.5 %  3/8   25.0 to 75.0 %
          reliably improved                     12.5 %  1/8   25.0 to 75.0 %
          reliably deteriorated                 25.0 %  2/8   25.0 to 75.0 %

        After release: any-return, followed on the register clock
        group   people  events  median days
        no aid  216     66      -

        Free of it (Kaplan-Meier, Greenwood's error, log bounds)
        group   day  at risk  n/N     free    SE      95 % interval   had it
        no aid  364  150      66/216  69.4 %  0.0314  63.6 to 75.9 %  30.6 %
        no aid  730  0        66/216  -       -       -               -

        Cumulative incidence by kind, each competing (Aalen-Johansen)
        group   kind       day  at risk  n/N     incidence  95 % interval
        no aid  re-arrest  364  150      66/216  30.6 %     24.0 to 36.0 %

        Do the groups differ?
        log-rank: chi-square 3.8376, df 1, p 0.0501
        Gray, re-arrest: chi-square 20.0000, df 1, p <0.0001

        Differences, of people whose state on the day is known
        groups        day  first   second  difference  95 % interval    detectable
        aid - no aid  364  48/216  66/216  -8.3 %      -16.5 to -0.0 %  -10.1 %

        Following
        following                    share   n/N    95 % interval   shortest  median  longest
        known on the register clock  95.0 %  19/20  25.0 to 75.0 %  7         364     364
        left out, not followed               1

        Bear in mind
        - fewer than 30 people: the intervals matter more than the figures [small-numbers]
        """
}

@Suite("Completion in a shell")
struct CompletionTests {
    @Test("knows the commands", arguments: CompletionCommand.Shell.allCases)
    func script(shell: CompletionCommand.Shell) {
        let script = shell.script
        for word in ["dossier", "caseload", "effectiveness", "require-complete"] {
            #expect(script.contains(word))
        }
    }
}
