/// What Pulih is to reach, as a ratio to a peer or, without one, as a value.
struct Target: Sendable {
    enum Bound: Sendable {
        case atLeast
        case atMost
    }

    enum Verdict: String, Sendable {
        case stretch = "stretch met"
        case goal = "goal met"
        case missed = "NOT MET"
        case unknown = "not measured"
    }

    let name: String
    let load: Case
    let figure: Figure
    let bound: Bound
    let peer: Implementation?
    let goal: Double
    let stretch: Double?

    /// The measured value; nil where there is none.
    func value(_ figures: Figures) -> Double? {
        guard let peer else { return median(figures.values(figure, load, .pulih)) }
        return figures.ratio(figure, load, of: .pulih, to: peer)
    }

    func verdict(_ value: Double?) -> Verdict {
        guard let value else { return .unknown }
        if let stretch, isWithin(value, stretch) { return .stretch }
        return isWithin(value, goal) ? .goal : .missed
    }

    private func isWithin(_ value: Double, _ limit: Double) -> Bool {
        bound == .atLeast ? value >= limit : value <= limit
    }

    // Found with prototypes without deadlines, access and metrics on a machine of two processors.
    static let all: [Target] =
        ratios(
            "p50", .lat, .p50, .atMost,
            [
                (.grpcSwift, 0.065, 0.045), (.grpcCPP, 0.40, 0.27), (.grpcGo, 0.75, 0.55),
                (.c, 4, 2.8),
            ])
        + ratios(
            "calls/s", .t64, .callsPerSecond, .atLeast,
            [(.grpcSwift, 22, 31), (.grpcCPP, 3.5, 4.9), (.grpcGo, 2.8, 4), (.c, 0.19, 0.26)])
        + ratios(
            "calls/s", .t256, .callsPerSecond, .atLeast,
            [(.grpcSwift, 30, 58), (.grpcCPP, 4.6, 9), (.grpcGo, 3.8, 7), (.c, 0.11, 0.21)])
        + ratios(
            "calls/s", .t8x32, .callsPerSecond, .atLeast,
            [(.grpcSwift, 37, 68), (.grpcCPP, 6.5, 12), (.grpcGo, 5.4, 10), (.c, 0.09, 0.16)])
        + ratios(
            "messages/s", .stream, .callsPerSecond, .atLeast,
            [(.grpcSwift, 4.8, 9), (.grpcCPP, 1.35, 2.6), (.grpcGo, 1.1, 2), (.c, 0.08, 0.15)])
        + ratios(
            "calls/s", .blob1, .callsPerSecond, .atLeast,
            [(.grpcSwift, 5, 6.5), (.grpcCPP, 1.7, 2.2), (.c, 0.65, 0.85)])
        + ratios(
            "calls/s", .blob4, .callsPerSecond, .atLeast,
            [(.grpcSwift, 6.8, 8), (.grpcCPP, 1.5, 1.8), (.c, 0.72, 0.85)])
        + ratios(
            "calls/s", .hs, .callsPerSecond, .atLeast,
            [(.grpcSwift, 1.15, 1.25), (.grpcCPP, 2.0, nil), (.c, 0.82, 0.9)])
        + ratios(
            "CPU a call", .t256, .cpu, .atMost,
            [(.grpcSwift, 1.0 / 45, 1.0 / 75), (.grpcCPP, 1 / 6.5, 1.0 / 11)])
        + [
            Target(
                name: "KiB a connection, server", load: .idle, figure: .serverIdle,
                bound: .atMost, peer: nil, goal: 60, stretch: 30),
            Target(
                name: "KiB a connection, client", load: .idle, figure: .clientIdle,
                bound: .atMost, peer: nil, goal: 60, stretch: 30),
        ]

    private static func ratios(
        _ name: String, _ load: Case, _ figure: Figure, _ bound: Bound,
        _ peers: [(Implementation, Double, Double?)]
    ) -> [Target] {
        peers.map { peer, goal, stretch in
            Target(
                name: name, load: load, figure: figure, bound: bound, peer: peer, goal: goal,
                stretch: stretch)
        }
    }
}
