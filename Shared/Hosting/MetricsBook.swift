package import Metrics
package import RPC
internal import Synchronization

/// Keeps what this process counts and measures, for whoever asks by ``ReadMetrics``.
///
/// It is the backend of swift-metrics: any code records through `Counter`, `Recorder` and `Timer`.
/// Nothing leaves the process by itself, and nothing is kept over a restart.
package final class MetricsBook: MetricsFactory {
    /// The most meters there are; those beyond share one line.
    package static let metersMaximum = 4096
    /// What a label may be divided by.
    ///
    /// A meter is read by people who may know nothing of a participant, so a dimension that is not
    /// listed here, such as an id, is left out.
    package static let dimensions: Set<String> = ["method", "status", "rule"]
    private static let overflow = "meters_beyond_the_limit"

    private let meters = Mutex<[String: any Meter]>([:])

    package init() {}

    /// The book of this process, to which swift-metrics writes from the first use of this on.
    package static let process: MetricsBook = {
        let book = MetricsBook()
        MetricsSystem.bootstrap(book)
        return book
    }()

    /// What was recorded, in the order of the labels.
    package var lines: [MetricLine] {
        meters.withLock { $0 }.sorted { $0.key < $1.key }.compactMap { $1.line($0) }
    }

    package func makeCounter(
        label: String, dimensions: [(String, String)]
    ) -> any CounterHandler {
        meter(label, dimensions) { CountMeter() }
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        meter(label, dimensions) { DistributionMeter(aggregate ? .distribution : .gauge, .none) }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        meter(label, dimensions) { DistributionMeter(.distribution, .nanoseconds) }
    }

    // A label's numbers go on where a meter is let go and made again.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    /// The one meter of a label; another kind under the same label gets a line of its own.
    private func meter<Kind: Meter>(
        _ label: String, _ dimensions: [(String, String)], make: () -> Kind
    ) -> Kind {
        let parts = dimensions.filter { Self.dimensions.contains($0.0) }.sorted { $0.0 < $1.0 }
            .map { "\($0.0)=\($0.1)" }.joined(separator: ",")
        let name = parts.isEmpty ? label : "\(label){\(parts)}"
        return meters.withLock { meters in
            let hasRoom = meters.count < Self.metersMaximum || meters[name] != nil
            var key = hasRoom ? name : Self.overflow
            while true {
                guard let known = meters[key] else {
                    let made = make()
                    meters[key] = made
                    return made
                }
                if let known = known as? Kind { return known }
                key += "_\(Kind.suffix)"
            }
        }
    }
}

private protocol Meter: AnyObject, Sendable {
    /// Tells apart two meters of one label.
    static var suffix: String { get }
    /// Nil where nothing was recorded.
    func line(_ label: String) -> MetricLine?
}

private final class CountMeter: Meter, CounterHandler {
    static let suffix = "total"
    private let count = Atomic<Int64>(0)

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }

    func line(_ label: String) -> MetricLine? {
        let count = count.load(ordering: .relaxed)
        return count == 0 ? nil : MetricLine(label, count: count)
    }
}

private final class DistributionMeter: Meter, RecorderHandler, TimerHandler {
    static let suffix = "values"
    private let kind: MetricLine.Kind
    private let unit: MetricLine.Unit
    private let values = Mutex(Distribution())

    init(_ kind: MetricLine.Kind, _ unit: MetricLine.Unit) {
        self.kind = kind
        self.unit = unit
    }

    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { values.withLock { $0.add(value) } }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration)) }

    func line(_ label: String) -> MetricLine? {
        let values = values.withLock { $0 }
        guard values.count > 0 else { return nil }
        if kind == .gauge {
            return MetricLine(label, kind, unit, count: values.count, last: values.last)
        }
        return MetricLine(
            label, kind, unit, count: values.count, sum: values.sum, min: values.min,
            max: values.max, p50: values.quantile(0.5), p99: values.quantile(0.99))
    }
}
