import EvaluationAPI
import Foundation

/// Numbers as people read them: what is not known is a dash, never zero.
enum Figures {
    static let none = "-"

    /// A share from 0 to 1 in percent with one decimal.
    static func percent(_ share: Double?) -> String {
        share.map { String(format: "%.1f %%", $0 * 100) } ?? none
    }

    /// The two ends of an interval of shares, in percent.
    static func interval(_ lower: Double?, _ upper: Double?) -> String {
        guard let lower, let upper else { return none }
        return String(format: "%.1f to %.1f %%", lower * 100, upper * 100)
    }

    /// A number with so many decimals.
    static func number(_ value: Double?, decimals: Int = 1) -> String {
        value.map { String(format: "%.\(decimals)f", $0) } ?? none
    }

    /// A probability, with the smallest not written as zero.
    static func probability(_ p: Double) -> String {
        p < 0.0001 ? "<0.0001" : number(p, decimals: 4)
    }

    /// The share, its counts and its interval: three cells.
    static func cells(_ rate: Rate) -> [String] {
        [
            percent(rate.value), "\(rate.count)/\(rate.of)", interval(rate.lower, rate.upper),
        ]
    }
}
