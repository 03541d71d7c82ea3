import Foundation

/// What a client tells the driver: lines of JSON on standard output.
enum LoadReport {
    /// Marks a moment: `base`, before the connections of `idle`, or `begin`, of the window.
    static func mark(_ event: String) { line(#"{"event":"\#(event)"}"#) }

    /// Tells the result.
    static func end(calls: Int, seconds: Double, latencies: Latencies?, negotiated: String) {
        let half = text(latencies?.microseconds(at: 0.5))
        let most = text(latencies?.microseconds(at: 0.99))
        line(
            #"{"event":"end","calls":\#(calls),"seconds":\#(seconds),"p50Microseconds":\#(half),"#
                + #""p99Microseconds":\#(most),"negotiated":"\#(negotiated)"}"#)
    }

    private static func text(_ number: Double?) -> String {
        number.map { String(format: "%.2f", $0) } ?? "null"
    }

    private static func line(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
}

/// Why a measurement is worth nothing.
enum LoadProblem: Error, CustomStringConvertible {
    case wrongAnswer
    /// The peers have no such case.
    case onlyOfPulih

    var description: String {
        switch self {
        case .wrongAnswer: "an answer was not what had been sent"
        case .onlyOfPulih: "the soak is a case of Pulih's own client alone"
        }
    }
}
