#if canImport(Glibc)
    import Glibc
#else
    import FoundationEssentials
#endif

/// What a comparison of two groups of given sizes is able to show.
///
/// A difference that was not found says little where the groups were too small to show it, so
/// each report prints the smallest difference that its own numbers would have shown. The test
/// meant is the two-sided one of two proportions with pooled variance and no continuity
/// correction (Fleiss, Levin & Paik 2003, chapter 4); its normal approximation is rough where
/// fewer than about five events are expected in a group.
package struct TwoArmComparison: Codable, Hashable, Sendable {
    /// People in the first group.
    package let first: Int
    /// People in the second group.
    package let second: Int
    /// The share of comparisons without any difference that report one; 0.05 as a rule.
    package let significance: Double
    /// The share of real differences that are found; 0.8 as a rule.
    package let power: Double

    /// Describes a comparison; nil where a group is empty or a share is not between 0 and 1.
    package init?(first: Int, second: Int, significance: Double = 0.05, power: Double = 0.8) {
        guard first > 0, second > 0, significance > 0, significance < 1, power > significance,
            power < 1
        else { return nil }
        self.first = first
        self.second = second
        self.significance = significance
        self.power = power
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let comparison = TwoArmComparison(
            first: try container.decode(Int.self, forKey: .first),
            second: try container.decode(Int.self, forKey: .second),
            significance: try container.decode(Double.self, forKey: .significance),
            power: try container.decode(Double.self, forKey: .power))
        guard let comparison else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "A comparison needs two groups of at least one, and a "
                        + "significance below its power, both between 0 and 1."))
        }
        self = comparison
    }

    /// The chance that shares of `one` and `other` are found to differ; nil for no shares.
    ///
    /// Φ((|p₁ − p₂| − z·√(p̄q̄(1/n₁ + 1/n₂)))/√(p₁q₁/n₁ + p₂q₂/n₂)), p̄ the pooled share. The far
    /// tail, a difference found in the wrong direction, is left out.
    package func chance(ofFinding one: Double, against other: Double) -> Double? {
        guard (0...1).contains(one), (0...1).contains(other),
            let z = Normal.quantile(1 - significance / 2)
        else { return nil }
        let n = (Double(first), Double(second))
        let pooled = (n.0 * one + n.1 * other) / (n.0 + n.1)
        let null = (pooled * (1 - pooled) * (1 / n.0 + 1 / n.1)).squareRoot()
        let spread = (one * (1 - one) / n.0 + other * (1 - other) / n.1).squareRoot()
        let excess = abs(one - other) - z * null
        guard spread > 0 else { return excess > 0 ? 1 : 0 }
        return Normal.cumulative(excess / spread)
    }

    /// The smallest fall from a share in the first group that these numbers would have shown.
    ///
    /// Given as an amount above zero: 0.1 for a fall from 0.35 to 0.25. Nil where even a fall to
    /// zero would have been missed, or `share` is none.
    package func detectableFall(from share: Double) -> Double? {
        guard (0...1).contains(share) else { return nil }
        return smallest(upTo: share) { chance(ofFinding: share, against: share - $0) }
    }

    /// The smallest rise from a share in the first group that these numbers would have shown.
    ///
    /// Given as an amount above zero. Nil where even a rise to all would have been missed, or
    /// `share` is none.
    package func detectableRise(from share: Double) -> Double? {
        guard (0...1).contains(share) else { return nil }
        return smallest(upTo: 1 - share) { chance(ofFinding: share, against: share + $0) }
    }

    /// People needed in each of two equal groups to tell two shares apart.
    ///
    /// n = (z_α·√(2p̄q̄) + z_β·√(p₁q₁ + p₂q₂))²/(p₁ − p₂)², rounded up. Nil where the shares are
    /// equal or none, or the number leaves the range of `Int`.
    package static func neededInEach(
        of one: Double, and other: Double, significance: Double = 0.05, power: Double = 0.8
    ) -> Int? {
        guard (0...1).contains(one), (0...1).contains(other), one != other,
            significance > 0, significance < 1, power > significance, power < 1,
            let alpha = Normal.quantile(1 - significance / 2), let beta = Normal.quantile(power)
        else { return nil }
        let mean = (one + other) / 2
        let null = (2 * mean * (1 - mean)).squareRoot()
        let spread = (one * (1 - one) + other * (1 - other)).squareRoot()
        let root = (alpha * null + beta * spread) / (one - other)
        return Int(exactly: (root * root).rounded(.up)).map { max(1, $0) }
    }

    /// Halves to where the chance first reaches the power; it grows with the difference.
    private func smallest(upTo most: Double, chance: (Double) -> Double?) -> Double? {
        guard let best = chance(most), best >= power else { return nil }
        var low = 0.0
        var high = most
        for _ in 0..<60 {
            let middle = low + (high - low) / 2
            if let found = chance(middle), found >= power { high = middle } else { low = middle }
        }
        return high
    }
}
