import Shared
import Synchronization

/// What came of the calls so far.
final class SoakTally: Sendable {
    private struct Counts {
        var calls = 0
        var messages = 0
        var cancelled = 0
        var leftEarly = 0
        var late = 0
        var turnedAway = 0
        var wrong = 0
        /// The first of those that must not be.
        var unexpected: [String] = []
        var unexpectedCount = 0
    }

    private let counts = Mutex(Counts())

    /// A call was answered rightly, with so many messages.
    func answered(_ messages: Int) {
        counts.withLock {
            $0.calls += 1
            $0.messages += messages
        }
    }

    func leftEarly() {
        counts.withLock {
            $0.calls += 1
            $0.leftEarly += 1
        }
    }

    func wrongAnswer() {
        counts.withLock {
            $0.calls += 1
            $0.wrong += 1
        }
    }

    /// A call failed; `cut` says whether it was cancelled or given little time.
    func failed(_ failure: RPCFailure, _ call: String, cut: SoakCut?) {
        counts.withLock { counts in
            counts.calls += 1
            switch (failure.code, cut) {
            case (.cancelled, .cancel): counts.cancelled += 1
            case (.deadlineExceeded, .deadline): counts.late += 1
            case (.resourceExhausted, _) where Self.namesItsLimit(failure): counts.turnedAway += 1
            default:
                counts.unexpectedCount += 1
                if counts.unexpected.count < 10 {
                    counts.unexpected.append("\(call): \(failure.code), \(failure.message)")
                }
            }
        }
    }

    /// A bound with its value, or how long to wait for a turn.
    private static func namesItsLimit(_ failure: RPCFailure) -> Bool {
        failure.fact(LimitReached.self) != nil || failure.retryAfterMilliseconds != nil
    }

    var line: String {
        counts.withLock {
            "\($0.calls) calls with \($0.messages) messages, \($0.cancelled) cancelled, "
                + "\($0.leftEarly) streams left early, \($0.late) late, \($0.turnedAway) turned "
                + "away, \($0.wrong) wrong answers, \($0.unexpectedCount) unexpected failures"
        }
    }

    var problems: [String] {
        counts.withLock { counts in
            var problems = counts.unexpected
            if counts.wrong > 0 { problems.append("\(counts.wrong) answers were wrong") }
            // A run that cut nothing off has not tried it.
            if counts.cancelled == 0 || counts.leftEarly == 0 || counts.late == 0 {
                problems.append("no call was cancelled, or left early, or late")
            }
            return problems
        }
    }
}

/// How a call is cut off, where it is.
enum SoakCut: Sendable {
    /// Its task is cancelled.
    case cancel
    /// It has less time than it may need.
    case deadline
}

/// Lets something happen so often a second, and no more.
final class SoakPace: Sendable {
    private struct State {
        var left: Double
        var at: ContinuousClock.Instant
    }

    private let perSecond: Double
    private let state: Mutex<State>

    init(perSecond: Double) {
        self.perSecond = perSecond
        state = Mutex(State(left: perSecond, at: .now))
    }

    /// Whether it may happen once more now.
    func take() -> Bool {
        state.withLock { state in
            let now = ContinuousClock.now
            state.left = min(
                perSecond, state.left + perSecond * (state.at.duration(to: now) / .seconds(1)))
            state.at = now
            guard state.left >= 1 else { return false }
            state.left -= 1
            return true
        }
    }
}
