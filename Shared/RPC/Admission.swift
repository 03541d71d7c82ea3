internal import DequeModule
private import Synchronization
internal import Vocabulary

/// Bounds how many calls run at once and how many wait, for the service and for each caller.
///
/// A call waits only where its turn is expected before its deadline: what would be too late is
/// refused at once, which costs a lock and an error. Streams last, so they have places of their
/// own and never wait.
package final class Admission: Interceptor {
    package struct Limits: Hashable, Sendable {
        package var running = 128
        package var runningPerCaller = 64
        package var waiting = 1024
        package var waitingPerCaller = 256
        package var streams = 512
        package var streamsPerCaller = 32

        package init() {}
    }

    private typealias Turn = CheckedContinuation<Void, any Error>

    private struct Waiter {
        let id: CallID
        let caller: Identity
        let turn: Turn
    }

    /// What one caller has here.
    private struct Share {
        var running = 0
        var waiting = 0
        var streams = 0

        var isEmpty: Bool { running == 0 && waiting == 0 && streams == 0 }
    }

    private struct State {
        var running = 0
        var streams = 0
        var shares: [Identity: Share] = [:]
        var queue = Deque<Waiter>()
        /// Microseconds that a call takes, those that took long ago counting less and less.
        var mean = 0.0
    }

    private let limits: Limits
    private let state = Mutex(State())

    package init(_ limits: Limits = Limits()) { self.limits = limits }

    /// What runs and waits now.
    package var load: (running: Int, waiting: Int, streams: Int) {
        state.withLock { ($0.running, $0.queue.count, $0.streams) }
    }

    package func admit(_ call: ServerCall) async throws(RPCFailure) {
        if call.isStream { return try admitStream(call) }
        let mustWait = try state.withLock { state throws(RPCFailure) in
            try enter(call, &state)
        }
        guard mustWait else { return }
        try await wait(call)
    }

    private func admitStream(_ call: ServerCall) throws(RPCFailure) {
        try state.withLock { state throws(RPCFailure) in
            let own = state.shares[call.identity]?.streams ?? 0
            guard own < limits.streamsPerCaller else {
                throw Self.full("streams of one caller", limits.streamsPerCaller, own)
            }
            guard state.streams < limits.streams else {
                throw Self.full("streams", limits.streams, state.streams)
            }
            state.streams += 1
            state.shares[call.identity, default: Share()].streams += 1
        }
    }

    /// Takes a place where one is free; returns whether the call must wait for one.
    private func enter(_ call: ServerCall, _ state: inout State) throws(RPCFailure) -> Bool {
        let share = state.shares[call.identity] ?? Share()
        if state.running < limits.running, share.running < limits.runningPerCaller {
            state.running += 1
            state.shares[call.identity, default: Share()].running += 1
            return false
        }
        guard share.waiting < limits.waitingPerCaller else {
            throw Self.full("waiting calls of one caller", limits.waitingPerCaller, share.waiting)
        }
        guard state.queue.count < limits.waiting else {
            throw Self.full("waiting calls", limits.waiting, state.queue.count)
        }
        let turns = max(
            Double(state.queue.count + 1) / Double(limits.running),
            Double(share.waiting + 1) / Double(limits.runningPerCaller))
        let wait = Duration.microseconds(Int64(state.mean * turns))
        guard ContinuousClock.now.advanced(by: wait) < call.context.deadline else {
            var failure = RPCFailure(
                .resourceExhausted,
                "the service is busy: a turn is expected in \(wait.microseconds / 1000) ms, after "
                    + "this call's deadline", outcome: .notProcessed, retry: .later)
            failure.retryAfterMilliseconds = Int(wait.microseconds / 1000)
            throw failure
        }
        return true
    }

    private static func full(_ what: String, _ limit: Int, _ value: Int) -> RPCFailure {
        RPCFailure(LimitReached(what, limit: limit, value: value), retry: .later)
    }

    private func wait(_ call: ServerCall) async throws(RPCFailure) {
        let id = call.context.id
        do {
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { (turn: Turn) in
                    enqueue(Waiter(id: id, caller: call.identity, turn: turn))
                }
            } onCancel: {
                leave(id)
            }
        } catch {
            throw RPCFailure(
                .cancelled, "the call was cancelled while it waited", outcome: .notProcessed)
        }
    }

    private func enqueue(_ waiter: Waiter) {
        let isCancelled = Task.isCancelled
        let next = state.withLock { state -> Turn? in
            if isCancelled { return waiter.turn }
            state.queue.append(waiter)
            state.shares[waiter.caller, default: Share()].waiting += 1
            // A place may have become free since the call was told to wait.
            return nil
        }
        if let next { return next.resume(throwing: CancellationError()) }
        wake()
        // A cancellation between the check and the queue found nothing to take out.
        if Task.isCancelled { leave(waiter.id) }
    }

    private func leave(_ id: CallID) {
        let turn = state.withLock { state -> Turn? in
            guard let place = state.queue.firstIndex(where: { $0.id == id }) else { return nil }
            let waiter = state.queue.remove(at: place)
            state.shares[waiter.caller]?.waiting -= 1
            tidy(waiter.caller, &state)
            return waiter.turn
        }
        turn?.resume(throwing: CancellationError())
    }

    package func ended(_ call: ServerCall, _ end: CallEnd) {
        let hasWaiters = state.withLock { state in
            if call.isStream {
                state.streams -= 1
                state.shares[call.identity]?.streams -= 1
            } else {
                state.running -= 1
                state.shares[call.identity]?.running -= 1
                let took = Double(end.took.microseconds)
                state.mean += (took - state.mean) / 32
            }
            tidy(call.identity, &state)
            return !state.queue.isEmpty
        }
        if hasWaiters { wake() }
    }

    private func tidy(_ caller: Identity, _ state: inout State) {
        if state.shares[caller]?.isEmpty == true { state.shares[caller] = nil }
    }

    /// Gives free places to those who have waited longest, of callers that have not their share.
    private func wake() {
        while true {
            let turn = state.withLock { state -> Turn? in
                guard state.running < limits.running,
                    let place = state.queue.firstIndex(where: { waiter in
                        state.shares[waiter.caller]?.running ?? 0 < limits.runningPerCaller
                    })
                else { return nil }
                let waiter = state.queue.remove(at: place)
                state.running += 1
                state.shares[waiter.caller]?.waiting -= 1
                state.shares[waiter.caller]?.running += 1
                return waiter.turn
            }
            guard let turn else { return }
            turn.resume()
        }
    }
}
