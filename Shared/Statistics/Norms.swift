/// Scores of people with and without the trouble, from which a cut-off between them follows.
package struct Norms: Codable, Hashable, Sendable {
    /// The mean score of people with the trouble.
    package let clinicalMean: Double
    /// The standard deviation of their scores.
    package let clinicalDeviation: Double
    /// The mean score of people without it.
    package let functionalMean: Double
    /// The standard deviation of their scores.
    package let functionalDeviation: Double

    /// The score that is as many deviations from one mean as from the other: cut-off c.
    ///
    /// (SD_clin·M_func + SD_func·M_clin)/(SD_clin + SD_func), Jacobson & Truax (1991). Nil where
    /// a number is not finite, a deviation is negative, or both are zero.
    package var cutOff: Double? {
        let sum = clinicalDeviation + functionalDeviation
        guard clinicalDeviation >= 0, functionalDeviation >= 0, sum > 0 else { return nil }
        let weighted =
            clinicalDeviation * functionalMean + functionalDeviation * clinicalMean
        let cutOff = weighted / sum
        return cutOff.isFinite ? cutOff : nil
    }

    /// Puts published or own norms together; deviations are of samples, with n − 1.
    package init(
        clinicalMean: Double, clinicalDeviation: Double, functionalMean: Double,
        functionalDeviation: Double
    ) {
        self.clinicalMean = clinicalMean
        self.clinicalDeviation = clinicalDeviation
        self.functionalMean = functionalMean
        self.functionalDeviation = functionalDeviation
    }
}
