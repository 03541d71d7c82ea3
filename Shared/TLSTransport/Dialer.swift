internal import NIOCore
internal import NIOPosix
internal import RPC
internal import Synchronization
internal import Vocabulary

/// Makes connections to one service, which may have several addresses, or a name with several.
///
/// They are tried in order, the one that answered last first. One that has failed, or has not
/// answered within a second, is joined by the next; the first that has said HELLO is taken, and
/// the others are closed.
final class Dialer: Sendable {
    /// A live connection, reachable from any thread.
    struct Link: Sendable {
        let channel: any Channel
        let handler: NIOLoopBound<CallerHandler>
        let tls: NIOLoopBound<TLSHandler>
        let mail: LoopMail<(OutboundCall, PendingCall)>
        let dial: DialTiming
    }

    /// One place to connect to.
    struct Endpoint: Sendable {
        /// What the certificate must be for.
        let address: ServiceAddress
        let socket: SocketAddress
    }

    let loop: any EventLoop
    let source: any TLSContextSource
    private let addresses: [ServiceAddress]
    private let peer: ServiceName
    private let agent: String
    private let executor: LoopExecutor
    private let resolver: HostResolver
    /// The one that answered last: the first to be tried again.
    private let preferred = Mutex<Endpoint?>(nil)

    init(
        _ addresses: [ServiceAddress], peer: ServiceName, source: any TLSContextSource,
        agent: String, loop: any EventLoop, resolver: HostResolver
    ) {
        self.addresses = addresses
        self.peer = peer
        self.source = source
        self.agent = agent
        self.loop = loop
        executor = LoopExecutor.of(loop)
        self.resolver = resolver
    }

    /// Makes a connection.
    ///
    /// `retired`: told on the loop that a connection takes no more calls.
    /// `settled`: told on the loop how it ended.
    func dial(
        retired: @escaping @Sendable (any Channel) -> Void,
        settled: @escaping @Sendable (Result<Link, RPCFailure>) -> Void
    ) {
        let last = preferred.withLock { $0 }
        let first = addresses.filter { $0 == last?.address }
        let order = first + addresses.filter { $0 != last?.address }
        loop.execute {
            DialingRound(self, order, retired: retired) { result in
                if case .success(let (endpoint, _)) = result {
                    self.preferred.withLock { $0 = endpoint }
                }
                settled(result.map(\.link))
            }.next()
        }
    }

    /// The places of an address, the one that answered last first.
    func resolve(_ address: ServiceAddress) -> EventLoopFuture<[Endpoint]> {
        @Sendable func endpoint(_ literal: String) -> Endpoint? {
            (try? SocketAddress(ipAddress: literal, port: address.port)).map {
                Endpoint(address: address, socket: $0)
            }
        }
        if let endpoint = endpoint(address.host) { return loop.makeSucceededFuture([endpoint]) }
        let resolver = resolver
        // Names are looked up by blocking calls.
        return NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
            try resolver.addresses(address.host)
        }.map { found in
            let last = self.preferred.withLock { $0 }
            let endpoints = found.compactMap { endpoint($0) }
            return endpoints.filter { $0.socket == last?.socket }
                + endpoints.filter { $0.socket != last?.socket }
        }
    }

    /// Connects to one place; the connection is usable when the service's HELLO has come.
    ///
    /// `ready`: failed by whoever wants the connection no more.
    func connect(
        _ endpoint: Endpoint, ready: EventLoopPromise<Void>,
        retired: @escaping @Sendable (any Channel) -> Void
    ) -> EventLoopFuture<Link> {
        let context = source.context
        let rule = PeerRule.service(ServiceIdentity(domain: context.domain, name: peer))
        let (agent, executor) = (agent, executor)
        let began = ContinuousClock.now
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(5))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(
                .tcpOption(TCPOption.userTimeout), value: TCPOption.userTimeoutMilliseconds
            )
            .channelOption(.writeBufferWaterMark, value: .init(low: 128 * 1024, high: 512 * 1024))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let session = try TLSSession(context, rule: rule, host: endpoint.address.host)
                    try channel.pipeline.syncOperations.addHandlers(
                        TLSHandler(session),
                        CallerHandler(agent: agent, executor: executor, ready: ready) {
                            retired(channel)
                        })
                }
            }
        let connected = bootstrap.connect(to: endpoint.socket)
        let timeout = loop.scheduleTask(in: .seconds(10)) { ready.fail(TLSFailure.closedEarly) }
        connected.whenFailure { ready.fail($0) }
        let connectedAt = connected.map { _ in ContinuousClock.now }
        return ready.futureResult.and(connected.and(connectedAt)).flatMapThrowing { _, connection in
            let (channel, connectedAt) = connection
            return try self.link(
                channel,
                DialTiming(
                    connectMicroseconds: began.duration(to: connectedAt).microseconds,
                    handshakeMicroseconds: connectedAt.duration(to: .now).microseconds))
        }.always { result in
            timeout.cancel()
            if case .failure = result { connected.whenSuccess { $0.close(promise: nil) } }
        }
    }

    private func link(
        _ channel: any Channel, _ dial: DialTiming
    ) throws -> Link {
        let pipeline = channel.pipeline.syncOperations
        let handler = NIOLoopBound(
            try pipeline.handler(type: CallerHandler.self), eventLoop: loop)
        let tls = NIOLoopBound(try pipeline.handler(type: TLSHandler.self), eventLoop: loop)
        // Files and what is revoked may have changed since the service was judged.
        if let failure = tls.value.problemWithPeer(under: source.context) { throw failure }
        let mail = LoopMail<(OutboundCall, PendingCall)>(loop) { letters in
            for (call, pending) in letters { handler.value.start(call, pending) }
        }
        return Link(channel: channel, handler: handler, tls: tls, mail: mail, dial: dial)
    }

    func failure(of error: any Error, at address: ServiceAddress) -> RPCFailure {
        switch error {
        case var failure as RPCFailure:
            failure.outcome = .notProcessed
            return failure
        case let failure as TLSFailure: return failure.failure
        case let problem as HostResolver.Problem:
            return RPCFailure(
                .unavailable, "\(address.host) is not known here: \(problem)",
                outcome: .notProcessed, retry: .later)
        default:
            return RPCFailure(
                .unavailable, "\(peer.rawValue) does not answer at \(address)",
                outcome: .notProcessed, retry: .later)
        }
    }
}

/// One time that all addresses are tried, until one answers; it lives on the loop.
private final class DialingRound {
    typealias Outcome = Result<(endpoint: Dialer.Endpoint, link: Dialer.Link), RPCFailure>

    /// How long an address is waited for before the next is tried beside it.
    private static let headStart = TimeAmount.seconds(1)

    private let dialer: Dialer
    private let retired: @Sendable (any Channel) -> Void
    private let settled: (Outcome) -> Void
    private var addresses: ArraySlice<ServiceAddress>
    private var endpoints: [Dialer.Endpoint] = []
    private var running = 0
    /// The attempts that were begun.
    private var attempts: [EventLoopPromise<Void>] = []
    private var failures: [RPCFailure] = []
    private var timer: Scheduled<Void>?
    private var isOver = false

    init(
        _ dialer: Dialer, _ addresses: [ServiceAddress],
        retired: @escaping @Sendable (any Channel) -> Void, settled: @escaping (Outcome) -> Void
    ) {
        self.dialer = dialer
        self.addresses = addresses[...]
        self.retired = retired
        self.settled = settled
    }

    /// Tries the next place; fails when there is none and no attempt is under way.
    func next() {
        guard !isOver else { return }
        timer?.cancel()
        if !endpoints.isEmpty {
            connect(endpoints.removeFirst())
        } else if let address = addresses.popFirst() {
            resolve(address)
        } else if running == 0 {
            end(.failure(failure))
        }
    }

    private func begin() {
        running += 1
        timer = dialer.loop.assumeIsolated().scheduleTask(in: Self.headStart) { self.next() }
    }

    private func resolve(_ address: ServiceAddress) {
        begin()
        dialer.resolve(address).assumeIsolated().whenComplete { result in
            self.running -= 1
            switch result {
            case .success(let found):
                self.endpoints += found
                if found.isEmpty {
                    self.note(HostResolver.Problem("it has no address"), at: address)
                }
            case .failure(let error): self.note(error, at: address)
            }
            self.next()
        }
    }

    private func connect(_ endpoint: Dialer.Endpoint) {
        begin()
        let ready = dialer.loop.makePromise(of: Void.self)
        attempts.append(ready)
        dialer.connect(endpoint, ready: ready, retired: retired).assumeIsolated().whenComplete {
            result in
            self.running -= 1
            switch result {
            case .success(let link) where self.isOver: link.channel.close(promise: nil)
            case .success(let link): self.end(.success((endpoint, link)))
            case .failure(let error):
                self.note(error, at: endpoint.address)
                self.next()
            }
        }
    }

    private func note(_ error: any Error, at address: ServiceAddress) {
        failures.append(dialer.failure(of: error, at: address))
    }

    private func end(_ outcome: Outcome) {
        isOver = true
        timer?.cancel()
        for attempt in attempts { attempt.fail(TLSFailure.closedEarly) }
        settled(outcome)
    }

    /// A refusal, which a person must see to, before one that may pass; else all there are.
    private var failure: RPCFailure {
        if let refusal = failures.first(where: { $0.code != .unavailable }) { return refusal }
        guard var failure = failures.first else {
            return RPCFailure(
                .unavailable, "no address is given", outcome: .notProcessed, retry: .never)
        }
        var messages: [String] = []
        for one in failures where !messages.contains(one.message) { messages.append(one.message) }
        failure.message = messages.joined(separator: "; ")
        if let passing = failures.first(where: { $0.retry == .later }) {
            failure.retry = passing.retry
        }
        return failure
    }
}
