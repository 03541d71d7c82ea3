private import Synchronization

/// Decides whether a failed call is made again, and after how long: the one home of repeating.
package struct RetryPolicy: Sendable {
    package var attemptsMaximum: Int
    package var firstPause: Duration
    package var pauseMaximum: Duration

    package init(
        attemptsMaximum: Int = 3, firstPause: Duration = .milliseconds(50),
        pauseMaximum: Duration = .seconds(1)
    ) {
        self.attemptsMaximum = attemptsMaximum
        self.firstPause = firstPause
        self.pauseMaximum = pauseMaximum
    }

    /// Never makes a call twice.
    package static let none = RetryPolicy(attemptsMaximum: 1)

    /// How long to wait before the next try; nil where there must be none.
    ///
    /// A call is made again only if the failure advises it. Every declared repeatability makes a
    /// second time harmless, so an unknown outcome is no reason against it. The pause doubles, is shortened
    /// by up to half at random so that callers do not come back together, and never reaches past
    /// the deadline.
    package func pause(
        after failure: RPCFailure, attempt: Int, left: Duration
    ) -> Duration? {
        guard attempt < attemptsMaximum, failure.retry == .later else { return nil }
        let doubled = firstPause * (1 << min(attempt - 1, 10))
        var pause = min(doubled, pauseMaximum) * Double.random(in: 0.5...1)
        if let hint = failure.retryAfterMilliseconds {
            pause = max(pause, .milliseconds(hint))
        }
        return pause < left ? pause : nil
    }
}

/// Keeps repeats from making an overload worse: they may be a fifth of the calls, and ten a second.
///
/// It is shared by all callers of one client, and holds what ten quiet seconds give.
package final class RetryBudget: Sendable {
    private struct State {
        /// In tenths of a repeat.
        var balance: Int64
        var filledAt: ContinuousClock.Instant
    }

    private static let perCall: Int64 = 2
    private static let perSecond: Int64 = 100
    private static let perRepeat: Int64 = 10
    private static let most: Int64 = 1000

    private let state: Mutex<State>

    package init() {
        state = Mutex(State(balance: Self.most, filledAt: .now))
    }

    /// Notes a first try.
    package func deposit() {
        state.withLock { $0.balance = min(Self.most, $0.balance + Self.perCall) }
    }

    /// Takes what one repeat costs; false where there is not enough.
    ///
    /// `now`: given by tests.
    package func withdraw(at now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            let passed = min(max(0, state.filledAt.duration(to: now).microseconds), 60_000_000)
            let gained = passed * Self.perSecond / 1_000_000
            if gained > 0 {
                state.balance = min(Self.most, state.balance + gained)
                state.filledAt = now
            }
            guard state.balance >= Self.perRepeat else { return false }
            state.balance -= Self.perRepeat
            return true
        }
    }
}
