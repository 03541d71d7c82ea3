internal import NIOCore
internal import RPC
internal import Synchronization

/// One call that a service answers: leads from its handler's task back to its stream, from any
/// thread.
final class ServiceCall: ReplySink {
    private struct State {
        /// Bytes handed over that are not on their way yet, and those of them that the connection
        /// has already.
        var unsent = 0
        var delivered = 0
        var waiter: UnsafeContinuation<Void, Never>?
        /// Nobody wants an answer any more.
        var isOver = false
        var task: Task<Void, Never>?
    }

    /// What the handler says, on its way to the loop.
    enum Word: Sendable {
        case reply(ByteBuffer)
        case end(ByteBuffer?, ReplyNotes)
        case failure(RPCFailure)
    }

    /// Bytes that a handler may hand over before it waits for the socket and the caller.
    private static let unsentMaximum = 64 * 1024

    /// The connection that carries it, as its calls see it from any thread.
    final class Carrier: Sendable {
        let loop: any EventLoop
        let handler: NIOLoopBound<ServiceHandler>
        let mail: LoopMail<(ServiceCall, Word)>

        /// On the loop.
        init(_ handler: ServiceHandler, _ loop: any EventLoop) {
            let bound = NIOLoopBound(handler, eventLoop: loop)
            self.loop = loop
            self.handler = bound
            mail = LoopMail(loop) { bound.value.read($0) }
        }
    }

    let stream: UInt32
    let deadline: ContinuousClock.Instant
    private let carrier: Carrier
    private let state = Mutex(State())

    init(_ carrier: Carrier, stream: UInt32, deadline: ContinuousClock.Instant) {
        self.carrier = carrier
        self.stream = stream
        self.deadline = deadline
    }

    /// Binds the call's task to its stream.
    func run(_ task: Task<Void, Never>) {
        let isOver = state.withLock { state in
            if !state.isOver { state.task = task }
            return state.isOver
        }
        if isOver { task.cancel() }
    }

    /// Nobody wants an answer any more, or everybody has it.
    ///
    /// `cancelling`: whether the handler may still be at work.
    func finish(cancelling: Bool) {
        let (task, waiter) = state.withLock { state in
            state.isOver = true
            return (state.task.take(), state.waiter.take())
        }
        if cancelling { task?.cancel() }
        waiter?.resume()
    }

    /// Everything that the connection had of this call is on its way.
    func hasRoom() {
        let waiter = state.withLock { state -> UnsafeContinuation<Void, Never>? in
            state.unsent -= state.delivered
            state.delivered = 0
            return state.unsent < Self.unsentMaximum ? state.waiter.take() : nil
        }
        waiter?.resume()
    }

    /// The connection has taken a reply that came by mail.
    func noteDelivered(_ bytes: Int) { state.withLock { $0.delivered += bytes } }

    func send(_ message: ByteBuffer) async throws(RPCFailure) {
        let bytes = message.readableBytes
        let isOnLoop = carrier.loop.inEventLoop
        let mustWait = state.withLock { state in
            state.unsent += bytes
            if isOnLoop { state.delivered += bytes }
            return state.unsent >= Self.unsentMaximum
        }
        if isOnLoop {
            carrier.handler.value.hear(self, .reply(message))
        } else {
            carrier.mail.post((self, .reply(message)))
        }
        if mustWait {
            await withTaskCancellationHandler {
                await withUnsafeContinuation { wait($0) }
            } onCancel: {
                // The deadline too ends a wait for a caller that grants nothing.
                wake()
            }
        }
        if Task.isCancelled {
            throw .callCancelled
        }
    }

    private func wait(_ waiter: UnsafeContinuation<Void, Never>) {
        let isReady = state.withLock { state in
            guard !state.isOver, state.unsent >= Self.unsentMaximum, !Task.isCancelled else {
                return true
            }
            state.waiter = waiter
            return false
        }
        if isReady { return waiter.resume() }
        if Task.isCancelled { wake() }
    }

    private func wake() {
        state.withLock { $0.waiter.take() }?.resume()
    }

    func finish(_ message: ByteBuffer?, notes: ReplyNotes) { say(.end(message, notes)) }

    func fail(_ failure: RPCFailure) { say(.failure(failure)) }

    private func say(_ word: Word) {
        if carrier.loop.inEventLoop {
            carrier.handler.value.hear(self, word)
        } else {
            carrier.mail.post((self, word))
        }
    }
}
