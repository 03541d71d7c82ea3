private import Synchronization
package import Vocabulary
package import Wire

/// What a handler knows of the call it answers, besides the request.
///
/// One object for all who look at the call on its way.
package final class CallContext: Sendable {
    /// Who called.
    package let identity: Identity
    package let method: MethodName
    /// When the call arrived; read once, so that everything a call decides has one time.
    package let now: Timestamp
    /// When nobody waits for the answer any more.
    ///
    /// Calls made inside inherit it.
    package let deadline: ContinuousClock.Instant
    package let key: IdempotencyKey?
    /// Finds the call in this service's log.
    package let id: CallID
    /// Finds the call in the logs of every service it passed; nil where nobody follows it.
    package let trace: TraceContext?
    /// The number that a print of the answer bears: the id of the trace.
    package var document: String? { trace?.traceID }
    /// Journal positions of other services that the answer must have seen.
    package let seen: [ServiceName: Int64]
    /// For what the caller reads; nil where it did not say.
    package let purpose: PurposeOfUse?
    /// What the reply will say beside its message.
    package var notes: Notes { Notes(context: self) }
    private let replyNotes = Mutex(ReplyNotes())

    package init(
        identity: Identity, method: MethodName, now: Timestamp,
        deadline: ContinuousClock.Instant, key: IdempotencyKey? = nil, id: CallID,
        trace: TraceContext? = nil, seen: [ServiceName: Int64] = [:],
        purpose: PurposeOfUse? = nil
    ) {
        self.identity = identity
        self.method = method
        self.now = now
        self.deadline = deadline
        self.key = key
        self.id = id
        self.trace = trace
        self.seen = seen
        self.purpose = purpose
    }

    /// What calls inherit that are made inside a handler.
    package struct Inheritance: Sendable {
        package let deadline: ContinuousClock.Instant
        package let trace: TraceContext?
    }

    /// What calls made inside the running handler inherit.
    @TaskLocal package static var inherited: Inheritance?

    /// Collects what a handler wants the reply to carry.
    package struct Notes: Sendable {
        fileprivate let context: CallContext

        package var current: ReplyNotes { context.replyNotes.withLock { $0 } }

        /// Notes how long the call has waited for its turn.
        func waited(_ microseconds: Int64) {
            context.replyNotes.withLock { $0.queueMicroseconds = microseconds }
        }

        /// Notes how many people the reply leaves out for want of consent.
        package func withheld(_ people: Int) {
            context.replyNotes.withLock { $0.withheld = Int64(people) }
        }

        /// Notes how many pieces the reply leaves out because they were told before a verdict.
        package func walledOff(_ pieces: Int) {
            context.replyNotes.withLock { $0.walledOff = Int64(pieces) }
        }

        /// Notes a journal position that the answer stands on.
        package func position(_ position: Int64) {
            context.replyNotes.withLock { $0.position = max($0.position ?? 0, position) }
        }
    }
}

/// Names one call within one process: cheap to make, and written only where it is needed.
package struct CallID: Hashable, Sendable, CustomStringConvertible {
    /// Drawn once for each router, so that two runs of a service do not share names.
    let run: UInt32
    let number: UInt64

    package init(run: UInt32, number: UInt64) {
        self.run = run
        self.number = number
    }

    package var description: String { "\(String(run, radix: 36))-\(number)" }
}
