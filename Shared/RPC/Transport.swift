package import NIOCore
package import Vocabulary
package import Wire

/// Carries calls to one service: over TLS in earnest, in memory in tests.
///
/// A transport moves encoded messages and knows neither their types nor who may send them. It
/// never repeats a call; ``Caller`` decides that.
package protocol Transport: Sendable {
    /// Makes a call with one reply.
    ///
    /// Returns or throws by the call's deadline. Cancelling the task cancels the call at the
    /// server too.
    func unary(_ call: OutboundCall) async throws(RPCFailure) -> InboundReply

    /// Makes a call with any number of replies.
    ///
    /// A reply is fetched, and room for another granted to the server, when the caller asks for
    /// it. Dropping or cancelling the consumption cancels the call at the server.
    func stream(_ call: OutboundCall) async throws(RPCFailure) -> MessageStream
}

/// A call as a transport sees it.
package struct OutboundCall: Sendable {
    package var method: MethodName
    /// The encoded request.
    package var message: ByteBuffer
    /// When the caller stops waiting.
    package var deadline: ContinuousClock.Instant
    /// How long that was when the call was handed over: so it travels.
    package var left: Duration
    package var key: IdempotencyKey?
    /// 1 for the first try.
    package var attempt: UInt8
    /// Journal positions of services that the answer must have seen.
    package var seen: [ServiceName: Int64]
    /// For what the caller reads; nil where it does not say.
    package var purpose: PurposeOfUse?
    /// Whose work it is a part of; nil where nobody follows it.
    package var trace: TraceContext?

    package init(
        method: MethodName, message: ByteBuffer, deadline: ContinuousClock.Instant,
        left: Duration? = nil, key: IdempotencyKey? = nil, attempt: UInt8 = 1,
        seen: [ServiceName: Int64] = [:], purpose: PurposeOfUse? = nil,
        trace: TraceContext? = nil
    ) {
        self.method = method
        self.message = message
        self.deadline = deadline
        self.left = left ?? ContinuousClock.now.duration(to: deadline)
        self.key = key
        self.attempt = attempt
        self.seen = seen
        self.purpose = purpose
        self.trace = trace
    }
}

/// A reply as a transport sees it.
package struct InboundReply: Sendable {
    /// The encoded reply.
    package var message: ByteBuffer
    package var notes: ReplyNotes
    /// What making the connection took, where this call had to wait for it.
    package var dial: DialTiming?

    package init(
        message: ByteBuffer, notes: ReplyNotes = ReplyNotes(), dial: DialTiming? = nil
    ) {
        self.message = message
        self.notes = notes
        self.dial = dial
    }
}

/// What making a connection took.
package struct DialTiming: Codable, Hashable, Sendable {
    /// Microseconds until the socket was connected, looking up the name included.
    package var connectMicroseconds: Int64
    /// Microseconds from there until the service's HELLO had come.
    package var handshakeMicroseconds: Int64

    package init(connectMicroseconds: Int64, handshakeMicroseconds: Int64) {
        self.connectMicroseconds = connectMicroseconds
        self.handshakeMicroseconds = handshakeMicroseconds
    }
}

/// The replies of a streaming call, one at a time, in order.
///
/// It is consumed once, by one task.
package struct MessageStream: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    private let next: @Sendable () async throws(RPCFailure) -> ByteBuffer?

    /// - Parameter next: the next message, or nil after the last; throws what ended the stream.
    package init(next: @escaping @Sendable () async throws(RPCFailure) -> ByteBuffer?) {
        self.next = next
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let fetch: @Sendable () async throws(RPCFailure) -> ByteBuffer?

        package mutating func next() async throws(RPCFailure) -> ByteBuffer? { try await fetch() }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(fetch: next) }
}

/// A call as it arrived at a service.
package final class InboundCall: Sendable {
    /// Who called, as their certificate says.
    package let identity: Identity
    package let method: String
    /// What its router knows of the method.
    package let terms: CallTerms
    /// The encoded request.
    package let message: ByteBuffer
    /// When it was whole.
    package let arrived: NIODeadline
    /// When nobody waits any more: the transport ends the call then, and cancels its task.
    package let deadline: ContinuousClock.Instant
    package let key: IdempotencyKey?
    package let attempt: UInt8
    package let seen: [ServiceName: Int64]
    package let purpose: PurposeOfUse?
    package let trace: TraceContext?

    package init(
        identity: Identity, method: String, terms: CallTerms, message: ByteBuffer,
        arrived: NIODeadline, deadline: ContinuousClock.Instant,
        key: IdempotencyKey? = nil, attempt: UInt8 = 1, seen: [ServiceName: Int64] = [:],
        purpose: PurposeOfUse? = nil, trace: TraceContext? = nil
    ) {
        self.identity = identity
        self.method = method
        self.terms = terms
        self.message = message
        self.arrived = arrived
        self.deadline = deadline
        self.key = key
        self.attempt = attempt
        self.seen = seen
        self.purpose = purpose
        self.trace = trace
    }
}

/// Takes a service's answer to one call back to the caller.
///
/// Exactly one of `finish` and `fail` is called, once, last.
package protocol ReplySink: Sendable {
    /// Sends one of several replies; waits while the caller has no room for it.
    func send(_ message: ByteBuffer) async throws(RPCFailure)
    /// Ends the call well, with the only or last message where there is one.
    func finish(_ message: ByteBuffer?, notes: ReplyNotes)
    /// Ends the call with a failure.
    func fail(_ failure: RPCFailure)
}

/// Answers calls, whichever transport they arrive by.
///
/// A transport runs one task per call. It cancels the task when the caller cancels or goes away
/// and when the deadline passes; then it has told the caller so itself.
package protocol CallHandler: Sendable {
    /// What holds for a method's calls before they are handled.
    func terms(of method: String) -> CallTerms
    func handle(_ call: InboundCall, replyingTo sink: some ReplySink) async
}

extension CallHandler {
    /// Begins to answer a call in a task of its own, which inherits the call's deadline and trace.
    ///
    /// `executor`: the connection's thread, where the method asks for it; without one all handlers
    /// run on the shared threads.
    package func begin(
        _ call: InboundCall, replyingTo sink: some ReplySink,
        on executor: (any TaskExecutor)? = nil
    ) -> Task<Void, Never> {
        let inheritance = CallContext.Inheritance(deadline: call.deadline, trace: call.trace)
        return CallContext.$inherited.withValue(inheritance) {
            guard let executor, call.terms.thread == .connection else {
                return Task { await handle(call, replyingTo: sink) }
            }
            return Task.immediate(executorPreference: executor) {
                await handle(call, replyingTo: sink)
            }
        }
    }
}

/// What a transport must know of a method before it hands over a call.
package struct CallTerms: Hashable, Sendable {
    /// How long a caller waits who names no limit.
    package let timeout: Duration
    package let thread: HandlerThread
    /// Where the router has it; nil for a method that it does not have.
    package let route: Int?

    /// No call lasts longer, whatever its caller says; no clock of a system takes any number.
    package static let patience = Duration.seconds(86_400)

    package init(timeout: Duration, thread: HandlerThread, route: Int? = nil) {
        self.timeout = timeout
        self.thread = thread
        self.route = route
    }

    /// When a call must be answered.
    ///
    /// `wish`: how long its caller waits; nil where it named no limit.
    package func deadline(
        _ wish: Duration?, from arrived: ContinuousClock.Instant
    ) -> ContinuousClock.Instant {
        arrived.advanced(by: min(wish ?? timeout, Self.patience))
    }
}
