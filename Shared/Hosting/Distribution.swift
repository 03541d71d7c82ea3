/// How values are spread, in fixed room: each doubling is cut into four equal buckets.
///
/// A value below 4 has a bucket for each whole number. An estimate taken from the middle of a
/// bucket is at most an eighth off.
struct Distribution: Sendable {
    private static let bucketCount = 252

    private(set) var count: Int64 = 0
    private(set) var sum = 0.0
    private(set) var min = 0.0
    private(set) var max = 0.0
    private(set) var last = 0.0
    private var buckets: [Int64] = []

    /// Adds a value; one that is no number is passed over.
    mutating func add(_ value: Double) {
        guard value.isFinite else { return }
        if buckets.isEmpty {
            buckets = Array(repeating: 0, count: Self.bucketCount)
            (min, max) = (value, value)
        }
        count += 1
        sum += value
        min = Swift.min(min, value)
        max = Swift.max(max, value)
        last = value
        buckets[Self.bucket(of: value)] += 1
    }

    /// The value below which a share of all lies, estimated; nil where there is none.
    ///
    /// `share`: from 0 to 1.
    func quantile(_ share: Double) -> Double? {
        guard count > 0 else { return nil }
        let rank = Swift.max(1, (Double(count) * share).rounded(.up))
        var seen = 0.0
        for (index, held) in buckets.enumerated() {
            seen += Double(held)
            if seen >= rank { return Swift.max(min, Swift.min(max, Self.middle(of: index))) }
        }
        return max
    }

    /// Negative values count as zero, and those beyond 64 bits as the largest.
    private static func bucket(of value: Double) -> Int {
        let whole = value <= 0 ? 0 : UInt64(exactly: value.rounded(.down)) ?? .max
        guard whole >= 4 else { return Int(whole) }
        let doubling = 63 - whole.leadingZeroBitCount
        return (doubling - 1) * 4 + Int(whole >> UInt64(doubling - 2) & 3)
    }

    private static func middle(of index: Int) -> Double {
        guard index >= 4 else { return Double(index) }
        let (doubling, quarter) = (index / 4 + 1, index % 4)
        let width = UInt64(1) << UInt64(doubling - 2)
        return Double(UInt64(4 + quarter)) * Double(width) + Double(width) / 2
    }
}
