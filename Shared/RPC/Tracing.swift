package import Logging
internal import Wire

/// Logs each call that its caller follows (W3C Trace Context), so that one piece of work can be
/// put together from the logs of all services it passed.
package final class Tracing: Interceptor {
    private let logger: Logger

    package init(_ logger: Logger) { self.logger = logger }

    package func ended(_ call: ServerCall, _ end: CallEnd) {
        guard let trace = call.context.trace, trace.flags & 1 == 1 else { return }
        logger.info(
            "call traced",
            metadata: [
                "call": "\(call.context.id)", "method": "\(call.declaration.name)",
                "trace": "\(trace.traceID)", "span": "\(trace.spanID)",
                "microseconds": "\(end.nanoseconds / 1000)",
                "status": "\(end.failure.map { "\($0.code)" } ?? "ok")",
            ])
    }
}
