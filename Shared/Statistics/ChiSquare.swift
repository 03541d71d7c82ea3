#if canImport(Glibc)
    import Glibc
#else
    import FoundationEssentials
#endif

/// The chi-square distribution, for the p values of tests between groups.
package enum ChiSquare {
    /// More degrees of freedom than any comparison here has; above it there is no answer.
    package static let mostDegreesOfFreedom = 10_000

    /// The probability of a value of at least `statistic` where the groups do not differ.
    ///
    /// This is the regularized upper incomplete gamma function Q(k/2, x/2). For whole k it is a
    /// finite sum of positive terms (Abramowitz & Stegun 26.4.4 and 26.4.5), from the recurrence
    /// Q(a + 1, x) = Q(a, x) + x^a·e^(−x)/Γ(a + 1), so small p values keep their digits.
    /// Nil for a statistic that is negative or not a number, and for degrees of freedom outside
    /// 1...`mostDegreesOfFreedom`.
    package static func upperTail(_ statistic: Double, degreesOfFreedom: Int) -> Double? {
        guard statistic >= 0, (1...mostDegreesOfFreedom).contains(degreesOfFreedom) else {
            return nil
        }
        if statistic == 0 { return 1 }
        if statistic.isInfinite { return 0 }
        let half = statistic / 2
        let isOdd = degreesOfFreedom % 2 == 1
        var tail = isOdd ? erfc(half.squareRoot()) : exp(-half)
        // The logarithm of the next term, x^a·e^(−x)/Γ(a + 1); Γ(3/2) = √π/2, Γ(2) = 1.
        var order = isOdd ? 0.5 : 1.0
        var logTerm = order * log(half) - half - (isOdd ? log(Double.pi.squareRoot() / 2) : 0)
        while order < Double(degreesOfFreedom) / 2 {
            tail += exp(logTerm)
            order += 1
            logTerm += log(half) - log(order)
        }
        return min(1, tail)
    }
}

/// What a test between groups found.
package struct ChiSquareTest: Codable, Hashable, Sendable {
    /// Zero where the groups are alike, and larger the more they differ.
    package let statistic: Double
    /// Groups less one.
    package let degreesOfFreedom: Int
    /// The probability of such a statistic, or a larger one, where the groups do not differ.
    package let p: Double

    /// The test of scores that sum to zero over the groups, of which the last is left out.
    ///
    /// The statistic is zᵀ·V⁻¹·z over all groups but the last; which one is left out makes no
    /// difference. Nil where V cannot be inverted: a group that is empty or never at risk beside
    /// another, or no event at all.
    init?(scores: [Double], covariance: [[Double]]) {
        let degrees = scores.count - 1
        guard degrees >= 1, covariance.count == scores.count else { return nil }
        let kept = Array(scores.prefix(degrees))
        let system = LinearSystem(
            matrix: covariance.prefix(degrees).map { Array($0.prefix(degrees)) }, right: kept)
        guard let solution = system.solution() else { return nil }
        let form = max(0, zip(kept, solution).reduce(0) { $0 + $1.0 * $1.1 })
        guard form.isFinite, let p = ChiSquare.upperTail(form, degreesOfFreedom: degrees) else {
            return nil
        }
        self.statistic = form
        self.degreesOfFreedom = degrees
        self.p = p
    }
}
