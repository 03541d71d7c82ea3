/// Durations as the whole numbers that clocks, timers and the wire want; the extremes for those
/// beyond 64 bits.
extension Duration {
    package var microseconds: Int64 { whole(perSecond: 1_000_000) }
    package var nanoseconds: Int64 { whole(perSecond: 1_000_000_000) }

    private func whole(perSecond: Int64) -> Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: perSecond)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let rest = attoseconds / (1_000_000_000_000_000_000 / perSecond)
        return product.addingReportingOverflow(rest).partialValue
    }
}
