import Shared
import Synchronization

/// Makes the calls of one leg of a fan-out.
///
/// It keeps to the one deadline, and remembers the newest journal position that came back and what
/// the replies left out.
final class LegCaller: Sendable {
    private let caller: Result<Caller, RPCFailure>
    private let deadline: ContinuousClock.Instant
    private let trace: TraceContext?
    private let newest = Mutex(Int64?.none)
    private let gaps = Mutex(LeftOut())

    init(
        _ caller: Result<Caller, RPCFailure>, deadline: ContinuousClock.Instant,
        trace: TraceContext? = nil
    ) {
        self.caller = caller
        self.deadline = deadline
        self.trace = trace
    }

    var position: Int64? { newest.withLock { $0 } }

    /// What the replies left out.
    var leftOut: LeftOut { gaps.withLock { $0 } }

    func call<M: RPCMethod>(_ request: M) async throws(RPCFailure) -> M.Reply {
        let caller = try caller.get()
        do throws(CallError<M.Refusal>) {
            let left = ContinuousClock.now.duration(to: deadline)
            // Each call has a span of its own, and all have the trace.
            let answer = try await caller.answer(
                request, options: CallOptions(timeout: left, trace: trace?.next()))
            if let position = answer.notes.position {
                newest.withLock { $0 = max($0 ?? 0, position) }
            }
            gaps.withLock { $0.add(answer.notes) }
            return answer.reply
        } catch {
            throw error.failure
        }
    }
}
