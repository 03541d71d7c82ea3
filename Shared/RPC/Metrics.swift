package import Vocabulary

/// Asks a service what its meters have counted and measured since its process began.
///
/// Every service answers it, to those who watch over machines. Labels name methods and outcomes,
/// never a person or a record.
package struct ReadMetrics: RPCMethod {
    package static let name: MethodName = "rpc.metrics.read"
    package static let access = Access.staff(.administrator, .auditor, .integratedTeam)
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly
    package static let timeout = Duration.seconds(5)

    package init() {}

    package struct Reply: Codable, Hashable, Sendable {
        package let service: ServiceName
        package let startedAt: Timestamp
        package let readAt: Timestamp
        /// In the order of their labels; meters that never recorded anything are left out.
        package let lines: [MetricLine]

        package init(
            service: ServiceName, startedAt: Timestamp, readAt: Timestamp, lines: [MetricLine]
        ) {
            self.service = service
            self.startedAt = startedAt
            self.readAt = readAt
            self.lines = lines
        }
    }
}

/// One meter and what it has recorded.
package struct MetricLine: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// Only `count` says something.
        case counter
        /// Values that were recorded; `count` is how many.
        case distribution
        /// A value that goes up and down; `last` is the newest.
        case gauge
    }

    package enum Unit: String, Codable, Hashable, Sendable, CaseIterable {
        case none
        case nanoseconds
    }

    /// Such as `rpc_calls_total{method=rpc.health.check,status=ok}`.
    package let label: String
    package let kind: Kind
    /// Of `sum` and everything below it.
    package let unit: Unit
    package let count: Int64
    package let last: Double?
    package let sum: Double?
    package let min: Double?
    package let max: Double?
    /// Half of the values lie below; estimated, at most an eighth off.
    package let p50: Double?
    /// 99 of 100 values lie below; estimated, at most an eighth off.
    package let p99: Double?

    /// A counter.
    package init(_ label: String, count: Int64) {
        self.init(label, .counter, .none, count: count)
    }

    /// A value that is read when it is asked for.
    package init(_ label: String, now value: Int) {
        self.init(label, .gauge, .none, count: 1, last: Double(value))
    }

    package init(
        _ label: String, _ kind: Kind, _ unit: Unit, count: Int64, last: Double? = nil,
        sum: Double? = nil, min: Double? = nil, max: Double? = nil, p50: Double? = nil,
        p99: Double? = nil
    ) {
        self.label = label
        self.kind = kind
        self.unit = unit
        self.count = count
        self.last = last
        self.sum = sum
        self.min = min
        self.max = max
        self.p50 = p50
        self.p99 = p99
    }

    /// The arithmetic mean; nil where nothing was measured.
    package var mean: Double? { count > 0 ? sum.map { $0 / Double(count) } : nil }
}
