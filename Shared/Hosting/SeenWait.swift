internal import RPC
internal import Storage
internal import Vocabulary

extension Store {
    private static let pause = Duration.milliseconds(10)

    /// Waits until this service has what a call must have seen, as far as it follows who made it.
    ///
    /// `service`: the one whose store this is, which has its own journal at once.
    /// - Throws: `unavailable` where the call's time does not suffice.
    func waitUntilSeen(_ service: ServiceName, _ context: CallContext) async throws {
        for (peer, position) in context.seen where peer != service {
            let feed = peer.rawValue
            while try await read({ try $0.feedState(feed).position }) < position {
                guard ContinuousClock.now.advanced(by: Self.pause) < context.deadline else {
                    throw RPCFailure(
                        .unavailable,
                        "\(service.rawValue) has not yet heard from \(feed) what the call builds "
                            + "on; try again when it has caught up",
                        outcome: .notProcessed, retry: .later, rule: "not-yet-heard")
                }
                try await Task.sleep(for: Self.pause)
            }
        }
    }
}
