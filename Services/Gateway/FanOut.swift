import Shared

/// One question to several services at once, and every answer or the reason why there is none.
///
/// All legs run in parallel under one deadline. `Part` holds whatever a leg can answer: where legs
/// answer different things it is an enumeration with a case for each.
struct FanOut<Part: Sendable>: Sendable {
    /// What one service is asked.
    struct Question: Sendable {
        let service: ServiceName
        /// What it is asked for, in a word or two.
        let subject: String
        /// Whether the whole is complete without it for a role that may not ask this.
        ///
        /// Names are such a thing: whoever may not see them gets a complete answer without.
        var isOnlyForSomeRoles = false
        let ask: @Sendable (LegCaller) async throws -> Part
    }

    /// One question, and what came of it.
    struct Leg: Sendable {
        let service: ServiceName
        let subject: String
        var isOnlyForSomeRoles = false
        var result: Result<Part, RPCFailure>
        var took = Duration.zero
        /// The journal position that the answer stands on, where the service said it.
        var position: Int64?
        var leftOut = LeftOut()

        var failure: RPCFailure? {
            if case .failure(let failure) = result { failure } else { nil }
        }

        /// Whether it is not answered because the caller's role has no part in it.
        var isOutOfRole: Bool { isOnlyForSomeRoles && failure?.code == .permissionDenied }
    }

    /// In the order of the questions.
    private(set) var legs: [Leg]
    /// What all calls of all legs have in common in the services' logs; nil where nobody follows.
    private(set) var trace: TraceContext?

    init(legs: [Leg], trace: TraceContext? = nil) {
        self.legs = legs
        self.trace = trace
    }

    /// What was answered.
    var parts: [Part] { legs.compactMap { try? $0.result.get() } }

    /// The legs without an answer that somebody in this role would have got.
    var missing: [Leg] { legs.filter { $0.failure != nil && !$0.isOutOfRole } }

    /// Asks all questions in parallel; one that fails does not keep the others from answering.
    ///
    /// Returns at the latest after `timeout`: a leg without an answer by then is missing.
    /// `trace`: followed by every call of every leg.
    /// `connect`: gives the caller of a service; asked once for each service, before the deadline
    /// begins to run.
    static func ask(
        _ questions: [Question], within timeout: Duration, trace: TraceContext? = nil,
        connect: (ServiceName) throws -> Caller
    ) async -> FanOut {
        let callers = Dictionary(
            questions.map(\.service).map { service in
                (service, Result { try connect(service) }.mapError(Self.failure))
            }, uniquingKeysWith: { first, _ in first })
        let start = ContinuousClock.now
        let deadline = start.advanced(by: timeout)
        // Until it is answered, a leg is what it will be if the deadline passes.
        var legs = questions.map { question in
            Leg(
                service: question.service, subject: question.subject,
                isOnlyForSomeRoles: question.isOnlyForSomeRoles,
                result: .failure(
                    RPCFailure(
                        .deadlineExceeded, "deadline exceeded: no answer within \(timeout)",
                        outcome: .unknown)),
                took: timeout)
        }
        await withTaskGroup(of: Answered?.self) { group in
            for (number, question) in questions.enumerated() {
                guard let caller = callers[question.service] else { continue }
                group.addTask {
                    let legCaller = LegCaller(caller, deadline: deadline, trace: trace)
                    let result: Result<Part, RPCFailure>
                    do {
                        result = .success(try await question.ask(legCaller))
                    } catch {
                        result = .failure(Self.failure(error))
                    }
                    return Answered(
                        number: number, result: result, took: start.duration(to: .now),
                        position: legCaller.position, leftOut: legCaller.leftOut)
                }
            }
            group.addTask {
                try? await Task.sleep(until: deadline, clock: .continuous)
                return nil
            }
            var open = questions.count
            while open > 0, let answered = await group.next() ?? nil {
                open -= 1
                legs[answered.number].result = answered.result
                legs[answered.number].took = answered.took
                legs[answered.number].position = answered.position
                legs[answered.number].leftOut = answered.leftOut
            }
            group.cancelAll()
        }
        return FanOut(legs: legs, trace: trace)
    }

    private struct Answered: Sendable {
        let number: Int
        let result: Result<Part, RPCFailure>
        let took: Duration
        let position: Int64?
        let leftOut: LeftOut
    }

    private static func failure(_ error: any Error) -> RPCFailure {
        guard let problem = error as? GatewayProblem else { return RPCFailure(error) }
        return RPCFailure(
            problem.status == .refused ? .unauthenticated : .unavailable, problem.message,
            outcome: .notProcessed)
    }

    /// The same with those legs missing for which `failure` finds a reason.
    func without(_ failure: (Leg) -> RPCFailure?) -> FanOut {
        FanOut(
            legs: legs.map { leg in
                var leg = leg
                if let failure = failure(leg) { leg.result = .failure(failure) }
                return leg
            }, trace: trace)
    }
}
