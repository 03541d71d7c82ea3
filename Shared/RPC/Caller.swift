internal import CBOR
internal import NIOCore
package import Vocabulary
package import Wire

/// Makes typed calls to one service.
///
/// A value to hold and pass on. Deadlines are inherited: a call made inside a handler never
/// outlasts the call being answered.
package struct Caller: Sendable {
    private let transport: any Transport
    private let retries: RetryPolicy
    private let budget: RetryBudget
    private let purpose: PurposeOfUse?
    private let makeKey: @Sendable () -> IdempotencyKey

    /// Says how calls travel and what may be repeated.
    ///
    /// `budget`: bounds all repeats of one client together.
    /// `purpose`: for what the caller reads, where a call does not say otherwise.
    /// `makeKey`: names a keyed call for which the caller gave no key, so that its repeats have
    /// one effect.
    package init(
        _ transport: any Transport, retries: RetryPolicy = RetryPolicy(),
        budget: RetryBudget = RetryBudget(), purpose: PurposeOfUse? = nil,
        makeKey: @escaping @Sendable () -> IdempotencyKey
    ) {
        self.transport = transport
        self.retries = retries
        self.budget = budget
        self.purpose = purpose
        self.makeKey = makeKey
    }

    /// A reply together with what came beside it.
    package struct Answer<Reply: Sendable>: Sendable {
        package let reply: Reply
        package let notes: ReplyNotes
        /// How many tries it took.
        package let attempts: Int
        /// What making the connection took, where this call had to wait for it.
        package let dial: DialTiming?
    }

    /// Calls and waits for the reply.
    package func call<M: RPCMethod>(
        _ request: M, options: CallOptions = CallOptions()
    ) async throws(CallError<M.Refusal>) -> M.Reply {
        try await answer(request, options: options).reply
    }

    /// Calls and waits for the reply, with its notes.
    ///
    /// Repeats as the method's declaration and the failure's outcome allow, never past the
    /// deadline.
    package func answer<M: RPCMethod>(
        _ request: M, options: CallOptions = CallOptions()
    ) async throws(CallError<M.Refusal>) -> Answer<M.Reply> {
        do throws(RPCFailure) {
            var call = try outbound(request, options: options)
            if M.repeatability == .keyed { call.key = options.key ?? makeKey() }
            var attempts = 0
            budget.deposit()
            while true {
                attempts += 1
                call.attempt = UInt8(clamping: attempts)
                do throws(RPCFailure) {
                    let reply = try await transport.unary(call)
                    let value = try decodeReply(M.Reply.self, reply.message, of: M.name)
                    return Answer(
                        reply: value, notes: reply.notes, attempts: attempts, dial: reply.dial)
                } catch {
                    guard
                        let pause = retries.pause(
                            after: error, attempt: attempts,
                            left: ContinuousClock.now.duration(to: call.deadline)),
                        budget.withdraw()
                    else { throw error }
                    try await Self.sleep(pause)
                    call.left = ContinuousClock.now.duration(to: call.deadline)
                }
            }
        } catch {
            throw CallError(error)
        }
    }

    /// Calls and gets the replies as they are asked for.
    ///
    /// A stream is never repeated here: whoever follows it knows how far it got.
    package func stream<S: RPCStream>(
        _ request: S, options: CallOptions = CallOptions()
    ) async throws(RPCFailure) -> ReplyStream<S.Element> {
        let call = try outbound(request, options: options)
        return ReplyStream(messages: try await transport.stream(call), method: S.name)
    }

    private func outbound<R: RPCDeclaration>(
        _ request: R, options: CallOptions
    ) throws(RPCFailure) -> OutboundCall {
        let message: ByteBuffer
        do {
            message = try CBOREncoder().encode(request)
        } catch {
            throw RPCFailure(
                .invalidArgument, "the request cannot be encoded: \(error)", outcome: .notProcessed)
        }
        let now = ContinuousClock.now
        var left = options.timeout ?? R.timeout
        var deadline = now.advanced(by: left)
        let inherited = CallContext.inherited
        if let inherited, inherited.deadline < deadline {
            deadline = inherited.deadline
            left = now.duration(to: deadline)
        }
        guard left > .zero else {
            throw .deadlinePassedUnbegun
        }
        return OutboundCall(
            method: R.name, message: message, deadline: deadline, left: left, key: options.key,
            seen: options.seen, purpose: options.purpose ?? purpose,
            trace: options.trace ?? inherited?.trace?.next())
    }

    private static func sleep(_ pause: Duration) async throws(RPCFailure) {
        do {
            try await Task.sleep(for: pause)
        } catch {
            throw .callCancelled
        }
    }
}

/// What a caller may set for one call.
package struct CallOptions: Sendable {
    /// Instead of the method's own.
    package var timeout: Duration?
    /// Names this write, so that repeating it later has one effect.
    package var key: IdempotencyKey?
    /// Journal positions the answer must have seen.
    package var seen: [ServiceName: Int64]
    /// For what the caller reads, instead of what it says for all its calls.
    package var purpose: PurposeOfUse?
    /// Follows the call through all services it passes; inside a handler its own by default.
    package var trace: TraceContext?

    package init(
        timeout: Duration? = nil, key: IdempotencyKey? = nil, seen: [ServiceName: Int64] = [:],
        purpose: PurposeOfUse? = nil, trace: TraceContext? = nil
    ) {
        self.timeout = timeout
        self.key = key
        self.seen = seen
        self.purpose = purpose
        self.trace = trace
    }
}

extension TraceContext {
    /// Begins a trace.
    ///
    /// `isRecorded`: whether the services write its calls into their logs.
    package static func begin(isRecorded: Bool = true) -> TraceContext {
        TraceContext(
            traceHigh: .random(in: 1...UInt64.max), traceLow: .random(in: 0...UInt64.max),
            span: .random(in: 1...UInt64.max), flags: isRecorded ? 1 : 0)
    }

    /// Another call of the same trace.
    package func next() -> TraceContext {
        TraceContext(
            traceHigh: traceHigh, traceLow: traceLow, span: .random(in: 1...UInt64.max),
            flags: flags)
    }
}

/// The typed replies of a streaming call.
package struct ReplyStream<Element: Codable & Sendable>: AsyncSequence, Sendable {
    let messages: MessageStream
    let method: MethodName

    package struct AsyncIterator: AsyncIteratorProtocol {
        var messages: MessageStream.AsyncIterator
        let method: MethodName

        package mutating func next() async throws(RPCFailure) -> Element? {
            guard let message = try await messages.next() else { return nil }
            return try decodeReply(Element.self, message, of: method)
        }
    }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(messages: messages.makeAsyncIterator(), method: method)
    }
}

private func decodeReply<Value: Decodable>(
    _ type: Value.Type, _ message: ByteBuffer, of method: MethodName
) throws(RPCFailure) -> Value {
    do {
        return try CBORDecoder().decode(type, from: message)
    } catch {
        throw RPCFailure(
            .dataLoss, "the reply of \(method) is not what this version understands: \(error)",
            outcome: .unknown)
    }
}
