/// How sure an interval is meant to be, as the two-sided quantile of the normal distribution.
package struct Confidence: Hashable, Sendable {
    /// Standard errors on each side of the estimate, for intervals that are symmetric.
    package let z: Double

    /// The usual 95 %: z = 1.959963984540054.
    package static let ninetyFive = Confidence(unchecked: 1.959963984540054)

    /// A confidence by its quantile; nil unless that is finite and above zero.
    package init?(z: Double) {
        guard z.isFinite, z > 0 else { return nil }
        self.z = z
    }

    /// A confidence by its level, such as 0.95; nil unless that lies strictly between 0 and 1.
    package init?(level: Double) {
        guard level > 0, level < 1, let z = Normal.quantile(0.5 + level / 2) else { return nil }
        self.init(z: z)
    }

    private init(unchecked z: Double) {
        self.z = z
    }
}
