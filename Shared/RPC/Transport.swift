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
    /// When the caller stops waiting; it travels as the time that is left.
    package var deadline: ContinuousClock.Instant
    package var key: IdempotencyKey?
    /// 1 for the first try.
    package var attempt: UInt8
    /// Journal positions of services that the answer must have seen.
    package var seen: [ServiceName: Int64]
    /// Whose work it is a part of; nil where nobody follows it.
    package var trace: TraceContext?

    package init(
        method: MethodName, message: ByteBuffer, deadline: ContinuousClock.Instant,
        key: IdempotencyKey? = nil, attempt: UInt8 = 1, seen: [ServiceName: Int64] = [:],
        trace: TraceContext? = nil
    ) {
        self.method = method
        self.message = message
        self.deadline = deadline
        self.key = key
        self.attempt = attempt
        self.seen = seen
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

/// What a reply says beside its message.
package struct ReplyNotes: Codable, Hashable, Sendable {
    /// The position in the service's journal that the call made or saw.
    package var position: Int64?
    /// Microseconds between the request's arrival and the reply's departure.
    package var serverMicroseconds: Int64?
    /// How many of those the call waited for its turn; nil where it did not.
    package var queueMicroseconds: Int64?

    private enum CodingKeys: Int, CodingKey {
        case position = 1
        case serverMicroseconds = 2
        case queueMicroseconds = 3
    }

    package init(
        position: Int64? = nil, serverMicroseconds: Int64? = nil, queueMicroseconds: Int64? = nil
    ) {
        self.position = position
        self.serverMicroseconds = serverMicroseconds
        self.queueMicroseconds = queueMicroseconds
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
package struct InboundCall: Sendable {
    /// Who called, as their certificate says.
    package var identity: Identity
    package var method: String
    /// The encoded request.
    package var message: ByteBuffer
    package var arrived: ContinuousClock.Instant
    /// When nobody waits any more: the transport ends the call then, and cancels its task.
    package var deadline: ContinuousClock.Instant
    package var key: IdempotencyKey?
    package var attempt: UInt8
    package var seen: [ServiceName: Int64]
    package var trace: TraceContext?

    package init(
        identity: Identity, method: String, message: ByteBuffer,
        arrived: ContinuousClock.Instant, deadline: ContinuousClock.Instant,
        key: IdempotencyKey? = nil, attempt: UInt8 = 1, seen: [ServiceName: Int64] = [:],
        trace: TraceContext? = nil
    ) {
        self.identity = identity
        self.method = method
        self.message = message
        self.arrived = arrived
        self.deadline = deadline
        self.key = key
        self.attempt = attempt
        self.seen = seen
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

/// What a transport must know of a method before it hands over a call.
package struct CallTerms: Hashable, Sendable {
    /// How long a caller waits who names no limit.
    package let timeout: Duration
    package let thread: HandlerThread

    /// No call lasts longer, whatever its caller says; no clock of a system takes any number.
    package static let patience = Duration.seconds(86_400)

    package init(timeout: Duration, thread: HandlerThread) {
        self.timeout = timeout
        self.thread = thread
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
