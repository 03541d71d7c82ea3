#if canImport(Glibc)
    import Glibc
#else
    import FoundationEssentials
#endif

/// The scale on which an interval around a probability is symmetric.
///
/// It is chosen before looking at the result, and named with it. Bounds never leave 0 to 1.
package enum BoundsScale: String, Codable, Hashable, Sendable, CaseIterable {
    /// p ± z·SE, cut at 0 and 1; poor near the ends.
    case plain
    /// p·exp(±z·SE/p), cut at 1; what R's `survfit` does unless told otherwise.
    case log
    /// p^exp(±z·SE/(p·ln p)); stays within 0 to 1 by itself, the best of the three for few events.
    case logLog

    /// The interval around a probability with a standard error.
    ///
    /// With no error at all, as before the first event, both ends are the probability. Nil at 0
    /// or 1 with an error, except on the plain scale, and where a number is not finite.
    func bounds(
        around probability: Double, standardError: Double, confidence: Confidence
    ) -> Interval? {
        guard (0...1).contains(probability), standardError.isFinite, standardError >= 0 else {
            return nil
        }
        if standardError == 0 { return Interval(lower: probability, upper: probability) }
        let reach = confidence.z * standardError
        switch self {
        case .plain:
            return Interval(lower: max(0, probability - reach), upper: min(1, probability + reach))
        case .log:
            guard probability > 0 else { return nil }
            let factor = exp(reach / probability)
            return Interval(lower: probability / factor, upper: min(1, probability * factor))
        case .logLog:
            guard probability > 0, probability < 1 else { return nil }
            let logarithm = naturalLogarithm(probability)
            let shift = exp(abs(reach / (probability * logarithm)))
            return Interval(lower: exp(logarithm * shift), upper: exp(logarithm / shift))
        }
    }
}

// Inside the enum, `log` is its case.
private func naturalLogarithm(_ value: Double) -> Double { log(value) }
