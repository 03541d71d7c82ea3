internal import NIOCore
private import Synchronization
package import Vocabulary

/// Carries calls to a handler in the same process: the twin of the TLS transport, for tests.
///
/// Messages are encoded and decoded as on the wire, deadlines and cancellation act as they do
/// there, and a reply waits until the one before it is consumed.
package struct InMemoryTransport: Transport {
    private let handler: any CallHandler
    private let identity: Identity

    /// - Parameters:
    ///   - handler: what answers.
    ///   - identity: who calls, as a certificate would say.
    package init(_ handler: any CallHandler, as identity: Identity) {
        self.handler = handler
        self.identity = identity
    }

    package func unary(_ call: OutboundCall) async throws(RPCFailure) -> InboundReply {
        let exchange = start(call)
        guard let message = try await exchange.next() else {
            throw RPCFailure(.internal, "the handler ended without a reply", outcome: .unknown)
        }
        return InboundReply(message: message, notes: exchange.notes)
    }

    package func stream(_ call: OutboundCall) async throws(RPCFailure) -> MessageStream {
        let exchange = start(call)
        return MessageStream(next: exchange.next)
    }

    private func start(_ call: OutboundCall) -> Exchange {
        let arrived = ContinuousClock.now
        let terms = handler.terms(of: call.method.text)
        let inbound = InboundCall(
            identity: identity, method: call.method.text, terms: terms, message: call.message,
            arrived: .now(),
            deadline: terms.deadline(arrived.duration(to: call.deadline), from: arrived),
            key: call.key, attempt: call.attempt, seen: call.seen, purpose: call.purpose,
            trace: call.trace)
        return Exchange(handler: handler, call: inbound)
    }
}

/// One call in memory: the handler's task on one side, the consumer on the other.
private final class Exchange: Sendable {
    private let mailbox: Mailbox
    private let task: Task<Void, Never>
    private let timer: Task<Void, Never>

    init(handler: any CallHandler, call: InboundCall) {
        let mailbox = Mailbox()
        self.mailbox = mailbox
        // The handler's life is bound to the exchange: `deinit` cancels it.
        let task = handler.begin(call, replyingTo: mailbox)
        self.task = task
        // As is the timer's, which ends the call as a service's end of a connection does.
        timer = Task {
            guard (try? await Task.sleep(until: call.deadline, clock: .continuous)) != nil else {
                return
            }
            task.cancel()
            mailbox.fail(.deadlinePassed)
        }
    }

    /// Nobody asks for more: the handler is cancelled, also where it waits for room.
    deinit {
        timer.cancel()
        task.cancel()
        mailbox.fail(.callCancelled)
    }

    var notes: ReplyNotes { mailbox.notes }

    @Sendable func next() async throws(RPCFailure) -> ByteBuffer? {
        do {
            return try await withTaskCancellationHandler {
                try await mailbox.next()
            } onCancel: {
                task.cancel()
                mailbox.fail(.callCancelled)
            }
        } catch {
            throw RPCFailure(error)
        }
    }
}

/// Hands messages from one task to another, one at a time.
private final class Mailbox: ReplySink {
    private struct State {
        var message: ByteBuffer?
        var end: Result<Void, RPCFailure>?
        var notes = ReplyNotes()
        /// The consumer, waiting for a message.
        var consumer: CheckedContinuation<ByteBuffer?, any Error>?
        /// The handler, waiting for room.
        var producer: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    var notes: ReplyNotes { state.withLock { $0.notes } }

    func next() async throws -> ByteBuffer? {
        try await withCheckedThrowingContinuation { continuation in
            let producer = state.withLock { state -> CheckedContinuation<Void, Never>? in
                if let message = state.message.take() {
                    continuation.resume(returning: message)
                } else if let end = state.end {
                    continuation.resume(with: end.map { nil })
                } else {
                    state.consumer = continuation
                }
                return state.producer.take()
            }
            producer?.resume()
        }
    }

    func send(_ message: ByteBuffer) async throws(RPCFailure) {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state in
                    if state.message == nil || state.end != nil || Task.isCancelled { return true }
                    state.producer = continuation
                    return false
                }
                if ready { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.producer.take() }?.resume()
        }
        if Task.isCancelled {
            throw .callCancelled
        }
        put(message)
    }

    private func put(_ message: ByteBuffer) {
        let consumer = state.withLock { state in
            let consumer = state.consumer.take()
            if consumer == nil { state.message = message }
            return consumer
        }
        consumer?.resume(returning: message)
    }

    func finish(_ message: ByteBuffer?, notes: ReplyNotes) {
        state.withLock { $0.notes = notes }
        if let message { put(message) }
        end(.success(()))
    }

    func fail(_ failure: RPCFailure) { end(.failure(failure)) }

    private func end(_ end: Result<Void, RPCFailure>) {
        let (consumer, producer) = state.withLock { state in
            if state.end == nil { state.end = end }
            return (state.consumer.take(), state.producer.take())
        }
        consumer?.resume(with: end.map { nil })
        producer?.resume()
    }
}
