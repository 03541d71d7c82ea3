internal import NIOCore
internal import NIOPosix
package import RPC
internal import Synchronization
package import Vocabulary

/// Calls one service over one TLS connection, which is made at the first call and made again when
/// it is lost.
///
/// A service may have several addresses, or a name with several: the next is tried where one does
/// not answer. Calls may be made from any thread; from a task that runs on ``executor`` a call
/// changes no threads.
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
        let mail: LoopMail<(OutboundCall, PendingCall)>
        let dial: DialTiming
    }

    private let addresses: [ServiceAddress]
    private let context: TLSContext
    private let peer: ServiceName
    private let agent: String
    private let loop: any EventLoop
    private let loopExecutor: LoopExecutor
    private let state = Mutex(State.idle)
    /// The address that answered last: the first to be tried again.
    private let preferred = Mutex(0)

    /// Where the connection lives: tasks with this preference call without a change of threads.
    package var executor: any TaskExecutor { loopExecutor }

    /// Names where and whom to call; nothing is dialed yet.
    ///
    /// `peer`: the service that must be at the address; another one is refused.
    /// `agent`: a program and its version, for the service's log.
    package convenience init(
        _ address: ServiceAddress, peer: ServiceName, context: TLSContext, agent: String
    ) {
        self.init([address], peer: peer, context: context, agent: agent)
    }

    /// Names several addresses of one service, the best first.
    package init(
        _ addresses: [ServiceAddress], peer: ServiceName, context: TLSContext, agent: String
    ) {
        self.addresses = addresses
        self.peer = peer
        self.context = context
        self.agent = agent
        _ = ProcessMemory.isKept
        loop = MultiThreadedEventLoopGroup.singleton.next()
        loopExecutor = LoopExecutor.of(loop)
    }

    package func unary(_ call: OutboundCall) async throws(RPCFailure) -> InboundReply {
        let pending = begin(call)
        guard let message = try await pending.next() else {
            throw RPCFailure(.internal, "the service ended without a reply", outcome: .unknown)
        }
        // The end and the notes come with the reply, in one frame or right behind it.
        let (notes, dial) = pending.outcome()
        return InboundReply(message: message, notes: notes, dial: dial)
    }

    package func stream(_ call: OutboundCall) async throws(RPCFailure) -> MessageStream {
        MessageStream(next: StreamConsumer(begin(call)).next)
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
        let pending = PendingCall(deadline: call.deadline)
        enqueue(call, pending)
        return pending
    }

    private func enqueue(_ call: OutboundCall, _ pending: PendingCall) {
        let (link, mustDial, mustWait): (Link?, Bool, Bool) = state.withLock { state in
            switch state {
            case .connected(let link) where link.channel.isActive: return (link, false, false)
            case .idle, .connected:
                state = .connecting([(call, pending)])
                return (nil, true, true)
            case .connecting(let waiting):
                state = .connecting(waiting + [(call, pending)])
                return (nil, false, true)
            case .closed: return (nil, false, false)
            }
        }
        if let link { return start(call, pending, on: link) }
        guard mustWait else {
            return pending.fail(
                RPCFailure(.cancelled, "the client is closed", outcome: .notProcessed))
        }
        watch(pending)
        if mustDial { dial() }
    }

    /// Ends a call whose time is over before there is a connection; that has one alarm for all.
    private func watch(_ pending: PendingCall) {
        let left = ContinuousClock.now.duration(to: pending.deadline)
        loop.scheduleTask(in: .nanoseconds(max(0, left.nanoseconds))) { [weak pending] in
            pending?.fail(
                RPCFailure(
                    .deadlineExceeded, "the deadline passed before the answer came",
                    outcome: .unknown, retry: .never))
        }
    }

    private func start(_ call: OutboundCall, _ pending: PendingCall, on link: Link) {
        if loop.inEventLoop {
            link.handler.value.start(call, pending)
        } else {
            link.mail.post((call, pending))
        }
    }

    // MARK: Dialing

    private func dial() {
        let first = preferred.withLock { $0 }
        let order = addresses.indices.map { (first + $0) % addresses.count }
        dial(order[...], failure: nil)
    }

    /// Tries the addresses one after the other, and settles with the last failure.
    private func dial(_ order: ArraySlice<Int>, failure: RPCFailure?) {
        guard let index = order.first else {
            return settle(.failure(failure ?? unreachable(addresses[0])))
        }
        connect(addresses[index]).whenComplete { result in
            switch result {
            case .success(let link):
                self.preferred.withLock { $0 = index }
                self.settle(.success(link))
            case .failure(let error):
                self.dial(
                    order.dropFirst(), failure: self.failure(of: error, at: self.addresses[index]))
            }
        }
    }

    private func connect(_ address: ServiceAddress) -> EventLoopFuture<Link> {
        let ready = loop.makePromise(of: Void.self)
        let context = context
        let rule = PeerRule.service(ServiceIdentity(domain: context.domain, name: peer))
        let (agent, executor) = (agent, loopExecutor)
        // A connection that takes no more calls may still be answering old ones.
        let retired = { @Sendable [weak self] (channel: any Channel) in
            _ = self?.state.withLock { state in
                if case .connected(let link) = state, link.channel === channel { state = .idle }
            }
        }
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
                    let session = try TLSSession(context, rule: rule, host: address.host)
                    try channel.pipeline.syncOperations.addHandlers(
                        TLSHandler(session),
                        CallerHandler(agent: agent, executor: executor, ready: ready) {
                            retired(channel)
                        })
                }
            }
        let connected = bootstrap.connect(host: address.host, port: address.port)
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

    private func link(_ channel: any Channel, _ dial: DialTiming) throws -> Link {
        let handler = NIOLoopBound(
            try channel.pipeline.syncOperations.handler(type: CallerHandler.self),
            eventLoop: loop)
        let mail = LoopMail<(OutboundCall, PendingCall)>(loop) { letters in
            for (call, pending) in letters { handler.value.start(call, pending) }
        }
        return Link(channel: channel, handler: handler, mail: mail, dial: dial)
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
        let now = ContinuousClock.now
        for (var call, pending) in waiting {
            call.left = now.duration(to: call.deadline)
            switch result {
            case .success(let link):
                pending.note(link.dial)
                start(call, pending, on: link)
            case .failure(let failure): pending.fail(failure)
            }
        }
    }

    private func unreachable(_ address: ServiceAddress) -> RPCFailure {
        RPCFailure(
            .unavailable, "\(peer.rawValue) does not answer at \(address)",
            outcome: .notProcessed, retry: .later)
    }

    private func failure(of error: any Error, at address: ServiceAddress) -> RPCFailure {
        switch error {
        case var failure as RPCFailure:
            failure.outcome = .notProcessed
            return failure
        case let failure as TLSFailure: return failure.failure
        default: return unreachable(address)
        }
    }
}
