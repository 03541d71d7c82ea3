internal import NIOCore
internal import RPC
internal import Synchronization
internal import Vocabulary

/// The replies of one call on their way to whoever waits for them.
///
/// What it holds is bounded by the credit that the service was granted.
final class PendingCall: Sendable {
    private typealias Waiter = UnsafeContinuation<Result<ByteBuffer?, RPCFailure>, Never>

    private struct State {
        /// Replies that nobody has taken; the first of ``first`` and ``later``.
        var first: ByteBuffer?
        var later = CircularBuffer<ByteBuffer>(initialCapacity: 0)
        var end: Result<ReplyNotes, RPCFailure>?
        var waiter: Waiter?
        /// Where to tell that replies were taken or the call is given up.
        var upstream: StreamLink?
        /// Taken, and not told upstream.
        var takenMessages = 0
        var takenBytes = 0
        var dial: DialTiming?

        mutating func add(_ reply: ByteBuffer) {
            if first == nil { first = reply } else { later.append(reply) }
        }

        mutating func take() -> ByteBuffer? {
            guard let reply = first else { return nil }
            first = later.popFirst()
            takenMessages += 1
            takenBytes += reply.readableBytes
            return reply
        }

        /// What upstream must be told now: where the consumer waits, or has taken much.
        mutating func report(isWaiting: Bool) -> (StreamLink, messages: Int, bytes: Int)? {
            guard takenMessages > 0, isWaiting || takenBytes >= PendingCall.reportBytes, end == nil,
                let upstream
            else { return nil }
            defer { (takenMessages, takenBytes) = (0, 0) }
            return (upstream, takenMessages, takenBytes)
        }
    }

    /// Bytes taken after which the connection is told of it, to grant them again.
    private static let reportBytes = 32 * 1024

    private let state = Mutex(State())
    let deadline: ContinuousClock.Instant

    init(deadline: ContinuousClock.Instant) { self.deadline = deadline }

    /// What came beside the reply, once the call has ended.
    func outcome() -> (notes: ReplyNotes, dial: DialTiming?) {
        state.withLock { state in
            if case .success(let notes) = state.end { return (notes, state.dial) }
            return (ReplyNotes(), state.dial)
        }
    }

    /// Notes what making the connection took that the call waited for.
    func note(_ dial: DialTiming) { state.withLock { $0.dial = dial } }

    /// Connects the call to its stream; false where it was given up meanwhile.
    func attach(_ upstream: StreamLink) -> Bool {
        state.withLock { state in
            guard state.end == nil else { return false }
            state.upstream = upstream
            return true
        }
    }

    func deliver(_ message: ByteBuffer?, end notes: ReplyNotes?) {
        let (waiter, reply, report) = state.withLock { state in
            guard state.end == nil else {
                return (nil as Waiter?, nil as ByteBuffer?, nil as Report?)
            }
            if let message { state.add(message) }
            if let notes {
                state.end = .success(notes)
                state.upstream = nil
            }
            guard let waiter = state.waiter.take() else { return (nil, nil, nil) }
            return (waiter, state.take(), state.report(isWaiting: false))
        }
        waiter?.resume(returning: .success(reply))
        if let report { report.0.taken(messages: report.messages, bytes: report.bytes) }
    }

    private typealias Report = (StreamLink, messages: Int, bytes: Int)

    /// Ends the call from either side; the first end counts, and comes after the replies that did.
    func fail(_ failure: RPCFailure) {
        let (waiter, upstream) = state.withLock { state -> (Waiter?, StreamLink?) in
            guard state.end == nil else { return (nil, nil) }
            state.end = .failure(failure)
            return (state.waiter.take(), state.upstream.take())
        }
        waiter?.resume(returning: .failure(failure))
        upstream?.givenUp()
    }

    @Sendable func next() async throws(RPCFailure) -> ByteBuffer? {
        let result = await withTaskCancellationHandler {
            await withUnsafeContinuation { wait($0) }
        } onCancel: {
            fail(.callCancelled)
        }
        return try result.get()
    }

    private func wait(_ waiter: Waiter) {
        let (result, report) = state.withLock { state in
            if let reply = state.take() {
                return (
                    Result<ByteBuffer?, RPCFailure>.success(reply) as Result?,
                    state.report(isWaiting: false)
                )
            }
            switch state.end {
            case .success: return (.success(nil), nil)
            case .failure(let failure): return (.failure(failure), nil)
            case nil:
                state.waiter = waiter
                return (nil, state.report(isWaiting: true))
            }
        }
        if let result { waiter.resume(returning: result) }
        if let report { report.0.taken(messages: report.messages, bytes: report.bytes) }
    }
}

/// Leads from a call back to its stream, from any thread.
struct StreamLink: Sendable {
    let handler: NIOLoopBound<CallerHandler>
    let stream: UInt32

    func taken(messages: Int, bytes: Int) {
        if handler.eventLoop.inEventLoop { return handler.value.taken(stream, messages, bytes) }
        let (handler, stream) = (handler, stream)
        handler.eventLoop.execute { handler.value.taken(stream, messages, bytes) }
    }

    func givenUp() {
        let (handler, stream) = (handler, stream)
        // Never at once: whoever gives up may stand in the middle of the handler's work.
        handler.eventLoop.execute { handler.value.giveUp(stream) }
    }
}
