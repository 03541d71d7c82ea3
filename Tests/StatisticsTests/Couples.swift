import Statistics
import Testing

/// Marital satisfaction (DAS) of 30 couples, Jacobson 1989, as in Jacobson & Truax (1991).
enum Couples {
    static let before = [
        90.5, 74, 97, 73.5, 61, 66.5, 68.5, 86.5, 88.5, 68.5, 98, 80.5, 89.5, 91.5, 83.5, 60.5, 83,
        88, 98.5, 78.5, 99.5, 79.5, 84.5, 92.5, 93, 85, 64, 61, 80, 82.5,
    ]
    static let after = [
        97, 124, 97.5, 88, 96.5, 62.5, 112.5, 103.5, 90, 82.5, 105, 99.5, 112.5, 101, 99.5, 79.5,
        88, 100.5, 119, 116, 116, 129, 113, 118, 92, 114, 68, 52, 60.5, 104.5,
    ]

    static func scale(cutOff: Double? = nil) throws -> ReliableChange {
        let deviation = try #require(Sample(before)?.standardDeviation)
        return try ReliableChange(
            standardDeviation: deviation, reliability: 0.88, direction: .higherIsBetter,
            cutOff: cutOff)
    }

    static func tally(cutOff: Double? = nil) throws -> [ReliableChange.Outcome: Int] {
        let scale = try scale(cutOff: cutOff)
        let outcomes = zip(before, after).compactMap { scale.outcome(before: $0, after: $1) }
        return Dictionary(outcomes.map { ($0, 1) }, uniquingKeysWith: +)
    }
}
