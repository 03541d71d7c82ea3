import Foundation
import Statistics
import Testing

@Suite("Cumulative incidence")
struct CumulativeIncidenceTests {
    @Test("with deaths, the incidence of arrest is .3000 where 1 − KM says .3905")
    func released() throws {
        let table = try Cohorts.table(Cohorts.released)
        let risks = CumulativeIncidence(table)
        #expect(agrees(risks.incidence(of: "arrest", at: 365), 0.3, within: 1e-12))
        #expect(agrees(risks.incidence(of: "death", at: 365), 0.3, within: 1e-12))
        #expect(agrees(risks.free(at: 365), 0.4, within: 1e-12))
        let overstated = SurvivalCurve(table.censoring(allBut: ["arrest"]))
        #expect(agrees(overstated.failure(at: 365), 0.3905, within: 5e-5))
        #expect(risks.incidence(of: "arrest", at: 59) == 0)
        #expect(agrees(risks.incidence(of: "arrest", at: 60), 0.1, within: 1e-12))
        // Everybody was followed to the end, so the variance is the binomial one.
        let error = (0.3 * 0.7 / 10).squareRoot()
        #expect(agrees(risks.standardError(of: "arrest", at: 365), error, within: 1e-12))
    }

    @Test("the ten who enrolled left by .20, .20 and .60")
    func enrolled() throws {
        let people = Cohorts.enrolled.map { time, cause in
            (time, cause == "withdrawn" || cause == "expelled" ? "unsuccessful" : cause)
        }
        let exits = CumulativeIncidence(try Cohorts.table(people))
        #expect(agrees(exits.incidence(of: "unsuccessful", at: 180), 0.2, within: 1e-12))
        #expect(agrees(exits.incidence(of: "released", at: 180), 0.2, within: 1e-12))
        #expect(agrees(exits.incidence(of: "completed", at: 180), 0.6, within: 1e-12))
        #expect(exits.free(at: 180) == 0)
        #expect(agrees(exits.incidence(of: "completed", at: 400), 0.6, within: 1e-12))
    }

    /// 100 people of R's `cmprsk` test, R 1.2.1, `set.seed(2)`; its times 1, 2, 3 are these ranks.
    @Test(
        "the recorded output of R's cmprsk comes out",
        arguments: [
            (58.0, 0.2352861, 0.2567862, 0.0020293642258659827),
            (87.0, 0.3287068, 0.3931580, 0.0028689666554469035),
            (96.0, 0.4247898, 0.4631781, 0.00385358185100102),
        ])
    func recorded(time: Double, first: Double, second: Double, variance: Double) throws {
        let risks = CumulativeIncidence(try RecordedCohort.table { _ in true })
        #expect(agrees(risks.incidence(of: "1", at: time), first, within: 5e-8))
        #expect(agrees(risks.incidence(of: "2", at: time), second, within: 5e-8))
        // The variance is the infinitesimal jackknife, computed apart from these formulas.
        let error = risks.standardError(of: "1", at: time)
        #expect(agrees(error.map { $0 * $0 }, variance, within: 1e-9))
    }

    @Test("all causes and the free share add up to 1 at every time")
    func adding() throws {
        let risks = CumulativeIncidence(try RecordedCohort.table { _ in true })
        for step in risks.steps {
            #expect(agrees(step.incidence.reduce(step.free, +), 1, within: 1e-12))
        }
    }

    @Test("one cause alone is 1 − Kaplan–Meier, with Greenwood's error")
    func oneCause() throws {
        let people = try Cohorts.signed(Cohorts.mercaptopurine)
        let curve = SurvivalCurve(people)
        let risks = CumulativeIncidence(people)
        let cause = Observation.onlyCause
        for time in [5.0, 6, 10, 22, 23, 35] {
            let failure = try #require(curve.failure(at: time))
            let error = try #require(curve.standardError(at: time))
            #expect(agrees(risks.incidence(of: cause, at: time), failure, within: 1e-12))
            #expect(agrees(risks.standardError(of: cause, at: time), error, within: 1e-9))
            #expect(risks.atRisk(at: time) == curve.atRisk(at: time))
        }
    }

    @Test("bounds hold the incidence and stay within 0 to 1", arguments: BoundsScale.allCases)
    func bounds(scale: BoundsScale) throws {
        let risks = CumulativeIncidence(try Cohorts.table(Cohorts.released))
        let bounds = try #require(risks.bounds(of: "arrest", at: 365, on: scale))
        #expect(bounds.contains(0.3))
        #expect(bounds.lower >= 0 && bounds.upper <= 1 && bounds.lower < bounds.upper)
        #expect(risks.bounds(of: "arrest", at: 10, on: scale) == Interval(lower: 0, upper: 0))
        #expect(risks.bounds(of: "arrest", at: 366, on: scale) == nil)
    }

    @Test("the log-log interval of .3 with error .1449 is .0711 to .5779")
    func logLog() throws {
        let risks = CumulativeIncidence(try Cohorts.table(Cohorts.released))
        let bounds = try #require(risks.bounds(of: "arrest", at: 365))
        #expect(agrees(bounds.lower, 0.0711, within: 5e-5))
        #expect(agrees(bounds.upper, 0.5779, within: 5e-5))
    }

    @Test("nobody, an unheard cause, and times that are not known do not trap")
    func edges() throws {
        let nobody = CumulativeIncidence([])
        #expect(nobody.incidence(of: "arrest", at: 1) == nil)
        #expect(nobody.standardError(of: "arrest", at: 1) == nil)
        let risks = CumulativeIncidence(try Cohorts.table(Cohorts.released))
        #expect(risks.incidence(of: "unheard", at: 365) == 0)
        #expect(risks.standardError(of: "unheard", at: 365) == 0)
        for time in [-1, 366, Double.nan, .infinity] {
            #expect(risks.incidence(of: "arrest", at: time) == nil)
            #expect(risks.free(at: time) == nil)
        }
        let atOnce = CumulativeIncidence(try Cohorts.table([(3, "a"), (3, "b"), (3, "a")]))
        #expect(agrees(atOnce.incidence(of: "a", at: 3), 2.0 / 3, within: 1e-12))
        let error = (2.0 / 27).squareRoot()
        #expect(agrees(atOnce.standardError(of: "a", at: 3), error, within: 1e-12))
    }

    @Test("the order of the records makes no difference", arguments: 1...10)
    func order(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let people = try Cohorts.causes(Cohorts.released + Cohorts.enrolled)
        #expect(
            CumulativeIncidence(people.shuffled(using: &generator)) == CumulativeIncidence(people))
    }

    @Test("an estimate is sent as its counts, and comes back the same")
    func coding() throws {
        let risks = CumulativeIncidence(try Cohorts.table(Cohorts.released))
        let data = try JSONEncoder().encode(risks)
        #expect(try JSONDecoder().decode(CumulativeIncidence.self, from: data) == risks)
    }
}
