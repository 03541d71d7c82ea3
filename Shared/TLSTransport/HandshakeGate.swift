internal import Logging
internal import Synchronization

/// Bounds how many connections are in their handshake: each costs milliseconds of work, and a
/// stranger can ask for it.
final class HandshakeGate: Sendable {
    private struct State {
        var count = 0
        /// Those closed at once since it was logged.
        var refused = 0
        var loggedAt: ContinuousClock.Instant?
    }

    private let limit: Int
    private let logger: Logger
    private let state = Mutex(State())

    init(limit: Int, logger: Logger) {
        self.limit = limit
        self.logger = logger
    }

    /// Takes a place, and returns how to give it back; nil where there is none.
    func enter() -> (@Sendable () -> Void)? {
        let (isFree, refused) = state.withLock { state -> (Bool, Int?) in
            guard state.count >= limit else {
                state.count += 1
                return (true, nil)
            }
            state.refused += 1
            let now = ContinuousClock.now
            // A flood must not fill the log too.
            if let loggedAt = state.loggedAt, loggedAt.duration(to: now) < .seconds(1) {
                return (false, nil)
            }
            state.loggedAt = now
            defer { state.refused = 0 }
            return (false, state.refused)
        }
        if let refused {
            logger.warning(
                "connections closed at once: too many are in their handshake",
                metadata: ["limit": "\(limit)", "closed": "\(refused)"])
        }
        guard isFree else { return nil }
        return { self.state.withLock { $0.count -= 1 } }
    }
}
