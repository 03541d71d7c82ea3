import Foundation
import Statistics
import Testing

@Suite("Reliable change")
struct ReliableChangeTests {
    @Test("the example of Jacobson & Truax: 3.1623")
    func example() throws {
        let scale = try ReliableChange(
            standardDeviation: 7.5, reliability: 0.8, direction: .higherIsBetter)
        #expect(agrees(scale.standardError, 3.3541, within: 5e-5))
        #expect(agrees(scale.differenceError, 4.7434, within: 5e-5))
        #expect(agrees(scale.index(before: 32.5, after: 47.5), 3.1623, within: 5e-5))
        #expect(scale.outcome(before: 32.5, after: 47.5) == .improved)
    }

    @Test("of thirty couples 19 improve, 10 do not change, 1 gets worse")
    func couples() throws {
        let scale = try Couples.scale()
        #expect(agrees(scale.standardDeviation, 11.8257, within: 5e-5))
        #expect(agrees(scale.standardError, 4.0965, within: 5e-5))
        #expect(agrees(scale.differenceError, 5.7934, within: 5e-5))
        #expect(agrees(scale.criticalDifference, 11.3550, within: 5e-5))
        #expect(try Couples.tally() == [.improved: 19, .unchanged: 10, .deteriorated: 1])
        let first = [1.122, 8.631, 0.086, 2.503, 6.128]
        for (index, expected) in first.enumerated() {
            let found = scale.index(before: Couples.before[index], after: Couples.after[index])
            #expect(agrees(found, expected, within: 5e-4))
        }
    }

    @Test("with a cut-off of 104, 11 of the couples recover")
    func recovered() throws {
        let tally = try Couples.tally(cutOff: 104)
        #expect(tally[.recovered] == 11)
        #expect(tally[.improved] == 8)
        #expect(tally[.deteriorated] == 1)
    }

    @Test("a change of exactly 1.96 does not count, and a hair more does")
    func strict() throws {
        // √2·SD·√(1 − ½) is SD, up to rounding that the index must not cross.
        let scale = try ReliableChange(
            standardDeviation: 1, reliability: 0.5, direction: .higherIsBetter)
        let exact = ReliableChange.criticalIndex * scale.differenceError
        let index = try #require(scale.index(before: 0, after: exact))
        #expect(index == ReliableChange.criticalIndex)
        #expect(scale.outcome(before: 0, after: exact) == .unchanged)
        #expect(scale.outcome(before: exact, after: 0) == .unchanged)
        #expect(scale.outcome(before: 0, after: 1.9601) == .improved)
        #expect(scale.outcome(before: 1.9601, after: 0) == .deteriorated)
    }

    @Test("where lower is better, a fall is an improvement")
    func direction() throws {
        let scale = try ReliableChange(
            standardDeviation: 5, reliability: 0.9, direction: .lowerIsBetter, cutOff: 10)
        #expect(scale.outcome(before: 20, after: 13) == .improved)
        #expect(scale.outcome(before: 20, after: 8) == .recovered)
        #expect(scale.outcome(before: 20, after: 10) == .improved)
        #expect(scale.outcome(before: 13, after: 20) == .deteriorated)
        #expect(scale.outcome(before: 8, after: 20) == .harmed)
        #expect(scale.outcome(before: 9, after: 11) == .unchanged)
    }

    @Test("the social domain needs 23.5 points")
    func socialDomain() throws {
        let scale = try ReliableChange(
            standardDeviation: 15, reliability: 0.68, direction: .higherIsBetter)
        #expect(agrees(scale.criticalDifference, 23.5, within: 0.05))
    }

    @Test("scales that cannot tell change are refused, also when received")
    func refused() throws {
        typealias Refusal = ReliableChange.Refusal
        for deviation in [0, -1, Double.infinity] {
            #expect(throws: Refusal.standardDeviation(deviation)) {
                try ReliableChange(
                    standardDeviation: deviation, reliability: 0.8, direction: .higherIsBetter)
            }
        }
        for reliability in [1, 1.2, -0.1, Double.infinity] {
            #expect(throws: Refusal.reliability(reliability)) {
                try ReliableChange(
                    standardDeviation: 7, reliability: reliability, direction: .higherIsBetter)
            }
        }
        #expect(throws: Refusal.cutOff(.infinity)) {
            try ReliableChange(
                standardDeviation: 7, reliability: 0.8, direction: .lowerIsBetter,
                cutOff: .infinity)
        }
        #expect(throws: Refusal.self) {
            try ReliableChange(
                standardDeviation: .nan, reliability: .nan, direction: .lowerIsBetter)
        }
        let text = #"{"standardDeviation":7,"reliability":1,"direction":"lowerIsBetter"}"#
        #expect(throws: Refusal.reliability(1)) {
            try JSONDecoder().decode(ReliableChange.self, from: Data(text.utf8))
        }
        let scale = try Couples.scale(cutOff: 104)
        let data = try JSONEncoder().encode(scale)
        #expect(try JSONDecoder().decode(ReliableChange.self, from: data) == scale)
    }

    @Test("scores that are no numbers have no outcome")
    func scores() throws {
        let scale = try Couples.scale()
        for (before, after) in [
            (Double.nan, 1), (1, Double.nan), (1, .infinity), (-.infinity, .infinity),
            (-.greatestFiniteMagnitude, .greatestFiniteMagnitude),
        ] {
            #expect(scale.index(before: before, after: after) == nil)
            #expect(scale.outcome(before: before, after: after) == nil)
        }
    }

    @Test("cut-off c lies as many deviations from one mean as from the other")
    func norms() {
        let norms = Norms(
            clinicalMean: 40, clinicalDeviation: 7.5, functionalMean: 60, functionalDeviation: 7.5)
        #expect(norms.cutOff == 50)
        let uneven = Norms(
            clinicalMean: 40, clinicalDeviation: 5, functionalMean: 60, functionalDeviation: 15)
        #expect(uneven.cutOff == 45)
        for deviation in [-1, 0, Double.nan, .infinity] {
            let bad = Norms(
                clinicalMean: 40, clinicalDeviation: deviation, functionalMean: 60,
                functionalDeviation: 0)
            #expect(bad.cutOff == nil)
        }
    }
}
