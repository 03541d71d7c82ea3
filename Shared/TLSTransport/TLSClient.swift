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
        case connected(Dialer.Link)
        case closed
    }

    private let dialer: Dialer
    private let loop: any EventLoop
    private let loopExecutor: LoopExecutor
    private let state = Mutex(State.idle)
    /// The live connection as tasks on the loop find it, without a lock.
    private let live: NIOLoopBoundBox<CallerHandler?>

    /// Where the connection lives: tasks with this preference call without a change of threads.
    package var executor: any TaskExecutor { loopExecutor }

    /// Names where and whom to call; nothing is dialed yet.
    ///
    /// `peer`: the service that must be at the address; another one is refused.
    /// `context`: a context, or a source that has another for new connections from time to time.
    /// `agent`: a program and its version, for the service's log.
    package convenience init(
        _ address: ServiceAddress, peer: ServiceName, context: any TLSContextSource, agent: String
    ) {
        self.init([address], peer: peer, context: context, agent: agent)
    }

    /// Names several addresses of one service, the best first.
    ///
    /// `resolver`: who knows the addresses of hosts' names.
    package init(
        _ addresses: [ServiceAddress], peer: ServiceName, context: any TLSContextSource,
        agent: String, resolver: HostResolver = .system
    ) {
        _ = ProcessMemory.isKept
        loop = MultiThreadedEventLoopGroup.singleton.next()
        loopExecutor = LoopExecutor.of(loop)
        live = .makeEmptyBox(eventLoop: loop)
        dialer = Dialer(
            addresses, peer: peer, source: context, agent: agent, loop: loop, resolver: resolver)
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

    /// Leaves the connection if the present context would not accept the service on it.
    ///
    /// The next call dials anew; those that are open have two seconds, and then fail. A service
    /// whose certificate is revoked is left at once.
    package func recheckPeer() {
        loop.execute {
            // On the loop, where a connection is judged and taken into use without a gap.
            guard case .connected(let link) = self.state.withLock({ $0 }),
                let problem = link.tls.value.problemWithPeer(under: self.dialer.source.context)
            else { return }
            self.forget(link.channel)
            if problem == .peerRevoked { return link.handler.value.leave(problem) }
            self.loop.scheduleTask(in: .seconds(2)) { link.channel.close(promise: nil) }
        }
    }

    /// Ends the connection; calls on it fail.
    package func close() {
        let last = state.withLock { state in
            defer { state = .closed }
            return state
        }
        loop.execute { self.live.value = nil }
        switch last {
        case .connected(let link): link.channel.close(promise: nil)
        case .connecting(let waiting):
            for (_, pending) in waiting { pending.fail(Self.closed) }
        case .idle, .closed: break
        }
    }

    private static let closed = RPCFailure(
        .cancelled, "the client is closed", outcome: .notProcessed)

    private func begin(_ call: OutboundCall) -> PendingCall {
        let pending = PendingCall(deadline: call.deadline)
        if loop.inEventLoop, let handler = live.value {
            handler.start(call, pending)
        } else {
            enqueue(call, pending)
        }
        return pending
    }

    private func enqueue(_ call: OutboundCall, _ pending: PendingCall) {
        let (link, mustDial, mustWait): (Dialer.Link?, Bool, Bool) = state.withLock { state in
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
            return pending.fail(Self.closed)
        }
        watch(pending)
        if mustDial { dial() }
    }

    /// Ends a call whose time is over before there is a connection; that has one alarm for all.
    private func watch(_ pending: PendingCall) {
        let left = ContinuousClock.now.duration(to: pending.deadline)
        loop.scheduleTask(in: .nanoseconds(max(0, left.nanoseconds))) { [weak pending] in
            pending?.fail(.deadlinePassedUnanswered)
        }
    }

    private func start(_ call: OutboundCall, _ pending: PendingCall, on link: Dialer.Link) {
        if loop.inEventLoop {
            link.handler.value.start(call, pending)
        } else {
            link.mail.post((call, pending))
        }
    }

    // MARK: Dialing

    private func dial() {
        // A connection that takes no more calls may still be answering old ones.
        let retired = { @Sendable [weak self] (channel: any Channel) -> Void in
            self?.forget(channel)
        }
        dialer.dial(retired: retired) { self.settle($0) }
    }

    /// Sends no more calls to a connection; on the loop.
    private func forget(_ channel: any Channel) {
        let isLive = state.withLock { state in
            guard case .connected(let link) = state, link.channel === channel else { return false }
            state = .idle
            return true
        }
        if isLive { live.value = nil }
    }

    private func settle(_ result: Result<Dialer.Link, RPCFailure>) {
        let waiting = state.withLock { state -> [(OutboundCall, PendingCall)]? in
            guard case .connecting(let waiting) = state else { return nil }
            switch result {
            case .success(let link): state = .connected(link)
            case .failure: state = .idle
            }
            return waiting
        }
        guard let waiting else {
            // Closed meanwhile: nobody would ever end the connection.
            if case .success(let link) = result { link.channel.close(promise: nil) }
            return
        }
        if case .success(let link) = result, case .connected = state.withLock({ $0 }) {
            live.value = link.handler.value
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
}
