/// How far apart two independent proportions are, such as the returns of two groups.
package struct ProportionDifference: Codable, Hashable, Sendable {
    /// What is subtracted from.
    package let first: Proportion
    /// What is subtracted.
    package let second: Proportion

    /// Sets two groups of different people side by side.
    package init(_ first: Proportion, minus second: Proportion) {
        self.first = first
        self.second = second
    }

    /// First share minus second, −1 to 1; nil where either group has no share.
    package var value: Double? {
        guard let one = first.value, let other = second.value else { return nil }
        return one - other
    }

    /// The interval of Newcombe (1998, Statistics in Medicine 17:873, method 10).
    ///
    /// Built from the Wilson intervals (l, u) of both groups: from
    /// d − √((p₁ − l₁)² + (u₂ − p₂)²) to d + √((u₁ − p₁)² + (p₂ − l₂)²). Nil where `value` is.
    package func newcombe(_ confidence: Confidence = .ninetyFive) -> Interval? {
        guard let one = first.value, let other = second.value,
            let ofOne = first.wilson(confidence), let ofOther = second.wilson(confidence)
        else { return nil }
        func length(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
        let difference = one - other
        return Interval(
            lower: max(-1, difference - length(one - ofOne.lower, ofOther.upper - other)),
            upper: min(1, difference + length(ofOne.upper - one, other - ofOther.lower)))
    }
}
