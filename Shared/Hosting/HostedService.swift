package import Logging
package import RPC
package import Storage
package import Vocabulary

/// A service as the host sees it: what it keeps, what it answers, whom it follows.
package protocol HostedService: Sendable {
    static var name: ServiceName { get }
    static var schema: Schema { get }
    /// Every method its API declares; each needs a handler.
    static var methods: [any RPCDeclaration.Type] { get }

    init(store: Store)

    var handlers: [Handler] { get }
    var subscriptions: [FeedSubscription] { get }
}

extension HostedService {
    /// The router over this service's handlers and the health method that every service has.
    ///
    /// `state`: what the process knows against the service, which health shows as not ready.
    package func router(
        store: Store, startedAt: Timestamp, version: String, logger: Logger,
        state: HostState = HostState(), now: @escaping @Sendable () -> Timestamp
    ) throws -> Router {
        let health = Handler.unary(CheckHealth.self) { _, context in
            let feeds = try await store.look(context) { snapshot in
                try subscriptions.map { subscription in
                    let state = try snapshot.feedState(subscription.peer.rawValue)
                    return FeedState(
                        of: subscription.peer, position: state.position, heardAt: state.heardAt)
                }
            }
            return CheckHealth.Reply(
                service: Self.name, ready: state.isReady, version: version, startedAt: startedAt,
                position: store.position, feeds: feeds)
        }
        return try Router(
            declared: Self.methods + [CheckHealth.self], handlers: handlers + [health],
            logger: logger, now: now)
    }
}
