internal import NIOCore
internal import Synchronization

/// Runs tasks on the thread of one event loop, so that a call changes no threads on its way.
///
/// What becomes ready while the loop reads is run before it writes (``drain()``), and leaves with
/// the same flush.
final class LoopExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isScheduled = false
    }

    let loop: any EventLoop
    private let state = Mutex(State())

    /// A task that keeps making others ready lets the socket have its turn after so many.
    private static let roundsMaximum = 16

    private init(_ loop: any EventLoop) { self.loop = loop }

    /// One for each loop there is; loops live as long as the process.
    private static let all = Mutex<[ObjectIdentifier: LoopExecutor]>([:])

    static func of(_ loop: any EventLoop) -> LoopExecutor {
        all.withLock { all in
            if let executor = all[ObjectIdentifier(loop)] { return executor }
            let executor = LoopExecutor(loop)
            all[ObjectIdentifier(loop)] = executor
            return executor
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = state.withLock { state in
            state.jobs.append(job)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { loop.execute { self.run() } }
    }

    private func run() {
        state.withLock { $0.isScheduled = false }
        drain()
    }

    /// Runs what is ready now; only on the loop's thread.
    func drain() {
        for _ in 0..<Self.roundsMaximum {
            let jobs = state.withLock { state in
                defer { state.jobs = [] }
                return state.jobs
            }
            guard !jobs.isEmpty else { return }
            for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
        let isLeft = state.withLock { state in
            guard !state.jobs.isEmpty, !state.isScheduled else { return false }
            state.isScheduled = true
            return true
        }
        if isLeft { loop.execute { self.run() } }
    }
}
