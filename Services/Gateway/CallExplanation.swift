import Foundation
import Shared

/// Where the time of one call went, part by part.
struct CallExplanation {
    /// From before the connection was made until the end of the last reply.
    let total: Duration
    let trace: TraceContext
    /// How many tries it took; nil where the call failed.
    var attempts: Int?
    var dial: DialTiming?
    var notes: ReplyNotes?
    /// Of a call with any number of replies.
    var replies: Int?

    init(total: Duration, trace: TraceContext) {
        self.total = total
        self.trace = trace
    }

    /// One line for each part, in the order in which they happen.
    var text: String {
        var lines = [Table(header: ["part", "ms"], rows: parts).text]
        if let attempts { lines.append("attempts \(attempts)") }
        if let replies { lines.append("replies \(replies)") }
        lines.append(Self.line(trace))
        return lines.joined(separator: "\n")
    }

    /// How a trace is told, by which the logs of the services have the call.
    static func line(_ trace: TraceContext) -> String { "traceparent \(trace)" }

    private var parts: [[String]] {
        var rows: [[String]] = []
        func add(_ name: String, _ microseconds: Int64?) {
            rows.append([name, microseconds.map(Self.milliseconds) ?? Figures.none])
        }
        let all = total.microseconds
        if attempts != nil, let notes {
            add("connect", dial?.connectMicroseconds)
            // Until the service's HELLO: only then is the caller's certificate accepted.
            add("TLS", dial?.handshakeMicroseconds)
            add("queue", notes.queueMicroseconds ?? 0)
            let server = notes.serverMicroseconds
            add("server", server.map { $0 - (notes.queueMicroseconds ?? 0) })
            let known =
                (dial?.connectMicroseconds ?? 0) + (dial?.handshakeMicroseconds ?? 0)
                + (server ?? 0)
            // What is left: the way there and back, and tries before the last.
            add("network", max(0, all - known))
        }
        add("total", all)
        return rows
    }

    static func milliseconds(_ microseconds: Int64) -> String {
        String(format: "%.1f", Double(microseconds) / 1000)
    }
}
