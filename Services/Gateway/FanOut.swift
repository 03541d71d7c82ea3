import Shared

/// One question to several services at once, and every answer or the reason why there is none.
struct FanOut<Reply: Sendable>: Sendable {
    struct Leg: Sendable {
        let service: ServiceName
        let result: Result<Reply, RPCFailure>
        let took: Duration
    }

    /// In the order in which the services were named.
    let legs: [Leg]

    var missing: [Leg] {
        legs.filter { leg in
            if case .failure = leg.result { true } else { false }
        }
    }

    /// Asks all services in parallel; one that fails does not keep the others from answering.
    static func ask(
        _ services: [ServiceName],
        _ question: @escaping @Sendable (ServiceName) async throws -> Reply
    ) async -> FanOut {
        await withTaskGroup(of: Leg.self) { group in
            for service in services {
                group.addTask {
                    let start = ContinuousClock.now
                    let result: Result<Reply, RPCFailure>
                    do {
                        result = .success(try await question(service))
                    } catch let problem as GatewayProblem {
                        result = .failure(
                            RPCFailure(
                                .unavailable, problem.message, outcome: .notProcessed,
                                retry: .never))
                    } catch let error as CallError<NoRefusal> {
                        result = .failure(error.failure)
                    } catch {
                        result = .failure(RPCFailure(error))
                    }
                    return Leg(
                        service: service, result: result, took: start.duration(to: .now))
                }
            }
            var legs: [Leg] = []
            for await leg in group { legs.append(leg) }
            return FanOut(
                legs: services.compactMap { name in legs.first { $0.service == name } })
        }
    }

    /// Says what is missing, and ends the command: `partial` where somebody answered.
    func exitIfPartial() throws {
        guard !missing.isEmpty else { return }
        for leg in missing {
            if case .failure(let failure) = leg.result {
                Console.note("missing: \(leg.service.rawValue): \(failure.message)")
            }
        }
        if missing.count < legs.count { throw ExitStatus.partial }
        if case .failure(let failure)? = missing.first?.result { throw ExitStatus(failure) }
    }
}
