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
        let share: Share
        let turn: Turn
    }

    /// What one caller has here; only read and changed under the lock.
    private final class Share {
        let caller: Identity
        var running = 0
        var waiting = 0
        var streams = 0

        init(_ caller: Identity) { self.caller = caller }

        var isEmpty: Bool { running == 0 && waiting == 0 && streams == 0 }
    }

    private struct State {
        var running = 0
        var streams = 0
        var shares: [Identity: Share] = [:]
        /// The share that was asked for last: most calls come from the caller of the one before.
        var last: Share?
        var queue = Deque<Waiter>()
        /// Nanoseconds that a call takes, those that took long ago counting less and less.
        var mean = 0.0

        mutating func share(of caller: Identity) -> Share {
            if let last, last.caller == caller { return last }
            let share = shares[caller] ?? add(caller)
            last = share
            return share
        }

        /// Adds a caller; where there are many, those who have nothing here are forgotten first.
        private mutating func add(_ caller: Identity) -> Share {
            if shares.count >= 1024 { shares = shares.filter { !$0.value.isEmpty } }
            let share = Share(caller)
            shares[caller] = share
            return share
        }
    }

    private let limits: Limits
    private let state = Mutex(State())

    package init(_ limits: Limits = Limits()) { self.limits = limits }

    /// What runs and waits now.
    package var load: (running: Int, waiting: Int, streams: Int) {
        state.withLock { ($0.running, $0.queue.count, $0.streams) }
    }

    package func admit(_ call: ServerCall) throws(RPCFailure) -> Admittance {
        let mustWait = try state.withLock { state throws(RPCFailure) in
            let share = state.share(of: call.identity)
            if call.isStream {
                try enterStream(share, &state)
                return false
            }
            return try enter(call, share, &state)
        }
        guard mustWait else { return .now }
        return .after { () async throws(RPCFailure) in try await self.wait(call) }
    }

    private func enterStream(_ share: Share, _ state: inout State) throws(RPCFailure) {
        guard share.streams < limits.streamsPerCaller else {
            throw Self.full("streams of one caller", limits.streamsPerCaller, share.streams)
        }
        guard state.streams < limits.streams else {
            throw Self.full("streams", limits.streams, state.streams)
        }
        state.streams += 1
        share.streams += 1
    }

    /// Takes a place where one is free; returns whether the call must wait for one.
    private func enter(
        _ call: ServerCall, _ share: Share, _ state: inout State
    ) throws(RPCFailure) -> Bool {
        if state.running < limits.running, share.running < limits.runningPerCaller {
            state.running += 1
            share.running += 1
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
        let wait = Duration.nanoseconds(Int64(state.mean * turns))
        guard ContinuousClock.now.advanced(by: wait) < call.context.deadline else {
            let milliseconds = wait.microseconds / 1000
            var failure = RPCFailure(
                .resourceExhausted,
                "the service is busy: a turn is expected in \(milliseconds) ms, after this call's "
                    + "deadline", outcome: .notProcessed, retry: .later)
            failure.retryAfterMilliseconds = Int(milliseconds)
            throw failure
        }
        return true
    }

    private static func full(_ what: String, _ limit: Int, _ value: Int) -> RPCFailure {
        RPCFailure(LimitReached(what, limit: limit, value: value), retry: .later)
    }

    // MARK: Waiting

    private func wait(_ call: ServerCall) async throws(RPCFailure) {
        let id = call.context.id
        do {
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { (turn: Turn) in
                    enqueue(id, call.identity, turn)
                }
            } onCancel: {
                leave(id)
            }
        } catch {
            throw RPCFailure(
                .cancelled, "the call was cancelled while it waited", outcome: .notProcessed)
        }
    }

    private func enqueue(_ id: CallID, _ caller: Identity, _ turn: Turn) {
        if Task.isCancelled { return turn.resume(throwing: CancellationError()) }
        state.withLock { state in
            let share = state.share(of: caller)
            share.waiting += 1
            state.queue.append(Waiter(id: id, share: share, turn: turn))
        }
        // A place may have become free since the call was told to wait.
        wake()
        // A cancellation between the check and the queue found nothing to take out.
        if Task.isCancelled { leave(id) }
    }

    private func leave(_ id: CallID) {
        let turn = state.withLock { state -> Turn? in
            guard let place = state.queue.firstIndex(where: { $0.id == id }) else { return nil }
            let waiter = state.queue.remove(at: place)
            waiter.share.waiting -= 1
            return waiter.turn
        }
        turn?.resume(throwing: CancellationError())
    }

    package func ended(_ call: ServerCall, _ end: CallEnd) {
        let hasWaiters = state.withLock { state in
            let share = state.share(of: call.identity)
            if call.isStream {
                state.streams -= 1
                share.streams -= 1
            } else {
                state.running -= 1
                share.running -= 1
                state.mean += (Double(end.nanoseconds) - state.mean) / 32
            }
            return !state.queue.isEmpty
        }
        if hasWaiters { wake() }
    }

    /// Gives free places to those who have waited longest, of callers that have not their share.
    private func wake() {
        while true {
            let turn = state.withLock { state -> Turn? in
                guard state.running < limits.running,
                    let place = state.queue.firstIndex(where: {
                        $0.share.running < limits.runningPerCaller
                    })
                else { return nil }
                let waiter = state.queue.remove(at: place)
                state.running += 1
                waiter.share.waiting -= 1
                waiter.share.running += 1
                return waiter.turn
            }
            guard let turn else { return }
            turn.resume()
        }
    }
}
