internal import NIOCore
internal import RPC

/// Wakes its owner when the earliest of many deadlines passes: one timer for all of them.
final class DeadlineAlarm {
    private let loop: any EventLoop
    private let ring: () -> Void
    private var scheduled: Scheduled<Void>?
    private var earliest: ContinuousClock.Instant?

    /// `ring`: called on the loop; it ends what is over, and includes what is left again.
    init(_ loop: any EventLoop, ring: @escaping () -> Void) {
        self.loop = loop
        self.ring = ring
    }

    /// Notes a deadline.
    @inline(__always)
    func include(_ deadline: ContinuousClock.Instant) {
        if let earliest, earliest <= deadline { return }
        schedule(deadline)
    }

    private func schedule(_ deadline: ContinuousClock.Instant) {
        scheduled?.cancel()
        earliest = deadline
        let left = max(0, ContinuousClock.now.duration(to: deadline).nanoseconds)
        let bound = NIOLoopBound(self, eventLoop: loop)
        scheduled = loop.scheduleTask(in: .nanoseconds(left)) {
            let alarm = bound.value
            alarm.scheduled = nil
            alarm.earliest = nil
            alarm.ring()
        }
    }

    func cancel() {
        scheduled?.cancel()
        scheduled = nil
        earliest = nil
    }
}
