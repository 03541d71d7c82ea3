/// How large the change of one group was, in standard deviations.
///
/// Scores change between two measurements without any treatment too, so this says nothing about
/// what caused the change; a comparison group does. Positive means that scores rose, whichever
/// direction is better.
package struct EffectSize: Codable, Hashable, Sendable {
    /// Pairs of scores that went in.
    package let count: Int
    /// Mean after minus mean before, in points.
    package let meanChange: Double
    /// The change over the mean of both standard deviations: d_av (Cumming 2012).
    package let average: Double
    /// The change over the standard deviation before: d_pre, Glass's delta.
    package let baseline: Double

    /// The effect of one change on a group that was measured twice.
    ///
    /// Nil for fewer than two pairs, lists of different length, a number that is not finite, or
    /// scores before that are all alike, because there is nothing to measure the change by.
    package init?(before: [Double], after: [Double]) {
        guard before.count == after.count, let first = Sample(before), let second = Sample(after),
            let meanBefore = first.mean, let meanAfter = second.mean,
            let spreadBefore = first.standardDeviation, let spreadAfter = second.standardDeviation,
            spreadBefore > 0
        else { return nil }
        let change = meanAfter - meanBefore
        let average = change / (spreadBefore / 2 + spreadAfter / 2)
        let baseline = change / spreadBefore
        guard average.isFinite, baseline.isFinite else { return nil }
        count = before.count
        meanChange = change
        self.average = average
        self.baseline = baseline
    }

    /// The average effect, corrected for the upward bias of small groups (Hedges's g); df = n − 1.
    package var averageCorrected: Double? { Self.correction(count - 1).map { average * $0 } }

    /// The baseline effect, corrected for the upward bias of small groups; df = n − 1.
    package var baselineCorrected: Double? { Self.correction(count - 1).map { baseline * $0 } }

    /// The factor of Hedges (1981) for an effect with these degrees of freedom: 1 − 3/(4·df − 1).
    ///
    /// Nil for fewer than one.
    package static func correction(_ degreesOfFreedom: Int) -> Double? {
        guard degreesOfFreedom >= 1 else { return nil }
        return 1 - 3 / (4 * Double(degreesOfFreedom) - 1)
    }
}
