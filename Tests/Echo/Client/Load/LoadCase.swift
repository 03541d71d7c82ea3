import ArgumentParser

/// What a client is asked to measure.
enum LoadCase: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// One call at a time on one connection.
    case lat
    case t64
    case t256
    /// Eight connections with 32 calls in flight on each.
    case t8x32
    /// Calls with 100,000 replies; each reply counts.
    case stream
    /// 1 MiB there and back, one at a time.
    case blob1
    /// 1 MiB there and back, four in flight.
    case blob4
    /// A new connection, one call, and the end of the connection, one after the other.
    case hs
    /// A thousand connections that do nothing.
    case idle

    var connections: Int { self == .t8x32 ? 8 : 1 }

    /// Calls in flight on each connection.
    var inFlight: Int {
        switch self {
        case .t64: 64
        case .t256: 256
        case .t8x32: 32
        case .blob4: 4
        case .lat, .stream, .blob1, .hs, .idle: 1
        }
    }
}

/// The options that the clients of all implementations take.
struct LoadOptions: ParsableArguments {
    @Option(help: "Where the server listens: HOST:PORT.") var address: String
    @Option(help: "The own certificate (PEM).") var certificate: String
    @Option(help: "The own key (PEM).") var key: String
    @Option(help: "The trusted authorities (PEM).") var authorities: String
    @Option(name: .customLong("case"), help: "What to measure.") var load: LoadCase
    @Option(help: "Length of the measured window, in seconds.") var seconds = 1.0
    @Option(help: "How long to make calls before it, in seconds.") var warmup = 0.3

    func validate() throws {
        guard seconds > 0, seconds <= 3600, warmup >= 0, warmup <= 3600 else {
            throw ValidationError("--seconds and --warmup must be times of at most an hour")
        }
    }
}
