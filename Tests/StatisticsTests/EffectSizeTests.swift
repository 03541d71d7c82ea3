import Statistics
import Testing

@Suite("Samples and effect sizes")
struct EffectSizeTests {
    @Test("the effect on the thirty couples is 1.3924 of the deviation before")
    func couples() throws {
        let effect = try #require(EffectSize(before: Couples.before, after: Couples.after))
        #expect(effect.count == 30)
        // The guide cuts 1.39245 to 1.3924.
        #expect(agrees(effect.baseline, 1.392452083387487, within: 1e-12))
        #expect(agrees(effect.average, 1.060058238960439, within: 1e-12))
        #expect(agrees(effect.meanChange, 16.4667, within: 5e-5))
        #expect(agrees(EffectSize.correction(29), 0.9739130434782609, within: 1e-12))
        #expect(agrees(effect.baselineCorrected, 1.3561, within: 5e-5))
        #expect(agrees(effect.averageCorrected, 1.0324, within: 5e-5))
    }

    @Test("the order of the pairs makes no difference", arguments: 1...10)
    func order(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let pairs = Array(zip(Couples.before, Couples.after)).shuffled(using: &generator)
        let shuffled = EffectSize(before: pairs.map(\.0), after: pairs.map(\.1))
        #expect(shuffled == EffectSize(before: Couples.before, after: Couples.after))
    }

    @Test("what cannot be measured has no effect size")
    func edges() {
        #expect(EffectSize(before: [], after: []) == nil)
        #expect(EffectSize(before: [1], after: [2]) == nil)
        #expect(EffectSize(before: [1, 2], after: [2]) == nil)
        #expect(EffectSize(before: [1, 1], after: [2, 3]) == nil)
        #expect(EffectSize(before: [1, .nan], after: [2, 3]) == nil)
        #expect(EffectSize(before: [1, 2], after: [2, .infinity]) == nil)
        let huge = Double.greatestFiniteMagnitude
        #expect(EffectSize(before: [huge, huge], after: [1, 2]) == nil)
        #expect(EffectSize.correction(0) == nil)
        #expect(EffectSize.correction(.min) == nil)
    }

    @Test("mean, deviation and median of a sample")
    func sample() throws {
        let sample = try #require(Sample([4, 1, 3, 2]))
        #expect(sample.mean == 2.5)
        #expect(sample.median == 2.5)
        #expect(agrees(sample.standardDeviation, (5.0 / 3).squareRoot(), within: 1e-12))
        #expect(Sample([3, 1, 2])?.median == 2)
        #expect(agrees(Sample(Couples.before)?.mean, 81.5833, within: 5e-5))
        #expect(agrees(Sample(Couples.after)?.mean, 98.05, within: 5e-5))
        let nothing = try #require(Sample([]))
        #expect(nothing.mean == nil)
        #expect(nothing.median == nil)
        #expect(nothing.standardDeviation == nil)
        #expect(Sample([5])?.standardDeviation == nil)
        #expect(Sample([1, .nan]) == nil)
        #expect(Sample([.infinity]) == nil)
        let huge = Double.greatestFiniteMagnitude
        #expect(Sample([huge, huge])?.mean == nil)
        #expect(Sample([huge, huge])?.median == huge)
        #expect(Sample([-huge, huge])?.standardDeviation == nil)
    }
}
