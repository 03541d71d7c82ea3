import Foundation

/// Monotonic time in nanoseconds, as cheaply as the system gives it.
func nanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Counts durations in buckets of 1/64 of their size, so that memory does not grow with the rate.
///
/// The clients of all implementations use the same buckets.
struct Latencies: Sendable {
    /// From 2^8 to 2^34 nanoseconds: 0.3 microseconds to 17 seconds.
    private static let exponents = 8...33

    private var counts = [UInt32](repeating: 0, count: exponents.count * 64)
    private(set) var total = 0

    mutating func add(_ duration: UInt64) {
        let bounded = min(max(duration, 1 << 8), 1 << 34 - 1)
        let exponent = 63 - bounded.leadingZeroBitCount
        let step = Int(truncatingIfNeeded: bounded >> UInt64(exponent - 6)) & 63
        counts[(exponent - Self.exponents.lowerBound) * 64 + step] += 1
        total += 1
    }

    mutating func add(_ other: Latencies) {
        for index in counts.indices { counts[index] += other.counts[index] }
        total += other.total
    }

    /// The duration that this share of all does not exceed, in microseconds; nil of none.
    func microseconds(at share: Double) -> Double? {
        guard total > 0 else { return nil }
        var left = Int((Double(total) * share).rounded(.up))
        for (index, count) in counts.enumerated() {
            left -= Int(count)
            guard left <= 0 else { continue }
            let base = UInt64(1) << UInt64(index / 64 + Self.exponents.lowerBound)
            let middle = Double(base) * (1 + (Double(index % 64) + 0.5) / 64)
            return middle / 1000
        }
        return nil
    }
}
