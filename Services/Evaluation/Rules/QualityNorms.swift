package import EvaluationAPI
import Statistics

/// What reliable change in a domain of the WHOQOL-BREF is judged by.
package struct QualityNorm: Hashable, Sendable {
    /// Of baseline scores, in points of 0 to 100.
    package let standardDeviation: Double
    package let reliability: Double
    package let ownDeviation: Bool

    package init(standardDeviation: Double, reliability: Double, ownDeviation: Bool) {
        self.standardDeviation = standardDeviation
        self.reliability = reliability
        self.ownDeviation = ownDeviation
    }

    /// Own baselines needed before their deviation takes the place of the assumed one.
    package static let ownBaselinesMin = 30
    /// Points; assumed until there are enough own baselines.
    package static let assumedDeviation = 15.0

    /// The norm for a domain, with these people's own deviation where they are enough.
    ///
    /// Reliabilities are Cronbach's alpha of Skevington et al. (2004), 23 countries, n = 11,830:
    /// .82, .81, .68, .80. None is known for people in custody.
    package static func of(_ domain: QualityDomain, baselines: [Double]) -> QualityNorm {
        let reliability =
            switch domain {
            case .physical: 0.82
            case .psychological: 0.81
            case .social: 0.68
            case .environment: 0.80
            }
        if baselines.count >= ownBaselinesMin,
            let own = Sample(baselines)?.standardDeviation, own > 0
        {
            return QualityNorm(
                standardDeviation: own, reliability: reliability, ownDeviation: true)
        }
        return QualityNorm(
            standardDeviation: assumedDeviation, reliability: reliability, ownDeviation: false)
    }

    /// The formula behind it; nil where the numbers allow no judgement.
    var change: ReliableChange? {
        try? ReliableChange(
            standardDeviation: standardDeviation, reliability: reliability,
            direction: .higherIsBetter)
    }
}

extension ChangeClass {
    /// Without norms there is neither recovery nor harm, only the direction.
    init(_ outcome: ReliableChange.Outcome) {
        switch outcome {
        case .recovered, .improved: self = .improved
        case .unchanged: self = .unchanged
        case .deteriorated, .harmed: self = .deteriorated
        }
    }
}
