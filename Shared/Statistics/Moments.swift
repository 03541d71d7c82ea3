/// Count, sum and sum of squares of whole scores, which merge exactly across facilities.
///
/// Unlike a mean and a deviation, these can be added up without rounding and in any order.
package struct Moments: Codable, Hashable, Sendable {
    /// Scores that went in.
    package private(set) var count = 0
    /// Of the scores.
    package private(set) var sum = 0
    /// Of each score times itself.
    package private(set) var sumOfSquares = 0

    /// The moments of no score.
    package init() {}

    /// The moments of some scores; nil where a sum leaves the range of `Int`.
    package init?(_ scores: some Sequence<Int>) {
        for score in scores {
            let square = score.multipliedReportingOverflow(by: score)
            guard !square.overflow, add(count: 1, sum: score, squares: square.partialValue) else {
                return nil
            }
        }
    }

    /// The moments of both together; nil where a sum leaves the range of `Int`.
    package func merged(with other: Moments) -> Moments? {
        var all = self
        let fits = all.add(count: other.count, sum: other.sum, squares: other.sumOfSquares)
        return fits ? all : nil
    }

    /// The mean score; nil of none.
    package var mean: Double? { count > 0 ? Double(sum) / Double(count) : nil }

    /// The sample standard deviation, with n − 1; nil of fewer than two scores.
    ///
    /// (n·Σx² − (Σx)²)/(n(n − 1)) before the root, its numerator in whole numbers, so nothing
    /// cancels. Nil also where received moments belong to no scores at all.
    package var standardDeviation: Double? {
        guard count >= 2 else { return nil }
        let spread = Int128(count) * Int128(sumOfSquares) - Int128(sum) * Int128(sum)
        guard spread >= 0 else { return nil }
        return (Double(spread) / (Double(count) * Double(count - 1))).squareRoot()
    }

    private mutating func add(count: Int, sum: Int, squares: Int) -> Bool {
        let sums = [
            self.count.addingReportingOverflow(count), self.sum.addingReportingOverflow(sum),
            sumOfSquares.addingReportingOverflow(squares),
        ]
        guard sums.allSatisfy({ !$0.overflow }) else { return false }
        self.count = sums[0].partialValue
        self.sum = sums[1].partialValue
        sumOfSquares = sums[2].partialValue
        return true
    }
}
