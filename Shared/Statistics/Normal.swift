#if canImport(Glibc)
    import Glibc
#else
    import FoundationEssentials
#endif

/// The standard normal distribution: mean 0, standard deviation 1.
package enum Normal {
    /// The probability of a value up to `z`.
    ///
    /// Φ(z) = erfc(−z/√2)/2, which keeps its relative precision far into the lower tail.
    package static func cumulative(_ z: Double) -> Double {
        0.5 * erfc(-z / 2.0.squareRoot())
    }

    /// The value that is not exceeded with a probability; nil unless strictly between 0 and 1.
    ///
    /// Found by halving on the lower tail, so it is as precise as `cumulative` is.
    package static func quantile(_ probability: Double) -> Double? {
        guard probability > 0, probability < 1 else { return nil }
        if probability > 0.5 { return quantile(1 - probability).map { -$0 } }
        var low = -40.0
        var high = 0.0
        while true {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { return high }
            if cumulative(middle) < probability { low = middle } else { high = middle }
        }
    }
}
