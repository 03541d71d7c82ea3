import Foundation
import Shared

/// Makes the calls of a sample, as many at once as do not depend on each other.
struct SampleLoader: Sendable {
    /// A person's caller of a service; asked for once each.
    let caller: @Sendable (SampleColleague, ServiceName) throws -> Caller
    /// How long one call may take, and how long the services may take to hear of each other.
    var timeout = Duration.seconds(30)

    /// How many lanes are loaded at once.
    private static let lanesMax = 8
    private static let pause = Duration.milliseconds(25)

    /// Makes every call; `advance` is told of each few that are done.
    ///
    /// - Throws: ``GatewayProblem`` naming the step that failed. What was loaded until then stays,
    ///   and loading again goes on from there.
    func load(_ steps: [SampleStep], advance: (Int) -> Void) async throws {
        let callers = try callers(for: steps)
        var made: [ServiceName: Int64] = [:]
        for chapter in SampleChapter.allCases {
            let lanes = lanes(of: steps.filter { $0.chapter == chapter })
            let positions = try await load(lanes, callers, advance: advance)
            made.merge(positions, uniquingKeysWith: max)
            try await waitUntilHeard(made, callers)
        }
    }

    // MARK: - Callers

    private struct Seat: Hashable {
        let colleague: SampleColleague
        let service: ServiceName
    }

    private func callers(for steps: [SampleStep]) throws -> [Seat: Caller] {
        var callers: [Seat: Caller] = [:]
        for step in steps {
            let seat = try Self.seat(of: step)
            if callers[seat] == nil {
                callers[seat] = try caller(seat.colleague, seat.service)
            }
        }
        return callers
    }

    private static func seat(of step: SampleStep) throws -> Seat {
        guard let service = step.service else {
            throw GatewayProblem("\(step.method) belongs to no service")
        }
        return Seat(colleague: step.by, service: service)
    }

    // MARK: - Lanes

    /// The lanes in the order in which they first come, each with its steps in order.
    private func lanes(of steps: [SampleStep]) -> [[SampleStep]] {
        let byLane = Dictionary(grouping: steps, by: \.lane)
        var seen: Set<String> = []
        return steps.map(\.lane).filter { seen.insert($0).inserted }.compactMap { byLane[$0] }
    }

    private func load(
        _ lanes: [[SampleStep]], _ callers: [Seat: Caller], advance: (Int) -> Void
    ) async throws -> [ServiceName: Int64] {
        var positions: [ServiceName: Int64] = [:]
        try await withThrowingTaskGroup(of: (Int, [ServiceName: Int64]).self) { group in
            var waiting = lanes[...]
            for lane in waiting.prefix(Self.lanesMax) {
                group.addTask { (lane.count, try await run(lane, callers)) }
            }
            waiting = waiting.dropFirst(Self.lanesMax)
            while let (count, made) = try await group.next() {
                positions.merge(made, uniquingKeysWith: max)
                advance(count)
                guard let lane = waiting.popFirst() else { continue }
                group.addTask { (lane.count, try await run(lane, callers)) }
            }
        }
        return positions
    }

    private func run(
        _ lane: [SampleStep], _ callers: [Seat: Caller]
    ) async throws -> [ServiceName: Int64] {
        var positions: [ServiceName: Int64] = [:]
        for step in lane {
            let seat = try Self.seat(of: step)
            guard let caller = callers[seat] else { continue }
            do throws(RPCFailure) {
                let position = try await step.send(by: caller, within: timeout)
                positions[seat.service] = max(positions[seat.service] ?? 0, position ?? 0)
            } catch {
                throw Self.problem(error, at: step)
            }
        }
        return positions
    }

    private static func problem(_ failure: RPCFailure, at step: SampleStep) -> GatewayProblem {
        let rule = failure.rule.map { " [\($0)]" } ?? ""
        var message = "step \(step.name) (\(step.method)): \(failure.message)\(rule)"
        if failure.rule == "idempotency-key-reused" {
            message +=
                "\na sample with another seed or last day is loaded already; give the same "
                + "--seed and --through, or start with empty stores"
        }
        return GatewayProblem(message, ExitStatus(failure))
    }

    // MARK: - Feeds

    /// Waits until each service has applied what its peers recorded.
    private func waitUntilHeard(
        _ made: [ServiceName: Int64], _ callers: [Seat: Caller]
    ) async throws {
        let deadline = ContinuousClock.now.advanced(by: timeout)
        for service in ServiceName.allCases {
            guard let caller = callers.first(where: { $0.key.service == service })?.value else {
                continue
            }
            while let behind = try await feedBehind(of: service, made, caller) {
                guard ContinuousClock.now < deadline else {
                    throw GatewayProblem(
                        "\(service.rawValue) has not heard of \(behind.rawValue) for "
                            + "\(timeout.components.seconds) s; check its setting "
                            + "peers.\(behind.rawValue) and its log", .deadline)
                }
                try await Task.sleep(for: Self.pause)
            }
        }
    }

    private func feedBehind(
        of service: ServiceName, _ made: [ServiceName: Int64], _ caller: Caller
    ) async throws -> ServiceName? {
        do throws(CallError<CheckHealth.Refusal>) {
            let health = try await caller.call(
                CheckHealth(), options: CallOptions(timeout: timeout))
            return health.feeds.first { $0.position < made[$0.of] ?? 0 }?.of
        } catch {
            throw GatewayProblem(error.failure)
        }
    }
}
