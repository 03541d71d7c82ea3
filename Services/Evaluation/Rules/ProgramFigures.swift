import EvaluationAPI
import Statistics
import Vocabulary

// Figures on the time in the program.

extension Effectiveness {
    static func exitFigures(_ scope: EffectivenessScope) -> ExitFigures {
        let stays = scope.enrollments
        let exits = stays.compactMap(\.exit)
        func number(_ group: ExitGroup) -> Int { exits.count { $0.group == group } }
        let successful = number(.successful)
        let decided = successful + number(.unsuccessful)
        let planned = stays.map(\.plannedDays).filter { $0 > 0 }.max()
        return ExitFigures(
            open: stays.count - exits.count,
            byClass: ExitGroup.allCases.map {
                ClassRate(exitGroup: $0, rate: Rate(number($0), of: stays.count))
            },
            byStatus: Set(exits.map(\.status)).sorted().map { status in
                StatusRate(
                    status: status,
                    rate: Rate(exits.count { $0.status == status }, of: stays.count))
            },
            completionOfDecided: Rate(successful, of: decided),
            completionOfAll: Rate(successful, of: exits.count), plannedDays: planned,
            incidence: planned.map { exitIncidence(stays, at: $0, scope.asOf) } ?? [],
            retention: planned.flatMap { retention(stays, at: $0, scope.asOf) },
            retentionByTimeLeft: planned.map { byTimeLeft(stays, at: $0, scope.asOf) } ?? [])
    }

    /// Days in the program, to the class of exit; still enrolled is followed up to the report.
    private static func stayTable(_ stays: [EnrollmentFact], _ asOf: Day) -> RiskTable {
        RiskTable(
            stays.compactMap { stay in
                let end = stay.exit?.day ?? asOf
                return try? Observation(
                    days: end.days(since: stay.admittedOn), cause: stay.exit?.group.rawValue)
            })
    }

    private static func exitIncidence(
        _ stays: [EnrollmentFact], at day: Int, _ asOf: Day
    ) -> [IncidencePoint] {
        let curve = CumulativeIncidence(stayTable(stays, asOf))
        guard curve.count > 0 else { return [] }
        return ExitGroup.allCases.map { IncidencePoint(curve, of: $0.rawValue, at: day) }
    }

    private static func retention(
        _ stays: [EnrollmentFact], at day: Int, _ asOf: Day
    ) -> SurvivalPoint? {
        let table = stayTable(stays, asOf)
        guard table.count > 0 else { return nil }
        let curve = SurvivalCurve(table.censoring(allBut: [ExitGroup.unsuccessful.rawValue]))
        return SurvivalPoint(curve, at: day, on: .log)
    }

    private static func byTimeLeft(
        _ stays: [EnrollmentFact], at day: Int, _ asOf: Day
    ) -> [NamedSurvival] {
        let strata = Dictionary(grouping: stays) { stay in
            guard let left = stay.daysLeftAtEntry else { return "time left not recorded" }
            return left >= stay.plannedDays ? "time left covers it" : "time left too short"
        }
        return strata.sorted { $0.key < $1.key }.compactMap { name, stays in
            retention(stays, at: day, asOf).map {
                NamedSurvival(name: name, count: stays.count, point: $0)
            }
        }
    }

    static func attendanceFigures(_ scope: EffectivenessScope) -> AttendanceFigures {
        let holds = Dictionary(
            scope.enrollments.map { ($0.id, $0.holds) }, uniquingKeysWith: { $0 + $1 })
        let marks = scope.attendance.map { fact in
            (type: fact.type, mark: fact.mark(under: holds[fact.enrollment] ?? []))
        }
        func attended(_ marks: [AttendanceFact.Mark]) -> Rate {
            Rate(
                marks.count { $0 == .attended },
                of: marks.count { $0 == .attended || $0 == .missed })
        }
        func number(_ mark: AttendanceFact.Mark) -> Int { marks.count { $0.mark == mark } }
        return AttendanceFigures(
            attended: attended(marks.map(\.mark)), missed: number(.missed),
            excused: number(.excused), cancelled: number(.cancelled),
            byType: Dictionary(grouping: marks, by: \.type).sorted { $0.key < $1.key }.map {
                TypeRate(type: $0.key, attended: attended($0.value.map(\.mark)))
            })
    }

    static func urineFigures(_ scope: EffectivenessScope) -> UrineFigures {
        let all = UrineCount(scope.urine)
        let points = Dictionary(grouping: scope.urine, by: \.point).sorted { $0.key < $1.key }
        return UrineFigures(
            ofValid: all.ofValid, refused: all.refused, missed: all.missed,
            invalid: all.invalid, worstCase: all.worstCase,
            byPoint: points.map { point, facts in
                let own = UrineCount(facts)
                return UrinePoint(
                    point: point, ofValid: own.ofValid, refused: own.refused,
                    missed: own.missed, invalid: own.invalid, worstCase: own.worstCase)
            })
    }

    private struct UrineCount {
        let ofValid: Rate
        let refused: Int
        let missed: Int
        let invalid: Int
        let worstCase: Rate

        init(_ facts: [UrineFact]) {
            func number(_ result: UrineFact.Result) -> Int { facts.count { $0.result == result } }
            let positive = number(.positive)
            let valid = positive + number(.negative)
            refused = number(.refused)
            missed = number(.missed)
            invalid = number(.invalid)
            ofValid = Rate(positive, of: valid)
            worstCase = Rate(positive + refused + missed, of: valid + refused + missed)
        }
    }

    static func qualityFigures(_ scope: EffectivenessScope) -> [QualityFigures] {
        let imported = Dictionary(
            scope.imported.map { ($0.enrollment, $0) }, uniquingKeysWith: { one, _ in one })
        let stays = Set(scope.scores.map(\.enrollment)).union(imported.keys)
        return QualityDomain.allCases.flatMap { domain in
            let own = Dictionary(
                grouping: scope.scores.filter { $0.scale == domain.scaleCode }, by: \.enrollment)
            func score(_ stay: EnrollmentID, _ occasion: ScoreFact.Occasion) -> Double? {
                own[stay]?.filter { $0.occasion == occasion }.last(by: \.day)?.value
            }
            let starts = Dictionary(
                stays.compactMap { stay in
                    (score(stay, .start) ?? imported[stay]?.baseline?[domain]).map { (stay, $0) }
                }, uniquingKeysWith: { one, _ in one })
            let norm = QualityNorm.of(domain, baselines: Array(starts.values))
            let points: [(String, (EnrollmentID) -> Double?)] = [
                ("M3", { score($0, .month3) }),
                (
                    "M6",
                    {
                        score($0, .month6) ?? score($0, .exit) ?? imported[$0]?.exit?[domain]
                    }
                ),
            ]
            return points.map { name, later in
                let pairs = starts.compactMap { stay, before in
                    later(stay).map { (before: before, after: $0) }
                }
                return QualityFigures(
                    domain, at: name, pairs, baselines: starts.count, norm: norm)
            }
        }
    }
}

extension QualityFigures {
    fileprivate init(
        _ domain: QualityDomain, at point: String, _ pairs: [(before: Double, after: Double)],
        baselines: Int, norm: QualityNorm
    ) {
        let rule = norm.change
        let classes = pairs.compactMap { pair in
            rule?.outcome(before: pair.before, after: pair.after).map(ChangeClass.init)
        }
        self.init(
            domain: domain, point: point, pairs: pairs.count, baselines: baselines,
            meanDifference: Sample(pairs.map { $0.after - $0.before })?.mean,
            improved: Rate(pairs.count { $0.after > $0.before }, of: pairs.count),
            reliablyImproved: Rate(classes.count { $0 == .improved }, of: classes.count),
            reliablyDeteriorated: Rate(classes.count { $0 == .deteriorated }, of: classes.count),
            standardDeviation: norm.standardDeviation, reliability: norm.reliability,
            criticalDifference: rule?.criticalDifference, ownDeviation: norm.ownDeviation)
    }
}
