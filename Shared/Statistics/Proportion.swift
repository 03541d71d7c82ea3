/// How many of how many, such as tests that were positive among the valid ones.
///
/// The two counts always travel together, so that no report shows a percentage without them.
/// Counts that are no proportion (negative, nobody, or more than all) have neither a value nor an
/// interval; they are kept as they are, so that what is wrong can be seen.
package struct Proportion: Codable, Hashable, Sendable {
    /// How many.
    package let numerator: Int
    /// Of how many.
    package let denominator: Int

    /// Puts two counts together; anything is taken, see the type.
    package init(_ numerator: Int, of denominator: Int) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// Counts the members of a collection that satisfy a condition.
    package init<Items: Collection>(
        of items: Items, where condition: (Items.Element) throws -> Bool
    ) rethrows {
        numerator = try items.count(where: condition)
        denominator = items.count
    }

    /// The share, 0 to 1; nil where there is nobody to have a share of.
    package var value: Double? {
        guard denominator > 0, (0...denominator).contains(numerator) else { return nil }
        return Double(numerator) / Double(denominator)
    }

    /// The counts of both together, exactly; nil where a sum leaves the range of `Int`.
    package func merged(with other: Proportion) -> Proportion? {
        let top = numerator.addingReportingOverflow(other.numerator)
        let bottom = denominator.addingReportingOverflow(other.denominator)
        guard !top.overflow, !bottom.overflow else { return nil }
        return Proportion(top.partialValue, of: bottom.partialValue)
    }

    /// The score interval of Wilson (1927), which stays within 0 to 1 and is fit for small counts.
    ///
    /// Center (p + z²/2n)/(1 + z²/n), half width z·√(p(1 − p)/n + z²/4n²)/(1 + z²/n). With none
    /// it begins at exactly 0, with all it ends at exactly 1. Nil where `value` is.
    package func wilson(_ confidence: Confidence = .ninetyFive) -> Interval? {
        guard let p = value else { return nil }
        let n = Double(denominator)
        let square = confidence.z * confidence.z
        let scale = 1 + square / n
        let center = (p + square / (2 * n)) / scale
        let spread = (p * (1 - p) / n + square / (4 * n * n)).squareRoot()
        let half = confidence.z * spread / scale
        guard center.isFinite, half.isFinite else { return nil }
        return Interval(
            lower: numerator == 0 ? 0 : max(0, center - half),
            upper: numerator == denominator ? 1 : min(1, center + half))
    }
}
