internal import CBOR
package import Logging
internal import NIOCore
private import Synchronization
package import Vocabulary
internal import Wire

/// The code that answers one method.
package struct Handler: Sendable {
    let declaration: any RPCDeclaration.Type
    let answer: @Sendable (ByteBuffer, CallContext, any ReplySink) async throws -> ByteBuffer?
    let named: @Sendable (ByteBuffer) -> [ParticipantID]

    private init<R: RPCDeclaration>(
        _ declaration: R.Type,
        answer:
            @escaping @Sendable (ByteBuffer, CallContext, any ReplySink) async throws ->
            ByteBuffer?
    ) {
        self.declaration = declaration
        self.answer = answer
        named = { (try? CBORDecoder().decode(R.self, from: $0))?.namedPeople ?? [] }
    }

    /// Answers a call that has one reply.
    package static func unary<M: RPCMethod>(
        _ method: M.Type, _ body: @escaping @Sendable (M, CallContext) async throws -> M.Reply
    ) -> Handler {
        Handler(method) { message, context, _ in
            let request = try decodeRequest(method, message)
            return try CBOREncoder().encode(await body(request, context))
        }
    }

    /// Answers a call that has any number of replies, sent through the function it is given.
    package static func stream<S: RPCStream>(
        _ method: S.Type,
        _ body:
            @escaping @Sendable (
                S, CallContext, _ send: @Sendable (S.Element) async throws -> Void
            ) async throws -> Void
    ) -> Handler {
        Handler(method) { message, context, sink in
            let request = try decodeRequest(method, message)
            try await body(request, context) { element in
                try await sink.send(CBOREncoder().encode(element))
            }
            return nil
        }
    }
}

private func decodeRequest<R: RPCDeclaration>(
    _ type: R.Type, _ message: ByteBuffer
) throws(RPCFailure) -> R {
    do {
        return try CBORDecoder().decode(type, from: message)
    } catch {
        throw RPCFailure(.invalidArgument, "the request is not a \(type.name): \(error)")
    }
}

/// Finds the handler of each call and holds it to the call's declaration.
///
/// Who is not named in the declaration's access is refused before the request is read.
package final class Router: CallHandler {
    private struct Route {
        let handler: Handler
        let isStream: Bool
    }

    private let routes: [Route]
    private let byName: [String: CallTerms]
    private let interceptors: [any Interceptor]
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let run = UInt32.random(in: 1...UInt32.max)
    private let calls = Atomic<UInt64>(0)

    /// Matches handlers to declarations.
    ///
    /// `declared`: every method the service's API declares.
    /// `handlers`: one for each of them, and no other.
    /// `gate`: refuses whom a declaration does not name.
    /// `admission`: bounds what runs at once.
    /// `interceptors`: asked after those that every router has: meters, traces, access, admission.
    /// `now`: the time, read once for each call.
    /// - Throws: ``RouterError`` where the two do not match: a service with a hole must not start.
    package init(
        declared: [any RPCDeclaration.Type], handlers: [Handler],
        gate: any Interceptor = AccessGate(), admission: Admission = Admission(),
        interceptors: [any Interceptor] = [], logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) throws(RouterError) {
        var byName: [String: CallTerms] = [:]
        for (index, handler) in handlers.enumerated() {
            let declaration = handler.declaration
            let terms = CallTerms(
                timeout: declaration.timeout, thread: declaration.thread, route: index)
            guard byName.updateValue(terms, forKey: declaration.name.text) == nil else {
                throw .twice(declaration.name.text)
            }
        }
        let names = Set(declared.map { $0.name.text })
        if let hole = names.subtracting(byName.keys).sorted().first { throw .unanswered(hole) }
        if let extra = Set(byName.keys).subtracting(names).sorted().first {
            throw .undeclared(extra)
        }
        self.byName = byName
        routes = handlers.map {
            Route(handler: $0, isStream: $0.declaration is any RPCStream.Type)
        }
        self.interceptors =
            [
                Metering(handlers.map(\.declaration)), Tracing(logger), gate, admission,
            ] + interceptors
        self.logger = logger
        self.now = now
    }

    package func terms(of method: String) -> CallTerms {
        byName[method] ?? CallTerms(timeout: .seconds(10), thread: .connection)
    }

    package func handle(_ call: InboundCall, replyingTo sink: some ReplySink) async {
        let context = CallContext(
            identity: call.identity, method: MethodName(call.method), now: now(),
            deadline: call.deadline, key: call.key,
            id: CallID(run: run, number: calls.wrappingAdd(1, ordering: .relaxed).newValue),
            trace: call.trace, seen: call.seen, purpose: call.purpose)
        guard let index = call.terms.route else {
            let failure = RPCFailure(
                .unimplemented, "this service has no method of that name", outcome: .notProcessed)
            return sink.fail(report(failure, of: "unknown", context))
        }
        let route = routes[index]
        let serverCall = ServerCall(
            declaration: route.handler.declaration, index: index, isStream: route.isStream,
            context: context, handler: route.handler, message: call.message)
        var admitted = 0
        do throws(RPCFailure) {
            try Self.checkTime(context)
            for interceptor in interceptors {
                let admittance = try interceptor.admit(serverCall)
                if case .after(let turn) = admittance {
                    try await turn()
                    context.notes.waited((NIODeadline.now() - call.arrived).nanoseconds / 1000)
                }
                admitted += 1
            }
            let message = try await answer(route.handler, call.message, context, sink)
            let nanoseconds = (NIODeadline.now() - call.arrived).nanoseconds
            var notes = context.notes.current
            notes.serverMicroseconds = nanoseconds / 1000
            // Told before the answer leaves: who has it may count on what was counted.
            tell(admitted, serverCall, CallEnd(failure: nil, nanoseconds: nanoseconds))
            sink.finish(message, notes: notes)
        } catch {
            let failure = report(error, of: context.method.text, context)
            let nanoseconds = (NIODeadline.now() - call.arrived).nanoseconds
            tell(admitted, serverCall, CallEnd(failure: failure, nanoseconds: nanoseconds))
            sink.fail(failure)
        }
    }

    private static func checkTime(_ context: CallContext) throws(RPCFailure) {
        guard ContinuousClock.now < context.deadline else {
            throw .deadlinePassedUnbegun
        }
    }

    private func answer(
        _ handler: Handler, _ message: ByteBuffer, _ context: CallContext,
        _ sink: some ReplySink
    ) async throws(RPCFailure) -> ByteBuffer? {
        do {
            return try await handler.answer(message, context, sink)
        } catch {
            // A task that is cancelled because its time is over says so, however it ended.
            if Task.isCancelled, ContinuousClock.now >= context.deadline {
                throw .deadlinePassed
            }
            let failure = RPCFailure(error)
            if failure.code == .internal {
                logger.error(
                    "handler failed: \(type(of: error))",
                    metadata: ["call": "\(context.id)", "method": "\(context.method)"])
            }
            throw failure
        }
    }

    private func tell(_ admitted: Int, _ call: ServerCall, _ end: CallEnd) {
        var index = admitted
        while index > 0 {
            index -= 1
            interceptors[index].ended(call, end)
        }
    }

    /// The failure a caller gets; what only the operator may see goes to the log.
    private func report(
        _ error: RPCFailure, of method: String, _ context: CallContext
    ) -> RPCFailure {
        var failure = error
        failure.call = context.id.description
        failure.origin = (failure.origin ?? []) + [method]
        logger.info(
            "call refused",
            metadata: [
                "call": "\(context.id)", "method": "\(method)", "caller": "\(context.identity)",
                "status": "\(failure.code)", "rule": "\(failure.rule ?? "-")",
                "trace": "\(context.trace?.traceID ?? "-")",
            ])
        return failure
    }
}

/// Why a service's methods and handlers do not match.
package enum RouterError: Error, Hashable, Sendable, CustomStringConvertible {
    case unanswered(String)
    case undeclared(String)
    case twice(String)

    package var description: String {
        switch self {
        case .unanswered(let name): "the method \(name) is declared but nothing answers it"
        case .undeclared(let name): "\(name) is answered but not declared in the API"
        case .twice(let name): "\(name) has two handlers"
        }
    }
}
