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
    /// Calls of all sorts for long, cut off at random; checks and measures no rate.
    case soak

    var connections: Int { self == .t8x32 ? 8 : 1 }

    /// Calls in flight on each connection.
    var inFlight: Int {
        switch self {
        case .t64: 64
        case .t256: 256
        case .t8x32: 32
        case .blob4: 4
        case .lat, .stream, .blob1, .hs, .idle, .soak: 1
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
    @Option(help: "Length of the measured window, in seconds; of the soak 600 if not given.")
    var seconds: Double?
    @Option(help: "How long to make calls before it, in seconds.") var warmup = 0.3
    @Option(help: "The soak's mix of calls is that of this number.") var seed: UInt64 = 1
    @Option(name: .customLong("server-pid"), help: "The server whose memory the soak watches.")
    var serverProcess: Int32?

    var length: Double { seconds ?? (load == .soak ? 600 : 1) }

    func validate() throws {
        guard length > 0, length <= 86_400, warmup >= 0, warmup <= 86_400 else {
            throw ValidationError("--seconds and --warmup must be times of at most a day")
        }
    }
}
