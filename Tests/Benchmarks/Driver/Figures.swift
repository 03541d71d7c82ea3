/// What of a measurement is compared.
enum Figure: Sendable {
    case callsPerSecond
    case p50
    case p99
    case cpu
    case serverPeak
    case clientPeak
    case serverIdle
    case clientIdle

    /// The value, in the units that the tables show: calls, microseconds, seconds, MiB, KiB.
    func value(_ measurement: Measurement) -> Double? {
        switch self {
        case .callsPerSecond: measurement.callsPerSecond
        case .p50: measurement.p50Microseconds
        case .p99: measurement.p99Microseconds
        case .cpu: measurement.cpuSecondsPer100kCalls
        case .serverPeak: Double(measurement.serverPeakKiB) / 1024
        case .clientPeak: Double(measurement.clientPeakKiB) / 1024
        case .serverIdle: measurement.serverIdleKiB
        case .clientIdle: measurement.clientIdleKiB
        }
    }
}

/// All rounds, to be asked for medians.
struct Figures: Sendable {
    let measurements: [Measurement]

    /// One value a round, in the order of the rounds.
    func values(_ figure: Figure, _ load: Case, _ implementation: Implementation) -> [Double] {
        measurements.filter { $0.load == load && $0.implementation == implementation }
            .compactMap(figure.value)
    }

    /// The median of what one is to the other in each round; nil where no round has both.
    ///
    /// A ratio of medians would mix rounds in which the machine was fast with those in which it
    /// was slow.
    func ratio(
        _ figure: Figure, _ load: Case, of one: Implementation, to other: Implementation
    ) -> Double? {
        let rounds = Dictionary(grouping: measurements.filter { $0.load == load }, by: \.round)
        let ratios = rounds.values.compactMap { round -> Double? in
            func value(_ implementation: Implementation) -> Double? {
                round.first { $0.implementation == implementation }.flatMap(figure.value)
            }
            guard let upper = value(one), let lower = value(other), lower > 0 else { return nil }
            return upper / lower
        }
        return median(ratios)
    }
}

/// The middle value, or the mean of the two middle ones; nil of none.
func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
