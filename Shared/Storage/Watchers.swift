internal import Synchronization

/// Tells whoever follows the journal how far it has got.
final class Watchers: Sendable {
    private struct State {
        var mark = StoreMark()
        var next = 0
        var isFinished = false
        var continuations: [Int: AsyncStream<Int64>.Continuation] = [:]
    }

    private let state = Mutex(State())

    var mark: StoreMark { state.withLock { $0.mark } }

    func notify(_ mark: StoreMark) {
        let continuations = state.withLock { state in
            defer { state.mark = mark }
            return mark.head == state.mark.head ? [] : Array(state.continuations.values)
        }
        for continuation in continuations { continuation.yield(mark.head.position) }
    }

    func stream() -> AsyncStream<Int64> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Int64.self, bufferingPolicy: .bufferingNewest(1))
        let (id, position, isFinished) = state.withLock { state in
            if state.isFinished { return (0, state.mark.head.position, true) }
            state.next += 1
            state.continuations[state.next] = continuation
            return (state.next, state.mark.head.position, false)
        }
        guard !isFinished else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.continuations.removeValue(forKey: id) }
        }
        continuation.yield(position)
        return stream
    }

    /// Ends all streams; one that is asked for later ends at once.
    func finish() {
        let continuations = state.withLock { state in
            defer { state.continuations = [:] }
            state.isFinished = true
            return Array(state.continuations.values)
        }
        for continuation in continuations { continuation.finish() }
    }
}
