import EvaluationAPI
import EvaluationRules
import Foundation
import Testing
import Vocabulary

@Suite("The effectiveness report")
struct EffectivenessTests {
    private func report(
        _ facts: EffectivenessFacts, _ request: ReportEffectiveness = ReportEffectiveness()
    ) -> EffectivenessReport {
        Effectiveness.report(facts, request, on: today)
    }

    private func isNear(_ value: Double?, _ golden: Double, within error: Double = 5e-5) -> Bool {
        value.map { abs($0 - golden) <= error } ?? false
    }

    /// 432 released prisoners, followed for 52 weeks (Rossi, Berk & Lenihan 1980).
    private func rossi() throws -> EffectivenessFacts {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "IntegrationTests/Fixtures/rossi.csv")
        let rows = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
        var facts = EffectivenessFacts()
        facts.imported = try rows.dropFirst().enumerated().map { number, row in
            let fields = row.split(separator: ",").map(String.init)
            let week = try #require(Int(fields[0]))
            let released = day(-400 - number)
            let end = released.adding(days: week * 7)
            return CohortEntry(
                participant: id(number), enrollment: id(number), cohort: "rossi",
                releasedOn: released, followedUntil: end,
                firstEvent: fields[1] == "1" ? CohortEvent(kind: .reArrest, day: end) : nil,
                group: fields[2] == "1" ? "aid" : "no aid")
        }
        return facts
    }

    @Test("reproduces the published figures of a cohort of released prisoners")
    func rossiFigures() throws {
        let facts = try rossi()
        let whole = report(facts).recidivism
        #expect(whole.groups.map(\.name) == ["all"])
        #expect(whole.groups.map(\.events) == [114])
        #expect(whole.groups.map(\.count) == [432])

        let figures = report(facts, ReportEffectiveness(grouping: .group)).recidivism
        #expect(figures.groups.map(\.name) == ["aid", "no aid"])
        #expect(figures.groups.map(\.events) == [48, 66])
        #expect(figures.groups.map(\.count) == [216, 216])
        let noAid = try #require(figures.groups.last)
        let half = try #require(noAid.points.first { $0.day == 182 })
        #expect(isNear(half.survival, 0.8519))
        let year = try #require(noAid.points.first { $0.day == 364 })
        #expect(isNear(year.survival, 0.6944))
        #expect(isNear(year.standardError, 0.0313))
        #expect(isNear(year.lower, 0.6357))
        #expect(isNear(year.upper, 0.7587))
        #expect(isNear(year.failure, 0.3056))
        let test = try #require(figures.logRank)
        #expect(isNear(test.chiSquare, 3.8376))
        #expect(isNear(test.p, 0.0501))
        #expect(test.degreesOfFreedom == 1)
        let beyond = try #require(noAid.points.first { $0.day == 365 })
        #expect(beyond.survival == nil)
        let difference = try #require(figures.differences.first { $0.day == 364 })
        #expect(difference.first.count == 48)
        #expect(difference.second.of == 216)
        #expect(isNear(difference.difference, 48.0 / 216 - 66.0 / 216))
        #expect(difference.detectableFall != nil)
        // Beyond the end only those who were arrested are known, all of them with the event.
        #expect(!figures.differences.contains { $0.day > 364 })
    }

    @Test("reads the other bounds where they are asked for, around the same curve")
    func logLog() throws {
        let facts = try rossi()
        func year(_ form: BoundsForm) throws -> SurvivalPoint {
            let figures = report(
                facts, ReportEffectiveness(grouping: .group, horizons: [364], bounds: form))
            return try #require(figures.recidivism.groups.last?.points.first)
        }
        let (log, logLog) = try (year(.log), year(.logLog))
        #expect(log.survival == logLog.survival)
        #expect(log.lower != logLog.lower)
    }

    @Test("lets deaths compete instead of censoring them: .3000, not .3905")
    func competingRisks() throws {
        var facts = EffectivenessFacts()
        let released = day(-365)
        let events: [(Int, OutcomeKind)?] = [
            (30, .death), (60, .reArrest), (90, .death), (120, .reArrest), (150, .death),
            (180, .reArrest), nil, nil, nil, nil,
        ]
        facts.imported = events.enumerated().map { number, event in
            CohortEntry(
                participant: id(number), enrollment: id(number), cohort: "c",
                releasedOn: released, followedUntil: today,
                firstEvent: event.map {
                    CohortEvent(kind: $0.1, day: released.adding(days: $0.0))
                })
        }
        let result = report(facts, ReportEffectiveness(horizons: [365]))
        let group = try #require(result.recidivism.groups.first)
        let arrests = try #require(group.incidence.first { $0.cause == "re-arrest" })
        #expect(isNear(arrests.value, 0.3))
        #expect(arrests.events == 3)
        #expect(arrests.of == 10)
        #expect(isNear(group.points.first?.failure, 0.3905))
        #expect(result.warnings.contains(Open(.deathsCompete)))
    }

    /// Review 3: ten enrolled for 180 days.
    private func tenStays() -> EffectivenessFacts {
        var facts = EffectivenessFacts()
        let admitted = day(-200)
        let exits: [(Int, String, ExitGroup)] =
            [
                (30, "MUNDUR", .unsuccessful), (60, "BEBAS", .administrative),
                (60, "BEBAS", .administrative), (90, "DIKELUARKAN", .unsuccessful),
            ] + Array(repeating: (180, "SELESAI", .successful), count: 6)
        facts.enrollments = exits.enumerated().map { number, exit in
            stay(
                number, admitted: admitted,
                exit: ExitFact(
                    day: admitted.adding(days: exit.0), status: exit.1, group: exit.2))
        }
        return facts
    }

    @Test("gives the incidence of each exit, then the retention, and both completion rates")
    func exits() throws {
        let exits = report(tenStays()).exits
        func incidence(_ group: ExitGroup) -> Double? {
            exits.incidence.first { $0.cause == group.rawValue }?.value
        }
        #expect(exits.plannedDays == 180)
        #expect(isNear(incidence(.unsuccessful), 0.2))
        #expect(isNear(incidence(.administrative), 0.2))
        #expect(isNear(incidence(.successful), 0.6))
        #expect(isNear(exits.retention?.survival, 0.7714))
        #expect(exits.completionOfDecided.count == 6)
        #expect(exits.completionOfDecided.of == 8)
        #expect(exits.completionOfAll.count == 6)
        #expect(exits.completionOfAll.of == 10)
        #expect(exits.open == 0)
        #expect(exits.byStatus.map(\.status) == ["BEBAS", "DIKELUARKAN", "MUNDUR", "SELESAI"])
    }

    @Test("knows nothing that happened after the day it is frozen at")
    func asOf() {
        let early = report(tenStays(), ReportEffectiveness(asOf: day(-200 + 60)))
        #expect(early.exits.open == 7)
        #expect(early.exits.completionOfDecided.of == 1)
        #expect(early.exits.completionOfDecided.count == 0)
        #expect(report(tenStays(), ReportEffectiveness(asOf: day(-201))).enrollments == 0)
        #expect(report(tenStays(), ReportEffectiveness(asOf: day(99))).asOf == today)
    }

    @Test("is empty and says so where there is nothing, without a single made-up number")
    func empty() throws {
        let result = report(EffectivenessFacts())
        #expect(result.warnings.map(\.known) == [.noData, .sourceNeverHeard])
        #expect(result.participants == 0)
        #expect(result.exits.completionOfAll.value == nil)
        #expect(result.exits.completionOfAll.lower == nil)
        #expect(result.exits.retention == nil)
        #expect(result.recidivism.groups.isEmpty)
        #expect(result.recidivism.logRank == nil)
        #expect(result.quality.count == 8)
        #expect(result.quality.allSatisfy { $0.meanDifference == nil && $0.pairs == 0 })
        // JSON has no NaN: encoding throws where a figure is none.
        #expect(throws: Never.self) { try JSONEncoder().encode(result) }
    }

    @Test("does not depend on the order of the records")
    func order() throws {
        var facts = try rossi()
        let stays = tenStays()
        facts.enrollments = stays.enrollments
        facts.scores = (0..<10).map {
            ScoreFact(
                enrollment: id($0), scale: "whoqol-bref.physical",
                occasion: $0 < 5 ? .start : .month3, day: day(-$0), value: Double($0) * 1.1)
        }
        var turned = facts
        turned.enrollments.reverse()
        turned.imported.reverse()
        turned.scores.reverse()
        let request = ReportEffectiveness(grouping: .group)
        #expect(report(facts, request) == report(turned, request))
    }
}
