internal import NIOCore
internal import NIOPosix
package import RPC
internal import Synchronization
package import Vocabulary

/// Where a service listens.
package struct ServiceAddress: Hashable, Sendable, CustomStringConvertible {
    /// A name or a literal address; the service's certificate must be for it.
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`; an IPv6 address stands in brackets.
    package init?(text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty else { return nil }
        self.init(host: host, port: port)
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Calls one service over one TLS connection, which is made at the first call and made again when
/// it is lost.
package final class TLSClient: Transport {
    private enum State {
        case idle
        case connecting([(OutboundCall, PendingCall)])
        case connected(Link)
        case closed
    }

    /// A live connection, reachable from any thread.
    private struct Link: Sendable {
        let channel: any Channel
        let handler: NIOLoopBound<CallerHandler>
    }

    private let address: ServiceAddress
    private let context: TLSContext
    private let peer: ServiceName
    private let agent: String
    private let group: any EventLoopGroup
    private let state = Mutex(State.idle)

    /// Names where and whom to call; nothing is dialed yet.
    ///
    /// `peer`: the service that must be at the address; another one is refused.
    /// `agent`: a program and its version, for the service's log.
    package init(
        _ address: ServiceAddress, peer: ServiceName, context: TLSContext, agent: String
    ) {
        self.address = address
        self.peer = peer
        self.context = context
        self.agent = agent
        group = MultiThreadedEventLoopGroup.singleton
    }

    package func unary(_ call: OutboundCall) async throws(RPCFailure) -> InboundReply {
        let pending = begin(call)
        guard let message = try await pending.next() else {
            throw RPCFailure(.internal, "the service ended without a reply", outcome: .unknown)
        }
        // The end and the notes come with the reply, in one frame or right behind it.
        return InboundReply(message: message, notes: pending.notes)
    }

    package func stream(_ call: OutboundCall) async throws(RPCFailure) -> MessageStream {
        MessageStream(next: begin(call).next)
    }

    /// Ends the connection; calls on it fail.
    package func close() {
        let last = state.withLock { state in
            defer { state = .closed }
            return state
        }
        if case .connected(let link) = last { link.channel.close(promise: nil) }
    }

    private func begin(_ call: OutboundCall) -> PendingCall {
        let pending = PendingCall()
        let left = ContinuousClock.now.duration(to: call.deadline)
        guard left > .zero else {
            pending.fail(
                RPCFailure(
                    .deadlineExceeded, "the deadline passed before the call began",
                    outcome: .notProcessed))
            return pending
        }
        let timer = group.any().scheduleTask(in: .microseconds(left.microseconds)) {
            [weak pending] in
            pending?.fail(
                RPCFailure(
                    .deadlineExceeded, "the deadline passed before the answer came",
                    outcome: .unknown, retry: .never))
        }
        pending.onEnd { timer.cancel() }
        enqueue(call, pending)
        return pending
    }

    private func enqueue(_ call: OutboundCall, _ pending: PendingCall) {
        let (link, mustDial): (Link?, Bool) = state.withLock { state in
            switch state {
            case .connected(let link) where link.channel.isActive: return (link, false)
            case .idle, .connected:
                state = .connecting([(call, pending)])
                return (nil, true)
            case .connecting(let waiting):
                state = .connecting(waiting + [(call, pending)])
                return (nil, false)
            case .closed:
                pending.fail(
                    RPCFailure(.cancelled, "the client is closed", outcome: .notProcessed))
                return (nil, false)
            }
        }
        if let link { start(call, pending, on: link) }
        if mustDial { dial() }
    }

    private func start(_ call: OutboundCall, _ pending: PendingCall, on link: Link) {
        link.channel.eventLoop.execute { link.handler.value.start(call, pending) }
    }

    private func dial() {
        let loop = group.next()
        let ready = loop.makePromise(of: Void.self)
        let context = context
        let host = address.host
        let rule = PeerRule.service(ServiceIdentity(domain: context.domain, name: peer))
        let agent = agent
        // A connection that takes no more calls may still be answering old ones.
        let retired = { @Sendable [weak self] (channel: any Channel) in
            _ = self?.state.withLock { state in
                if case .connected(let link) = state, link.channel === channel { state = .idle }
            }
        }
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(5))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let session = try TLSSession(context, rule: rule, host: host)
                    try channel.pipeline.syncOperations.addHandlers(
                        TLSHandler(session),
                        CallerHandler(agent: agent, ready: ready) { retired(channel) })
                }
            }
        let connected = bootstrap.connect(host: address.host, port: address.port)
        let timeout = loop.scheduleTask(in: .seconds(10)) {
            ready.fail(TLSFailure.closedEarly)
        }
        connected.whenFailure { ready.fail(self.unreachable($0)) }
        ready.futureResult.whenComplete { result in
            timeout.cancel()
            switch result {
            case .failure(let error):
                connected.whenSuccess { $0.close(promise: nil) }
                self.settle(.failure(self.failure(of: error)))
            case .success:
                connected.whenComplete { self.settle(self.link($0)) }
            }
        }
    }

    private func link(_ channel: Result<any Channel, any Error>) -> Result<Link, RPCFailure> {
        do {
            let channel = try channel.get()
            let handler = try channel.pipeline.syncOperations.handler(type: CallerHandler.self)
            return .success(
                Link(
                    channel: channel,
                    handler: NIOLoopBound(handler, eventLoop: channel.eventLoop)))
        } catch {
            return .failure(failure(of: error))
        }
    }

    private func settle(_ result: Result<Link, RPCFailure>) {
        let waiting = state.withLock { state -> [(OutboundCall, PendingCall)] in
            guard case .connecting(let waiting) = state else { return [] }
            switch result {
            case .success(let link): state = .connected(link)
            case .failure: state = .idle
            }
            return waiting
        }
        for (call, pending) in waiting {
            switch result {
            case .success(let link): start(call, pending, on: link)
            case .failure(let failure): pending.fail(failure)
            }
        }
    }

    private func unreachable(_ error: any Error) -> RPCFailure {
        if let failure = error as? TLSFailure { return failure.failure }
        return RPCFailure(
            .unavailable, "\(peer.rawValue) does not answer at \(address)",
            outcome: .notProcessed, retry: .later)
    }

    private func failure(of error: any Error) -> RPCFailure {
        switch error {
        case var failure as RPCFailure:
            failure.outcome = .notProcessed
            return failure
        case let failure as TLSFailure: return failure.failure
        default: return unreachable(error)
        }
    }
}
