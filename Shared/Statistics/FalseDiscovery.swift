#if canImport(Glibc)
    import Glibc
#else
    import FoundationEssentials
#endif

/// What looking at many indicators at once does to chance findings.
package enum FalseDiscovery {
    /// The p values adjusted to the false-discovery rate, in the order they were given.
    ///
    /// Flagging every adjusted value up to 0.1 means that about a tenth of the flags are chance
    /// (Benjamini & Hochberg 1995): with m values, the i-th smallest becomes the least of
    /// p·m/j over all j ≥ i. Nil where one is not a probability.
    package static func adjusted(_ values: [Double]) -> [Double]? {
        guard values.allSatisfy({ (0...1).contains($0) }) else { return nil }
        var adjusted = values
        var least = 1.0
        let order = values.indices.sorted { values[$0] < values[$1] }
        for (place, index) in order.enumerated().reversed() {
            least = min(least, values[index] * Double(values.count) / Double(place + 1))
            adjusted[index] = least
        }
        return adjusted
    }

    /// The chance of at least one finding by chance among independent looks: 1 − (1 − α)^m.
    ///
    /// Nil where `significance` is not a probability or `looks` is negative.
    package static func chanceOfAny(among looks: Int, significance: Double = 0.05) -> Double? {
        guard looks >= 0, (0...1).contains(significance) else { return nil }
        return 1 - pow(1 - significance, Double(looks))
    }
}
