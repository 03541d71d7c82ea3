internal import Foundation
package import Logging
internal import RPC
internal import ServiceLifecycle
internal import Storage
internal import TLSTransport
internal import UnixSignals
package import Vocabulary

/// Runs one service: store, listener, followers, until it is told to stop.
package struct ServiceHost<Service: HostedService>: Sendable {
    private let configuration: HostConfiguration
    private let logger: Logger

    package init(_ configuration: HostConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Checks configuration, certificates and key, and starts nothing.
    package func check() throws {
        _ = try configuration.journalKey()
        _ = try contexts()
    }

    /// Runs until SIGTERM or SIGINT, and then drains: open calls finish, and the store closes.
    package func run() async throws {
        let contexts = try contexts()
        let store = try Store(
            StoreConfiguration(
                directory: configuration.storeDirectory, name: Service.name.rawValue,
                journalKey: configuration.journalKey()),
            schema: Service.schema, logger: logger)
        defer { store.close() }
        let service = Service(store: store)
        let now = SystemClock.now
        let router = try service.router(
            store: store, startedAt: now(), version: Release.version, logger: logger, now: now)
        // Before calls are taken: a service that cannot follow its peers does not start.
        let followers = try followers(of: service, store: store, context: contexts.caller)
        let listener = try await TLSListener.start(
            configuration.listen, context: contexts.service, handler: router,
            agent: Release.agent, logger: logger)
        logger.notice(
            "ready",
            metadata: [
                "service": "\(Service.name.rawValue)", "port": "\(listener.port)",
                "position": "\(store.position)",
            ])
        try announce(listener.port)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: Running(listener: listener, followers: followers))],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        logger.notice("stopped", metadata: ["position": "\(store.position)"])
    }

    private func contexts() throws -> (service: TLSContext, caller: TLSContext) {
        let service = try TLSContext(role: .service, files: configuration.tls)
        guard case .service(let identity) = service.identity, identity.name == Service.name else {
            throw ConfigurationProblem(
                key: "tls.certificate",
                problem: "must be issued to the service \(Service.name.rawValue)")
        }
        return (service, try TLSContext(role: .caller, files: configuration.tls))
    }

    private func followers(
        of service: Service, store: Store, context: TLSContext
    ) throws -> [FeedFollower] {
        try service.subscriptions.map { subscription in
            guard let address = configuration.peers[subscription.peer] else {
                throw ConfigurationProblem(
                    key: "peers.\(subscription.peer.rawValue)",
                    problem: "is not set, and this service follows that one")
            }
            let client = TLSClient(
                address, peer: subscription.peer, context: context, agent: Release.agent)
            let caller = Caller(client, retries: .none) { .random(at: SystemClock.now()) }
            return FeedFollower(
                subscription, caller: caller, store: store, logger: logger, now: SystemClock.now)
        }
    }

    private func announce(_ port: Int) throws {
        guard let file = configuration.portFile else { return }
        // Atomic, so that whoever waits for the file never reads half a number.
        try Data("\(port)\n".utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
    }
}

/// The listener and the followers as one thing that runs and drains.
private struct Running: ServiceLifecycle.Service {
    let listener: TLSListener
    let followers: [FeedFollower]

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            for follower in followers { group.addTask { await follower.run() } }
            try? await gracefulShutdown()
            group.cancelAll()
        }
        await listener.drain(within: .seconds(10))
    }
}

/// The system's clock, read in this one place.
package enum SystemClock {
    package static let now: @Sendable () -> Timestamp = {
        Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }
}

/// What this program calls itself.
package enum Release {
    package static let version = "0.1.0"
    package static let agent = "pulih/" + version
}
