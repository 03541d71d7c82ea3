internal import Metrics

/// Counts calls and measures how long they take, by method and status (swift-metrics).
///
/// `rpc_calls_total{method,status}` and `rpc_call_seconds{method}`.
package final class Metering: Interceptor {
    private struct Meters: Sendable {
        let time: Timer
        let good: Counter
        let bad: [StatusCode: Counter]
    }

    private let meters: [Meters]

    /// Makes the meters of a router's methods, in their order.
    package init(_ methods: [any RPCDeclaration.Type]) {
        meters = methods.map { method in
            func counter(_ status: String) -> Counter {
                Counter(
                    label: "rpc_calls_total",
                    dimensions: [("method", method.name.text), ("status", status)])
            }
            return Meters(
                time: Timer(label: "rpc_call_seconds", dimensions: [("method", method.name.text)]),
                good: counter("ok"),
                bad: Dictionary(
                    uniqueKeysWithValues: StatusCode.allCases.map { ($0, counter("\($0)")) }))
        }
    }

    package func ended(_ call: ServerCall, _ end: CallEnd) {
        let meters = meters[call.index]
        meters.time.recordNanoseconds(end.nanoseconds)
        if let failure = end.failure {
            meters.bad[failure.code]?.increment()
        } else {
            meters.good.increment()
        }
    }
}
