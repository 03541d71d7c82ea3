internal import NIOCore
internal import RPC
internal import Synchronization
internal import Vocabulary

/// The replies of one call on their way to whoever waits for them.
///
/// What it holds is bounded by the credit that the service was granted.
final class PendingCall: Sendable {
    private struct State {
        var replies: [ByteBuffer] = []
        var end: Result<ReplyNotes, RPCFailure>?
        var waiter: CheckedContinuation<ByteBuffer?, any Error>?
        /// Where to tell that a reply was taken or the call is given up.
        var upstream: (any Upstream)?
        var whenEnded: (@Sendable () -> Void)?
    }

    /// The connection that carries the call.
    protocol Upstream: Sendable {
        func taken()
        func givenUp()
    }

    private let state = Mutex(State())

    var notes: ReplyNotes {
        state.withLock { state in
            if case .success(let notes) = state.end { notes } else { ReplyNotes() }
        }
    }

    /// Runs `action` once the call has ended, in any way.
    func onEnd(_ action: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            if state.end == nil { state.whenEnded = action }
            return state.end != nil
        }
        if isOver { action() }
    }

    /// Connects the call to its stream; false where it was given up meanwhile.
    func attach(_ upstream: any Upstream) -> Bool {
        state.withLock { state in
            guard state.end == nil else { return false }
            state.upstream = upstream
            return true
        }
    }

    func deliver(_ message: ByteBuffer?, end notes: ReplyNotes?) {
        let wasTaken = state.withLock { state in
            guard state.end == nil else { return false }
            if let message { state.replies.append(message) }
            if let notes { state.end = .success(notes) }
            guard let waiter = state.waiter.take() else { return false }
            let reply = state.replies.isEmpty ? nil : state.replies.removeFirst()
            waiter.resume(returning: reply)
            return reply != nil
        }
        if wasTaken { taken() }
        if notes != nil { state.withLock { $0.whenEnded.take() }?() }
    }

    /// Ends the call from either side; the first end counts, and comes after the replies that did.
    func fail(_ failure: RPCFailure) {
        let upstream = state.withLock { state -> (any Upstream)? in
            guard state.end == nil else { return nil }
            state.end = .failure(failure)
            state.waiter.take()?.resume(throwing: failure)
            return state.upstream.take()
        }
        upstream?.givenUp()
        state.withLock { $0.whenEnded.take() }?()
    }

    @Sendable func next() async throws(RPCFailure) -> ByteBuffer? {
        do {
            let message = try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { wait($0) }
            } onCancel: {
                fail(RPCFailure(.cancelled, "the call was cancelled", outcome: .unknown))
            }
            return message
        } catch {
            throw RPCFailure(error)
        }
    }

    private func wait(_ continuation: CheckedContinuation<ByteBuffer?, any Error>) {
        let wasTaken = state.withLock { state in
            if !state.replies.isEmpty {
                continuation.resume(returning: state.replies.removeFirst())
                return true
            }
            switch state.end {
            case .success: continuation.resume(returning: nil)
            case .failure(let failure): continuation.resume(throwing: failure)
            case nil: state.waiter = continuation
            }
            return false
        }
        if wasTaken { taken() }
    }

    private func taken() {
        state.withLock { $0.end == nil ? $0.upstream : nil }?.taken()
    }

    deinit {
        state.withLock { $0.end == nil ? $0.upstream : nil }?.givenUp()
    }
}
