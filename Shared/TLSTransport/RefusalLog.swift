internal import Logging
internal import Synchronization

/// Writes a row for each connection that is refused, but no more in a second than a disk can bear:
/// a stranger decides how many there are.
final class RefusalLog: Sendable {
    private struct State {
        var began: ContinuousClock.Instant?
        /// Rows of this second, and refusals that got none.
        var rows = 0
        var passedOver = 0
    }

    /// Rows in one second.
    static let rowsMaximum = 20

    private let logger: Logger
    private let state = Mutex(State())

    init(_ logger: Logger) { self.logger = logger }

    /// Notes a refusal; `from` is the other end's address.
    func note(_ failure: TLSFailure, from: String, at now: ContinuousClock.Instant = .now) {
        let (isDue, passedOver) = state.withLock { state -> (Bool, Int) in
            let isOver = state.began.map { $0.duration(to: now) >= .seconds(1) } ?? true
            let passedOver = isOver ? state.passedOver : 0
            if isOver { state = State(began: now) }
            guard state.rows < Self.rowsMaximum else {
                state.passedOver += 1
                return (false, 0)
            }
            state.rows += 1
            return (true, passedOver)
        }
        if passedOver > 0 {
            logger.warning(
                "more connections were refused than are logged",
                metadata: ["count": "\(passedOver)"])
        }
        guard isDue else { return }
        logger.notice(
            "connection refused", metadata: ["reason": "\(failure)", "from": "\(from)"])
    }
}
