package import Logging
internal import NIOCore
internal import NIOPosix
package import RPC
internal import Synchronization
internal import Vocabulary
internal import Wire

/// Takes connections for one service, and hands their calls to its handler.
package final class TLSListener: Sendable {
    private let channel: any Channel
    private let connections: Connections
    private let source: any TLSContextSource
    /// The port it listens on; the one the system chose where 0 was asked for.
    package let port: Int

    /// Binds and begins to take calls.
    ///
    /// `context`: a context, or a source that has another for new connections from time to time.
    /// `certificates`: is told of those for which connections are refused.
    /// `handshakesMaximum`: connections that may be in their handshake at once; more are closed.
    /// - Throws: ``RPCFailure`` naming the address where it cannot be bound.
    package static func start(
        _ address: ServiceAddress, context source: any TLSContextSource, handler: any CallHandler,
        agent: String, logger: Logger, certificates: (any CertificateRefusals)? = nil,
        handshakesMaximum: Int = 256
    ) async throws(RPCFailure) -> TLSListener {
        _ = ProcessMemory.isKept
        let connections = Connections(logger)
        let handshakes = HandshakeGate(limit: handshakesMaximum, logger: logger)
        let refusals = RefusalLog(logger)
        // A source keeps to one trust domain.
        let rule = PeerRule.trustDomain(source.context.domain)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptPause(logger))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .tcpOption(TCPOption.userTimeout), value: TCPOption.userTimeoutMilliseconds
            )
            .childChannelOption(
                .writeBufferWaterMark, value: .init(low: 128 * 1024, high: 512 * 1024)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let leave = handshakes.enter() else { throw TLSFailure.tooManyHandshakes }
                    let context = source.context
                    let session = try TLSSession(context, rule: rule, host: nil)
                    let patience = ConnectionPatience()
                    let service = ServiceHandler(
                        handler, executor: .of(channel.eventLoop), agent: agent,
                        patience: patience, logger: logger, refusals: refusals)
                    // A caller says something every few seconds; one that has gone says nothing.
                    let tls = TLSHandler(session, handshakeEnded: leave)
                    tls.peerExpired = { [weak service] in
                        service?.drain(.stopping, "the certificate on this connection has expired")
                    }
                    tls.certificates = certificates
                    try channel.pipeline.syncOperations.addHandlers(
                        IdleStateHandler(readTimeout: patience.silence), tls, service)
                    connections.add(channel, tls, service)
                    // Who came while the context changed was not there to be checked again.
                    let newer = source.context
                    if newer !== context { _ = tls.problemWithPeer(under: newer) }
                }
            }
        do {
            let channel = try await bootstrap.bind(host: address.host, port: address.port).get()
            return TLSListener(
                channel, connections, source, port: channel.localAddress?.port ?? 0)
        } catch {
            throw RPCFailure(
                .unavailable, "cannot listen at \(address): \(error)", outcome: .notProcessed,
                retry: .never)
        }
    }

    private init(
        _ channel: any Channel, _ connections: Connections, _ source: any TLSContextSource,
        port: Int
    ) {
        self.channel = channel
        self.connections = connections
        self.source = source
        self.port = port
    }

    /// Ends the connections whose callers the present context would not accept.
    ///
    /// They take no more calls at once, and are closed within two seconds; those whose certificate
    /// is revoked are closed at once, and what they had called for is cancelled.
    package func recheckPeers() { connections.recheck(under: source.context) }

    /// Takes no new connections and calls, lets the open calls finish, and then closes all.
    ///
    /// - Parameter grace: how long open calls may take.
    package func drain(within grace: Duration) async {
        try? await channel.close().get()
        connections.drain()
        let deadline = ContinuousClock.now.advanced(by: grace)
        while !connections.isEmpty, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(10))
        }
        connections.closeAll()
    }
}

/// The connections that are open.
private final class Connections: Sendable {
    private struct Entry: Sendable {
        let channel: any Channel
        let tls: NIOLoopBound<TLSHandler>
        let handler: NIOLoopBound<ServiceHandler>
    }

    private let logger: Logger

    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

    init(_ logger: Logger) { self.logger = logger }

    var isEmpty: Bool { entries.withLock { $0.isEmpty } }

    func add(_ channel: any Channel, _ tls: TLSHandler, _ handler: ServiceHandler) {
        let id = ObjectIdentifier(channel)
        let entry = Entry(
            channel: channel, tls: NIOLoopBound(tls, eventLoop: channel.eventLoop),
            handler: NIOLoopBound(handler, eventLoop: channel.eventLoop))
        entries.withLock { $0[id] = entry }
        channel.closeFuture.whenComplete { _ in
            self.entries.withLock { _ = $0.removeValue(forKey: id) }
        }
    }

    func drain() {
        for entry in entries.withLock({ Array($0.values) }) {
            entry.channel.eventLoop.execute { entry.handler.value.drain() }
        }
    }

    /// A caller that has renewed its certificate makes its next call on a new connection, and those
    /// under way are given the time that most need.
    private static let leave = TimeAmount.seconds(2)

    func recheck(under context: TLSContext) {
        for entry in entries.withLock({ Array($0.values) }) {
            entry.channel.eventLoop.execute {
                guard let problem = entry.tls.value.problemWithPeer(under: context) else { return }
                self.logger.notice(
                    "connection ended: its certificate is accepted no more",
                    metadata: [
                        "reason": "\(problem)",
                        "from": "\(entry.channel.remoteAddress?.description ?? "unknown")",
                    ])
                if problem == .peerRevoked {
                    return entry.handler.value.expel(
                        "the certificate on this connection is revoked; ask an administrator for "
                            + "a new one")
                }
                entry.handler.value.drain(
                    .stopping, "the certificate on this connection is accepted no more")
                entry.channel.eventLoop.scheduleTask(in: Self.leave) {
                    entry.channel.close(promise: nil)
                }
            }
        }
    }

    func closeAll() {
        for entry in entries.withLock({ Array($0.values) }) { entry.channel.close(promise: nil) }
    }
}
