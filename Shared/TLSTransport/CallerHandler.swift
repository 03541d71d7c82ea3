internal import CBOR
internal import NIOCore
internal import RPC
internal import Wire

/// Makes calls on one connection: the caller's end of the protocol in a channel's pipeline.
final class CallerHandler: ChannelInboundHandler, ConnectionEnd {
    typealias InboundIn = ByteBuffer

    private let pump: ConnectionPump
    private var calls = StreamTable<PendingCall?>(blank: nil)
    private var failure: RPCFailure?
    /// Itself, as its calls see it from any thread.
    private var bound: NIOLoopBound<CallerHandler>?
    private let agent: String
    /// Fulfilled when the service's HELLO has come: only then has it accepted this side.
    private let ready: EventLoopPromise<Void>
    /// Told once that this connection takes no more calls, so that new ones go elsewhere.
    private let retired: () -> Void
    private var keepalive: RepeatedTask?
    /// Pings since something was heard.
    private var unanswered = 0
    private var alarm: DeadlineAlarm?

    /// A peer that says nothing over so many pings is taken for lost: within ten seconds.
    private static let pingInterval = TimeAmount.milliseconds(2500)
    private static let pingsMaximum = 3

    init(
        agent: String, executor: LoopExecutor, ready: EventLoopPromise<Void>,
        retired: @escaping () -> Void = {}, limits: WireLimits = .standard
    ) {
        self.agent = agent
        self.ready = ready
        self.retired = retired
        pump = ConnectionPump(.caller, limits: limits, executor: executor)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        pump.attach(context, to: self)
        bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        alarm = DeadlineAlarm(context.eventLoop) { [weak self] in self?.endOverdue() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        pump.detach()
        bound = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is TLSHandler.Established {
            pump.connection.start(agent: agent)
            pump.flush()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unanswered = 0
        pump.read(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Whoever got an answer may make the next call at once, in the same flush.
        pump.readComplete()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { pump.flush() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end((error as? TLSFailure ?? .other("\(type(of: error))")).failure)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(
            RPCFailure(
                .unavailable, "the connection was lost before the answer came", outcome: .unknown,
                retry: .later))
        context.fireChannelInactive()
    }

    // MARK: Calls

    /// Begins a call; its replies go to `pending`.
    func start(_ call: OutboundCall, _ pending: PendingCall) {
        if let failure {
            var failure = failure
            failure.outcome = .notProcessed
            return pending.fail(failure)
        }
        guard let bound else {
            return pending.fail(Self.failure(of: .notReady))
        }
        do throws(Connection.SendRefusal) {
            let stream = try pump.connection.call(OpenHeader(call), message: call.message)
            calls.insert(pending, for: stream)
            alarm?.include(pending.deadline)
            if !pending.attach(StreamLink(handler: bound, stream: stream)) { giveUp(stream) }
            pump.flushBatch()
        } catch {
            pending.fail(Self.failure(of: error))
            if error == .goingAway { retire(Self.failure(of: error)) }
        }
    }

    private static func failure(of refusal: Connection.SendRefusal) -> RPCFailure {
        switch refusal {
        case .full(let limit):
            RPCFailure(
                LimitReached("calls open on one connection", limit: limit, value: limit),
                retry: .later)
        case .goingAway, .notReady, .streamOver:
            RPCFailure(
                .unavailable, "this connection takes no more calls", outcome: .notProcessed,
                retry: .later)
        case .messageTooLarge(let bytes, let limit):
            RPCFailure(
                LimitReached("bytes of a request", limit: limit, value: bytes),
                code: .invalidArgument, retry: .never, advice: "split it")
        case .metadataTooLarge(let bytes, let limit):
            RPCFailure(
                LimitReached("bytes of a call's metadata", limit: limit, value: bytes),
                code: .invalidArgument, retry: .never, advice: "name fewer positions")
        case .emptyMessage:
            RPCFailure(
                .invalidArgument, "the request cannot be sent: it has no bytes",
                outcome: .notProcessed)
        }
    }

    func taken(_ stream: UInt32, _ messages: Int, _ bytes: Int) {
        pump.connection.consumed(stream, messages: messages, bytes: bytes)
        if pump.connection.hasOutput { pump.flushSoon() }
    }

    func giveUp(_ stream: UInt32) {
        guard calls.remove(stream) else { return }
        pump.connection.cancel(stream)
        pump.flushSoon()
        closeIfDone()
    }

    private func endOverdue() {
        let now = ContinuousClock.now
        for stream in calls.streams {
            guard let place = calls.place(of: stream), let pending = calls[place] else { continue }
            guard pending.deadline <= now else {
                alarm?.include(pending.deadline)
                continue
            }
            calls.remove(stream)
            pump.connection.cancel(stream)
            pending.fail(.deadlinePassedUnanswered)
        }
        pump.flushSoon()
        closeIfDone()
    }

    // MARK: The connection

    func flushed() {}

    func perform(_ action: Connection.Action) {
        switch action {
        case .reply(let stream, let message, let notes, let isLast):
            guard let place = calls.place(of: stream) else { return }
            let pending = calls[place]
            if isLast { calls.remove(stream) }
            pending?.deliver(message, end: isLast ? Self.notes(notes) : nil)
            if isLast, failure != nil { closeIfDone() }
        case .ready:
            ready.succeed()
            startKeepalive()
        case .failure(let stream, let body):
            calls.take(stream)??.fail(Self.failure(body))
            closeIfDone()
        case .goAway(let goAway): leave(goAway)
        case .pong: break
        case .close(let error):
            end(
                RPCFailure(.internal, "the service broke the protocol: \(error)", outcome: .unknown)
            )
            pump.flush()
            pump.context?.close(promise: nil)
        case .call, .unsupported, .cancelled, .room: break
        }
    }

    /// Takes no more calls; closes when those that are open have ended.
    private func retire(_ failure: RPCFailure) {
        guard self.failure == nil else { return }
        self.failure = failure
        retired()
        closeIfDone()
    }

    private func closeIfDone() {
        guard failure != nil, calls.count == 0 else { return }
        pump.context?.close(promise: nil)
    }

    private func leave(_ goAway: GoAway) {
        guard [.stopping, .silence, .age].contains(goAway.code) else {
            let code: StatusCode = goAway.code == .revoked ? .unauthenticated : .internal
            end(
                RPCFailure(
                    code, "the service ended the connection: \(goAway.reason)", outcome: .unknown))
            pump.context?.close(promise: nil)
            return
        }
        let failure = RPCFailure(
            .unavailable, "the service takes no more calls here: \(goAway.reason)",
            outcome: .notProcessed, retry: .later)
        for stream in calls.streams where stream > goAway.lastStream {
            calls.take(stream)??.fail(failure)
        }
        retire(failure)
    }

    /// Closes at once: the service is called no longer, and nothing it says is believed.
    func leave(_ failure: TLSFailure) {
        var failure = failure.failure
        failure.outcome = .unknown
        end(failure)
        pump.context?.close(promise: nil)
    }

    private func startKeepalive() {
        guard let bound else { return }
        keepalive = bound.eventLoop.scheduleRepeatedTask(
            initialDelay: Self.pingInterval, delay: Self.pingInterval
        ) { _ in
            let handler = bound.value
            guard handler.unanswered < Self.pingsMaximum else {
                handler.end(
                    RPCFailure(
                        .unavailable, "the service stopped answering", outcome: .unknown,
                        retry: .later))
                handler.pump.context?.close(promise: nil)
                return
            }
            handler.unanswered += 1
            handler.pump.connection.ping()
            handler.pump.flush()
        }
    }

    private func end(_ failure: RPCFailure) {
        keepalive?.cancel()
        keepalive = nil
        alarm?.cancel()
        if self.failure == nil { retired() }
        if self.failure == nil || calls.count > 0 { self.failure = failure }
        ready.fail(failure)
        for pending in calls.removeAll() { pending?.fail(failure) }
    }

    private static func notes(_ body: ByteBuffer?) -> ReplyNotes {
        guard let body else { return ReplyNotes() }
        return (try? CBORDecoder().decode(ReplyNotes.self, from: body)) ?? ReplyNotes()
    }

    private static func failure(_ body: ByteBuffer) -> RPCFailure {
        (try? CBORDecoder().decode(RPCFailure.self, from: body))
            ?? RPCFailure(
                .unknown, "the service failed in a way that this version does not understand",
                outcome: .unknown)
    }
}
