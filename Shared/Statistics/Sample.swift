/// Measured values of one kind, such as the scores of a group before treatment.
///
/// The values are kept sorted, so that sums, and thereby every result, do not depend on the order
/// in which the records were read.
package struct Sample: Hashable, Sendable {
    /// Lowest first.
    package let values: [Double]

    /// Takes the values; nil where one is not a number or infinite.
    package init?(_ values: [Double]) {
        guard values.allSatisfy(\.isFinite) else { return nil }
        self.values = values.sorted()
    }

    /// How many values there are.
    package var count: Int { values.count }

    /// The mean; nil of nothing, and where the sum leaves the range of `Double`.
    package var mean: Double? {
        guard !values.isEmpty else { return nil }
        let mean = values.reduce(0, +) / Double(count)
        return mean.isFinite ? mean : nil
    }

    /// The sample standard deviation, with n − 1; nil of fewer than two values.
    package var standardDeviation: Double? {
        guard count >= 2, let mean else { return nil }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(count - 1)).squareRoot()
        return deviation.isFinite ? deviation : nil
    }

    /// The middle value, or the mean of the middle two; nil of nothing.
    package var median: Double? {
        guard !values.isEmpty else { return nil }
        let upper = values[count / 2]
        guard count.isMultiple(of: 2) else { return upper }
        let lower = values[count / 2 - 1]
        return lower / 2 + upper / 2
    }
}
