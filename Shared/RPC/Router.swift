internal import CBOR
package import Logging
internal import NIOCore
package import Vocabulary

/// The code that answers one method.
package struct Handler: Sendable {
    let declaration: any RPCDeclaration.Type
    let answer: @Sendable (ByteBuffer, CallContext, any ReplySink) async throws -> ByteBuffer?

    /// Answers a call that has one reply.
    package static func unary<M: RPCMethod>(
        _ method: M.Type, _ body: @escaping @Sendable (M, CallContext) async throws -> M.Reply
    ) -> Handler {
        Handler(declaration: method) { message, context, _ in
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
        Handler(declaration: method) { message, context, sink in
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
package struct Router: CallHandler {
    /// No call lasts longer, whatever its caller says; no clock of a system takes any number.
    private static let patience = Duration.seconds(86_400)

    private let handlers: [String: Handler]
    private let logger: Logger
    private let now: @Sendable () -> Timestamp

    /// Matches handlers to declarations.
    ///
    /// `declared`: every method the service's API declares.
    /// `handlers`: one for each of them, and no other.
    /// `now`: the time, read once for each call.
    /// - Throws: ``RouterError`` where the two do not match: a service with a hole must not start.
    package init(
        declared: [any RPCDeclaration.Type], handlers: [Handler], logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) throws(RouterError) {
        var byName: [String: Handler] = [:]
        for handler in handlers {
            let name = handler.declaration.name.text
            guard byName.updateValue(handler, forKey: name) == nil else { throw .twice(name) }
        }
        let names = Set(declared.map { $0.name.text })
        if let hole = names.subtracting(byName.keys).sorted().first { throw .unanswered(hole) }
        if let extra = Set(byName.keys).subtracting(names).sorted().first {
            throw .undeclared(extra)
        }
        self.handlers = byName
        self.logger = logger
        self.now = now
    }

    package func handle(_ call: InboundCall, replyingTo sink: some ReplySink) async {
        let arrived = ContinuousClock.now
        let context = makeContext(call, arrived: arrived)
        do {
            let handler = try admit(call, context)
            let message = try await within(context.deadline) {
                try await CallContext.$inheritedDeadline.withValue(context.deadline) {
                    try await handler.answer(call.message, context, sink)
                }
            }
            var notes = context.notes.current
            notes.serverMicroseconds = arrived.duration(to: .now).microseconds
            sink.finish(message, notes: notes)
        } catch {
            sink.fail(report(error, context))
        }
    }

    private func admit(
        _ call: InboundCall, _ context: CallContext
    ) throws(RPCFailure) -> Handler {
        guard let handler = handlers[call.method] else {
            throw RPCFailure(
                .unimplemented, "this service has no method of that name",
                outcome: .notProcessed)
        }
        guard handler.declaration.access.allows(call.identity) else {
            throw RPCFailure(
                .permissionDenied, "your role may not call \(handler.declaration.name)",
                outcome: .notProcessed)
        }
        guard ContinuousClock.now < context.deadline else {
            throw RPCFailure(
                .deadlineExceeded, "the deadline passed before the call began",
                outcome: .notProcessed)
        }
        return handler
    }

    private func makeContext(
        _ call: InboundCall, arrived: ContinuousClock.Instant
    ) -> CallContext {
        let declaration = handlers[call.method]?.declaration
        let timeout = min(call.timeout ?? declaration?.timeout ?? .seconds(10), Self.patience)
        let time = now()
        return CallContext(
            identity: call.identity, method: declaration?.name ?? "unknown", now: time,
            deadline: arrived.advanced(by: timeout), key: call.key,
            id: Identifier<Noun.Key>.random(at: time).description, seen: call.seen)
    }

    /// The failure a caller gets; what only the operator may see goes to the log.
    private func report(_ error: any Error, _ context: CallContext) -> RPCFailure {
        var failure = RPCFailure(error)
        failure.call = context.id
        failure.origin = (failure.origin ?? []) + [context.method.text]
        let fields: Logger.Metadata = [
            "call": "\(context.id)", "method": "\(context.method)",
            "caller": "\(context.identity)", "status": "\(failure.code)",
            "rule": "\(failure.rule ?? "-")",
        ]
        if failure.code == .internal {
            logger.error("call failed: \(type(of: error))", metadata: fields)
        } else {
            logger.info("call refused", metadata: fields)
        }
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

/// Runs `body`, and cancels it and fails when the deadline passes first.
private func within<Value: Sendable>(
    _ deadline: ContinuousClock.Instant, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(until: deadline, clock: .continuous)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else {
            throw RPCFailure(
                .deadlineExceeded, "the deadline passed before the answer was ready",
                outcome: .unknown)
        }
        return value
    }
}

extension Duration {
    /// Whole microseconds; the extremes for durations beyond 64 bits.
    package var microseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        return product.addingReportingOverflow(attoseconds / 1_000_000_000_000).partialValue
    }
}
