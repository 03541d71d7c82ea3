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

    /// `revocations`: gets what the service hears to be revoked.
    /// `bounds`: how much of people's records is read, and by how old copies.
    init(store: Store, revocations: RevocationBook, bounds: AccessBounds)

    /// What is revoked, as far as the store knows.
    func revoked(_ snapshot: borrowing Snapshot) throws -> [RevokedCertificates]

    var handlers: [Handler] { get }
    /// Its records, as its handlers have them.
    var records: Records { get }
    var subscriptions: [FeedSubscription] { get }
}

extension HostedService {
    /// A service in a process that takes no connections.
    package init(store: Store, bounds: AccessBounds = .unbounded) {
        self.init(store: store, revocations: RevocationBook(), bounds: bounds)
    }

    /// The router over this service's handlers and those that every service has: health,
    /// reflection, metrics, and those for the journals' witnesses.
    ///
    /// `state`: what the process knows against the service, which health shows as not ready.
    /// `metrics`: the book that is read; the meters themselves write to swift-metrics' backend.
    package func router(
        store: Store, startedAt: Timestamp, version: String, logger: Logger,
        state: HostState = HostState(), metrics: MetricsBook = MetricsBook(),
        now: @escaping @Sendable () -> Timestamp
    ) throws -> Router {
        let declared = Self.methods + SharedMethods.all
        let limits = Admission.Limits()
        let admission = Admission(limits)
        let reflection = Reflection(
            Self.name, version: version, limits: ServiceLimits(admission: limits),
            declared: declared)
        let book = WitnessBook(Self.name, store: store, logger: logger)
        let shared: [Handler] = [
            health(store: store, startedAt: startedAt, version: version, state: state, book),
            reflection.handler, records.accessLog, JournalDesk(store, state).handler,
            .unary(ReadMetrics.self) { _, context in
                ReadMetrics.Reply(
                    service: Self.name, startedAt: startedAt, readAt: context.now,
                    lines: metrics.lines + admission.lines)
            },
        ]
        return try Router(
            declared: declared,
            handlers: handlers + shared + book.handlers + records.emergencyHandlers
                + records.bulkReadingHandlers + records.refusedCertificateHandlers,
            gate: AccountedGate(records), admission: admission,
            interceptors: [JournalGate(state)], logger: logger, now: now)
    }

    private func health(
        store: Store, startedAt: Timestamp, version: String, state: HostState, _ book: WitnessBook
    ) -> Handler {
        .unary(CheckHealth.self) { _, context in
            let (feeds, stored) = try await store.look(context) { snapshot in
                let feeds = try subscriptions.map { subscription in
                    let state = try snapshot.feedState(subscription.peer.rawValue)
                    return FeedState(
                        of: subscription.peer, position: state.position, heardAt: state.heardAt)
                }
                let toReview =
                    try snapshot.notices(toReview: EmergencyAccess.self)
                    + snapshot.notices(toReview: BulkReading.self)
                let refused = try snapshot.certificatesRefused(
                    since: context.now.adding(seconds: -3600))
                return (feeds, toReview + HealthNotice.refusedCertificates(refused))
            }
            return CheckHealth.Reply(
                service: Self.name, ready: state.isReady, version: version, startedAt: startedAt,
                position: store.position, feeds: feeds, certificate: state.certificate,
                notices: state.notices + (try await book.notices()) + stored)
        }
    }
}

extension Admission {
    /// What runs and waits now; the call that asks is one of those that run.
    fileprivate var lines: [MetricLine] {
        let load = load
        return [
            MetricLine("rpc_calls_running", now: load.running),
            MetricLine("rpc_calls_waiting", now: load.waiting),
            MetricLine("rpc_streams_open", now: load.streams),
        ]
    }
}
