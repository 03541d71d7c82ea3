import Foundation
import Statistics
import Testing

@Suite("Survival curves")
struct SurvivalCurveTests {
    struct Row: Sendable {
        let time: Double
        let atRisk: Int
        let events: Int
        let survival: Double
        let error: Double
        let log: Interval
        let logLog: Interval
    }

    private static func row(
        _ time: Double, _ atRisk: Int, _ events: Int, _ survival: Double, _ error: Double,
        _ log: (Double, Double), _ logLog: (Double, Double)
    ) -> Row {
        Row(
            time: time, atRisk: atRisk, events: events, survival: survival, error: error,
            log: Interval(lower: log.0, upper: log.1),
            logLog: Interval(lower: logLog.0, upper: logLog.1))
    }

    /// Freireich, 6-MP, as in Kleinbaum & Klein and in R.
    static let freireich = [
        row(6, 21, 3, 0.8571, 0.0764, (0.7198, 1), (0.6197, 0.9516)),
        row(7, 17, 1, 0.8067, 0.0869, (0.6531, 0.9964), (0.5631, 0.9228)),
        row(10, 15, 1, 0.7529, 0.0963, (0.5859, 0.9676), (0.5032, 0.8894)),
        row(13, 12, 1, 0.6902, 0.1068, (0.5096, 0.9348), (0.4316, 0.8491)),
        row(16, 11, 1, 0.6275, 0.1141, (0.4394, 0.8960), (0.3675, 0.8049)),
        row(22, 7, 1, 0.5378, 0.1282, (0.3370, 0.8582), (0.2678, 0.7468)),
        row(23, 6, 1, 0.4482, 0.1346, (0.2488, 0.8074), (0.1881, 0.6801)),
    ]

    @Test("the Freireich table comes out, row by row", arguments: freireich)
    func freireichRow(row: Row) throws {
        let curve = SurvivalCurve(try Cohorts.signed(Cohorts.mercaptopurine))
        let step = try #require(curve.steps.first { $0.time == row.time })
        #expect(step.atRisk == row.atRisk)
        #expect(step.events == row.events)
        #expect(curve.atRisk(at: row.time) == row.atRisk)
        #expect(agrees(step.survival, row.survival, within: 5e-5))
        #expect(agrees(step.standardError, row.error, within: 5e-5))
        #expect(curve.survival(at: row.time + 0.5) == step.survival)
        let log = try #require(curve.bounds(at: row.time))
        #expect(agrees(log.lower, row.log.lower, within: 5e-5))
        #expect(agrees(log.upper, row.log.upper, within: 5e-5))
        let logLog = try #require(curve.bounds(at: row.time, on: .logLog))
        #expect(agrees(logLog.lower, row.logLog.lower, within: 5e-5))
        #expect(agrees(logLog.upper, row.logLog.upper, within: 5e-5))
        let plain = try #require(curve.bounds(at: row.time, on: .plain))
        #expect(agrees(plain.lower, row.survival - 1.96 * row.error, within: 2e-4))
    }

    @Test("the medians of Freireich are 23 and 8 weeks")
    func medians() throws {
        let treated = SurvivalCurve(try Cohorts.signed(Cohorts.mercaptopurine))
        let untreated = SurvivalCurve(try Cohorts.signed(Cohorts.placebo))
        #expect(treated.median == 23)
        #expect(untreated.median == 8)
        #expect(treated.time(ofFailing: 0.25) == 13)
        #expect(treated.time(ofFailing: 0.9) == nil)
        #expect(treated.time(ofFailing: 0) == nil)
        #expect(treated.time(ofFailing: .nan) == nil)
        #expect((treated.count, treated.events, treated.lastTime ?? 0) == (21, 9, 35))
    }

    @Test("the Rossi prisoners without aid come out as published")
    func rossi() throws {
        let all = try Cohorts.rossi { _ in true }
        let table = try Cohorts.rossi { !$0.hadAid }
        let curve = SurvivalCurve(table)
        #expect(SurvivalCurve(all).events == 114)
        #expect(SurvivalCurve(all).count == 432)
        #expect((curve.events, curve.count) == (66, 216))
        #expect(agrees(curve.survival(at: 52), 0.6944, within: 5e-5))
        #expect(agrees(curve.standardError(at: 52), 0.0313, within: 5e-5))
        #expect(agrees(curve.survival(at: 26), 0.8519, within: 5e-5))
        let bounds = try #require(curve.bounds(at: 52))
        #expect(agrees(bounds.lower, 0.6357, within: 5e-5))
        #expect(agrees(bounds.upper, 0.7587, within: 5e-5))
        let failure = try #require(curve.failureBounds(at: 52))
        #expect(agrees(curve.failure(at: 52), 0.3056, within: 5e-5))
        #expect(agrees(failure.lower, 0.2413, within: 5e-5))
        #expect(agrees(failure.upper, 0.3643, within: 5e-5))
    }

    @Test("the retention of ten who enrolled is .7714 when leaving otherwise is censored")
    func retention() throws {
        let table = try Cohorts.table(Cohorts.enrolled)
        let curve = SurvivalCurve(table.censoring(allBut: ["withdrawn", "expelled"]))
        #expect(agrees(curve.survival(at: 180), 0.7714, within: 5e-5))
        #expect(curve.count == 10)
    }

    @Test("at equal times events come before ends of following")
    func ties() throws {
        let curve = SurvivalCurve(try Cohorts.signed([-5, 5, 5, -9]))
        #expect(curve.steps.map(\.atRisk) == [4, 1])
        #expect(curve.survival(at: 5) == 0.5)
    }

    @Test("a curve that reached 0 stays there, without an error or bounds")
    func nobodyLeft() throws {
        let curve = SurvivalCurve(try Cohorts.signed(Cohorts.placebo))
        #expect(curve.survival(at: 23) == 0)
        #expect(curve.survival(at: 1000) == 0)
        #expect(curve.survival(at: .infinity) == 0)
        #expect(curve.failure(at: 23) == 1)
        #expect(curve.standardError(at: 23) == nil)
        for scale in BoundsScale.allCases { #expect(curve.bounds(at: 23, on: scale) == nil) }
        #expect(curve.atRisk(at: 24) == 0)
    }

    @Test("nothing is said after the last known time, before 0, or of no number")
    func unknown() throws {
        let curve = SurvivalCurve(try Cohorts.signed(Cohorts.mercaptopurine))
        #expect(curve.survival(at: 35) != nil)
        #expect(curve.survival(at: 35.001) == nil)
        #expect(curve.bounds(at: 36) == nil)
        #expect(curve.survival(at: -1) == nil)
        #expect(curve.survival(at: .nan) == nil)
        #expect(curve.survival(at: .infinity) == nil)
        #expect(curve.survival(at: 0) == 1)
        #expect(curve.bounds(at: 1) == Interval(lower: 1, upper: 1))
    }

    @Test("nobody, everybody censored, and everybody at once are curves too")
    func edges() throws {
        let nobody = SurvivalCurve([])
        #expect(nobody.survival(at: 0) == nil)
        #expect((nobody.median, nobody.lastTime) == (nil, nil))
        #expect(nobody.atRisk(at: 0) == 0)
        let censored = SurvivalCurve(try Cohorts.signed([-3, -4, -4]))
        #expect(censored.survival(at: 4) == 1)
        #expect(censored.median == nil)
        let atOnce = SurvivalCurve(try Cohorts.signed([7, 7, 7]))
        #expect(atOnce.survival(at: 6.9) == 1)
        #expect(atOnce.survival(at: 7) == 0)
        #expect(atOnce.median == 7)
        let firstDay = SurvivalCurve(
            [try Observation(days: 0, isEvent: true), try Observation(days: 3, isEvent: false)])
        #expect(firstDay.survival(at: 0) == 0.5)
        let halves = SurvivalCurve(try Cohorts.signed([1, 2, 3, -4, -5, -6]))
        #expect(halves.median == 3)
    }

    @Test("the order of the records makes no difference", arguments: 1...20)
    func order(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let people = try Cohorts.rossi().map(\.observation)
        #expect(
            SurvivalCurve(people.shuffled(using: &generator)) == SurvivalCurve(people))
    }

    @Test("a curve is sent as its counts, and comes back the same")
    func coding() throws {
        let curve = SurvivalCurve(try Cohorts.signed(Cohorts.mercaptopurine))
        let data = try JSONEncoder().encode(curve)
        #expect(try JSONDecoder().decode(SurvivalCurve.self, from: data) == curve)
    }
}
