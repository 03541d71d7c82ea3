/// The two ends of a confidence interval, both included.
///
/// Every interval of this module has finite ends with `lower <= upper`.
package struct Interval: Codable, Hashable, Sendable {
    /// Where the interval begins.
    package let lower: Double
    /// Where the interval ends.
    package let upper: Double

    /// Names the two ends.
    package init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    /// Tells whether a value lies between the ends, ends included.
    package func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}
