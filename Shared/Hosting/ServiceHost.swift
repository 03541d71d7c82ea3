internal import Foundation
package import Logging
internal import RPC
internal import Storage
internal import TLSTransport
internal import UnixSignals
package import Vocabulary

/// Runs one service: store, listener, followers, until it is told to stop.
package struct ServiceHost<Service: HostedService>: Sendable {
    private let configuration: HostConfiguration
    private let pace: JournalPace
    private let logger: Logger

    /// `pace`: how often the journal is looked over and witnessed; another one in tests.
    package init(
        _ configuration: HostConfiguration, pace: JournalPace = JournalPace(), logger: Logger
    ) {
        self.configuration = configuration
        self.pace = pace
        self.logger = logger
    }

    /// Checks settings, certificates, key and peers, and starts nothing.
    ///
    /// The service's own store is not opened, because a running service may have it: methods,
    /// tables and followed feeds are tried on an empty one, which is removed again.
    package func check() throws {
        _ = try (configuration.journalKey(), configuration.encryptionKeyBefore())
        let identity = try identity(RevocationBook())
        let directory = NSTemporaryDirectory() + "pulih-check-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try open(directory, accepting: false)
        defer { store.close() }
        let service = Service(store: store)
        _ = try router(service, store, HostState())
        _ = try feeds(of: service, clients(identity.caller))
    }

    /// Recomputes the hash chain of the whole journal, and returns how many entries it has; and checks
    /// that all tables hold what they should.
    ///
    /// - Throws: ``StorageError/chainBroken(position:)`` where the chain breaks,
    ///   ``StorageError/tablesAltered(_:)`` and its neighbors where the tables are altered.
    package func verify() async throws -> Int64 {
        let store = try open(configuration.storeDirectory)
        defer { store.close() }
        let report = try await store.verifyChain()
        if let position = report.brokenAt { throw StorageError.chainBroken(position: position) }
        try await store.verifyTables()
        return report.entries
    }

    /// Makes all tables anew from the journal; copies of peers' records come again by their feeds.
    ///
    /// Returns the tables that did not hold what they should.
    @discardableResult
    package func rebuild() async throws -> [String] {
        let store = try open(configuration.storeDirectory, remaking: true)
        defer { store.close() }
        return try await store.rebuild()
    }

    /// Runs until SIGTERM or SIGINT, and then drains: open calls finish, and the store closes.
    ///
    /// SIGHUP has the certificate files read anew at once; without it that takes a few seconds.
    /// A second SIGTERM or SIGINT ends the process at once, which loses nothing that was acknowledged.
    package func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let (stop, first) = AsyncStream.makeStream(of: Void.self)
        let hosted = try await start()
        try announce(hosted.port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var count = 0
                for await signal in signals {
                    guard signal != .sighup else {
                        await hosted.reload()
                        continue
                    }
                    count += 1
                    if count > 1 { _exit(1) }
                    first.finish()
                }
            }
            try await hosted.serve { for await _ in stop {} }
            group.cancelAll()
        }
    }

    /// Opens the store, asks the witnesses of its journal, and takes calls.
    ///
    /// What can be wrong with the settings is found before the first call is taken. As a witness,
    /// and about its health, it answers before it is ready itself.
    /// - Throws: ``ContradictedJournal`` where a witness holds what the journal does not have.
    package func start() async throws -> HostedRun {
        let revocations = RevocationBook()
        let identity = try identity(revocations)
        let state = HostState()
        let store = try open(configuration.storeDirectory)
        do {
            let service = Service(
                store: store, revocations: revocations, bounds: configuration.access)
            // Before the first connection is taken.
            revocations.insert(contentsOf: try await store.read { try service.revoked($0) })
            try await service.records.recallReads(at: SystemClock.now())
            let router = try router(service, store, state)
            let clients = clients(identity.caller)
            let feeds = try feeds(of: service, clients)
            state.setStarting(true)
            let refused = RefusedCertificates(
                store: store, state: state, logger: logger, now: SystemClock.now)
            let listener = try await TLSListener.start(
                configuration.listen, context: identity.service, handler: router,
                agent: Release.agent, logger: logger, certificates: refused)
            let witnesses = Witnesses(
                of: Service.name,
                callers: clients.mapValues { client in
                    Caller(client, retries: .none) { .random(at: SystemClock.now()) }
                },
                store: store, state: state, acceptsRestored: configuration.acceptsRestored,
                pace: pace, logger: logger, now: SystemClock.now)
            do {
                try await witnesses.begin()
            } catch {
                await listener.drain(within: .zero)
                for client in clients.values { client.close() }
                throw error
            }
            state.setStarting(false)
            logger.notice(
                "ready",
                metadata: [
                    "service": "\(Service.name.rawValue)", "port": "\(listener.port)",
                    "position": "\(store.position)",
                ])
            let certificates = CertificateWatch(
                identity: identity, listener: listener, clients: Array(clients.values),
                state: state,
                logger: logger, requirement: keyProblem, warnDays: configuration.warnDays)
            revocations.watch { certificates.obeyRevocations() }
            // Something may have been revoked between the listener's start and now.
            certificates.obeyRevocations()
            return HostedRun(
                store: store, listener: listener, state: state,
                followers: feeds.map { subscription, client in
                    FeedFollower(
                        subscription,
                        caller: Caller(client, retries: .none) { .random(at: SystemClock.now()) },
                        store: store, state: state, logger: logger, now: SystemClock.now)
                },
                clients: Array(clients.values), certificates: certificates, refused: refused,
                witnesses: witnesses,
                watch: JournalWatch(
                    store: store, state: state, pace: pace, logger: logger, now: SystemClock.now),
                encryptionKey: EncryptionKeyWatch(configuration, store: store, logger: logger),
                grace: .seconds(configuration.stopSeconds), logger: logger)
        } catch {
            store.close()
            throw error
        }
    }

    private func open(
        _ directory: String, accepting: Bool? = nil, remaking: Bool = false
    ) throws -> Store {
        var store = StoreConfiguration(
            directory: directory, name: Service.name.rawValue,
            journalKey: try configuration.journalKey(),
            encryptionKey: try configuration.encryptionKey())
        store.encryptionKeyBefore = try configuration.encryptionKeyBefore()
        store.openedAt = SystemClock.now()
        store.remakesTables = remaking
        if accepting ?? configuration.acceptsRestored {
            store.restoreAcceptedAt = SystemClock.now()
        }
        return try Store(store, schema: Service.schema, logger: logger)
    }

    private func router(
        _ service: Service, _ store: Store, _ state: HostState
    ) throws -> Router {
        try service.router(
            store: store, startedAt: SystemClock.now(), version: Release.version, logger: logger,
            state: state, metrics: .process, now: SystemClock.now)
    }

    private func identity(_ revocations: RevocationBook) throws -> TLSIdentity {
        try configuration.requireSecret(configuration.tls.key, .tlsKey)
        let identity = try TLSIdentity(configuration.tls, revocations: revocations)
        let context = identity.service.context
        func problem(_ text: String) -> ConfigurationProblem {
            ConfigurationProblem(key: Settings.Key.tlsCertificate.rawValue, problem: text)
        }
        guard case .service(let name) = context.identity, name.name == Service.name else {
            throw problem(
                "must be issued to the service \(Service.name.rawValue); it names "
                    + "\(context.identity.map { "\($0)" } ?? "nobody")")
        }
        if let reason = context.problemWithOwnCertificate() {
            throw problem("every peer would refuse it: \(reason)")
        }
        return identity
    }

    /// Why a new private key is not taken; nil where it is.
    private var keyProblem: @Sendable () -> String? {
        { [configuration] in
            do throws(ConfigurationProblem) {
                try configuration.requireSecret(configuration.tls.key, .tlsKey)
                return nil
            } catch {
                return error.description
            }
        }
    }

    /// One client for each service whose address is set: feeds and witnesses share it.
    private func clients(_ context: any TLSContextSource) -> [ServiceName: TLSClient] {
        var clients: [ServiceName: TLSClient] = [:]
        for (peer, addresses) in configuration.peers where peer != Service.name {
            clients[peer] = TLSClient(
                addresses, peer: peer, context: context, agent: Release.agent)
        }
        return clients
    }

    private func feeds(
        of service: Service, _ clients: [ServiceName: TLSClient]
    ) throws -> [(subscription: FeedSubscription, client: TLSClient)] {
        try service.subscriptions.map { subscription in
            guard let client = clients[subscription.peer] else {
                throw ConfigurationProblem(
                    key: "peers.\(subscription.peer.rawValue)",
                    problem: "is not set, and this service follows that one; it must be "
                        + "HOST:PORT, or several separated by commas")
            }
            return (subscription, client)
        }
    }

    private func announce(_ port: Int) throws {
        guard let file = configuration.portFile else { return }
        // Atomic, so that whoever waits for the file never reads half a number.
        try Data("\(port)\n".utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
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
