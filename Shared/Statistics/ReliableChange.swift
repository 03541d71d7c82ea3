/// Tells a change of one person's score from what the questionnaire's own error would do.
///
/// After Jacobson & Truax (1991, J Consult Clin Psychol 59:12). The standard deviation and the
/// reliability belong to one scale and one population, and are to be kept with every signed
/// result. Among four independent domains one false change in 18.5 % of people is expected.
package struct ReliableChange: Codable, Hashable, Sendable {
    /// Which way a score goes when a person gets better.
    package enum Direction: String, Codable, Hashable, Sendable, CaseIterable {
        case higherIsBetter
        case lowerIsBetter
    }

    /// What became of one person.
    package enum Outcome: String, Codable, Hashable, Sendable, CaseIterable {
        /// Improved, and moved from the clinical to the functional side of the cut-off.
        case recovered
        /// Better by more than chance.
        case improved
        /// Not different by more than chance, which is not the same as unchanged for certain.
        case unchanged
        /// Worse by more than chance.
        case deteriorated
        /// Deteriorated, and moved from the functional to the clinical side of the cut-off.
        case harmed
    }

    /// Why a scale cannot tell change.
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case standardDeviation(Double)
        case reliability(Double)
        case cutOff(Double)

        package var description: String {
            switch self {
            case .standardDeviation(let value):
                "A standard deviation of \(value) cannot be used: give a number above 0."
            case .reliability(let value):
                "A reliability of \(value) cannot be used: give a number from 0 to below 1."
            case .cutOff(let value):
                "A cut-off of \(value) cannot be used: give a finite score, or none."
            }
        }
    }

    /// Of the scores before, in points, with n − 1.
    package let standardDeviation: Double
    /// Of the scale in this population, such as Cronbach's alpha.
    package let reliability: Double
    /// Which way is better on this scale.
    package let direction: Direction
    /// Where the functional side begins; none without norms, and then nobody is called recovered.
    package let cutOff: Double?

    /// |RCI| must exceed this for a change to count; a change of exactly this much does not.
    package static let criticalIndex = 1.96

    /// Describes a scale, and refuses numbers with which a change could not be judged.
    package init(
        standardDeviation: Double, reliability: Double, direction: Direction, cutOff: Double? = nil
    ) throws(Refusal) {
        guard standardDeviation.isFinite, standardDeviation > 0 else {
            throw .standardDeviation(standardDeviation)
        }
        guard reliability >= 0, reliability < 1 else { throw .reliability(reliability) }
        if let cutOff, !cutOff.isFinite { throw .cutOff(cutOff) }
        self.standardDeviation = standardDeviation
        self.reliability = reliability
        self.direction = direction
        self.cutOff = cutOff
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            standardDeviation: container.decode(Double.self, forKey: .standardDeviation),
            reliability: container.decode(Double.self, forKey: .reliability),
            direction: container.decode(Direction.self, forKey: .direction),
            cutOff: container.decodeIfPresent(Double.self, forKey: .cutOff))
    }

    /// The error of one score, in points: SD·√(1 − r).
    package var standardError: Double { standardDeviation * (1 - reliability).squareRoot() }

    /// The error of a difference of two scores, in points: √2·SE.
    package var differenceError: Double { 2.0.squareRoot() * standardError }

    /// The smallest change that would count, were it exceeded, in points: 1.96·√2·SE.
    package var criticalDifference: Double { Self.criticalIndex * differenceError }

    /// The reliable change index, (after − before)/(√2·SE): its sign is that of the scores.
    ///
    /// Nil where a score, or the index, is not finite.
    package func index(before: Double, after: Double) -> Double? {
        let index = (after - before) / differenceError
        return before.isFinite && after.isFinite && index.isFinite ? index : nil
    }

    /// What became of a person with these two scores; nil where a score is not finite.
    package func outcome(before: Double, after: Double) -> Outcome? {
        guard let index = index(before: before, after: after) else { return nil }
        guard abs(index) > Self.criticalIndex else { return .unchanged }
        let isBetter = (direction == .higherIsBetter) == (index > 0)
        guard let wasFunctional = isFunctional(before), let isFunctional = isFunctional(after),
            wasFunctional != isFunctional
        else { return isBetter ? .improved : .deteriorated }
        return isBetter ? .recovered : .harmed
    }

    /// Strictly beyond the cut-off on the better side; nil without one.
    private func isFunctional(_ score: Double) -> Bool? {
        guard let cutOff else { return nil }
        return direction == .higherIsBetter ? score > cutOff : score < cutOff
    }
}
