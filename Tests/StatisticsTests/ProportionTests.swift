import Foundation
import Statistics
import Testing

@Suite("Proportions and their differences")
struct ProportionTests {
    @Test(
        "the Wilson intervals of Newcombe and of our guide",
        arguments: [
            (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
            (1, 29, 0.0061, 0.1718), (7, 30, 0.1179, 0.4093), (114, 432, 0.2245, 0.3074),
            (6, 24, 0.1200, 0.4490),
        ])
    func wilson(numerator: Int, denominator: Int, lower: Double, upper: Double) throws {
        let interval = try #require(Proportion(numerator, of: denominator).wilson())
        #expect(agrees(interval.lower, lower, within: 5e-5))
        #expect(agrees(interval.upper, upper, within: 5e-5))
    }

    @Test("none begins at exactly 0 and all ends at exactly 1")
    func ends() throws {
        #expect(Proportion(0, of: 20).wilson()?.lower == 0)
        #expect(Proportion(20, of: 20).wilson()?.upper == 1)
        #expect(agrees(Proportion(20, of: 20).wilson()?.lower, 0.8389, within: 5e-5))
    }

    @Test("a wider confidence holds a narrower one")
    func confidence() throws {
        let confidence = try #require(Confidence(level: 0.99))
        let wide = try #require(Proportion(7, of: 30).wilson(confidence))
        let usual = try #require(Proportion(7, of: 30).wilson())
        #expect(wide.lower < usual.lower && usual.upper < wide.upper)
    }

    @Test(
        "counts that are no proportion have no value and no interval",
        arguments: [
            (0, 0), (1, 0), (-1, 5), (6, 5), (1, -5), (Int.min, Int.max), (.max, .min),
        ])
    func nonsense(numerator: Int, denominator: Int) {
        let proportion = Proportion(numerator, of: denominator)
        #expect(proportion.value == nil)
        #expect(proportion.wilson() == nil)
        let difference = ProportionDifference(proportion, minus: Proportion(1, of: 2))
        #expect(difference.value == nil)
        #expect(difference.newcombe() == nil)
    }

    @Test("the largest counts do not trap")
    func largest() throws {
        let interval = try #require(Proportion(.max, of: .max).wilson())
        #expect(interval.upper == 1 && interval.lower > 0.999)
    }

    @Test("counting and merging are exact")
    func merging() throws {
        #expect(Proportion(of: [1, 5, 7, 8]) { $0 > 4 } == Proportion(3, of: 4))
        #expect(Proportion(3, of: 4).merged(with: Proportion(0, of: 2)) == Proportion(3, of: 6))
        #expect(Proportion(1, of: .max).merged(with: Proportion(1, of: 1)) == nil)
        let data = try JSONEncoder().encode(Proportion(3, of: 4))
        #expect(try JSONDecoder().decode(Proportion.self, from: data) == Proportion(3, of: 4))
    }

    // Newcombe (1998), table II, method 10; statsmodels gives further digits.
    @Test(
        "Newcombe's intervals of a difference",
        arguments: [
            (56, 70, 48, 80, 0.05243147, 0.33387265), (9, 10, 3, 10, 0.17052272, 0.80901797),
            (10, 10, 0, 10, 0.60750935, 1), (5, 56, 0, 29, -0.03813715, 0.19256001),
            (6, 24, 10, 30, -0.30445490, 0.16056784),
        ])
    func newcombe(a: Int, m: Int, b: Int, n: Int, lower: Double, upper: Double) throws {
        let difference = ProportionDifference(Proportion(a, of: m), minus: Proportion(b, of: n))
        let interval = try #require(difference.newcombe())
        #expect(agrees(interval.lower, lower, within: 1e-8))
        #expect(agrees(interval.upper, upper, within: 1e-8))
        let value = try #require(difference.value)
        #expect(interval.contains(value))
    }
}
