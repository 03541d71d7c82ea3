internal import CBOR
internal import Logging
internal import NIOCore
internal import RPC
internal import Vocabulary
internal import Wire

/// Answers calls on one connection: the service's end of the protocol in a channel's pipeline.
///
/// Each call runs in a task of its own, which is cancelled when the caller cancels or goes away
/// and when its deadline passes.
final class ServiceHandler: ChannelInboundHandler, ConnectionEnd {
    typealias InboundIn = ByteBuffer

    private let pump: ConnectionPump
    private var calls = StreamTable<ServiceCall?>(blank: nil)
    private var peer: Identity?
    private var isDraining = false
    private var timer: Scheduled<Void>?
    private var alarm: DeadlineAlarm?
    private var carrier: ServiceCall.Carrier?
    /// When the last bytes came, by two clocks.
    private var arrived = NIODeadline.now()
    private var time = ContinuousClock.now
    /// When a call was open last.
    private var usedAt = NIODeadline.now()
    /// Handlers at work, those included whose caller has gone.
    private var running = 0
    private let limits: WireLimits
    private let patience: ConnectionPatience
    private let handler: any CallHandler
    private let executor: LoopExecutor
    private let agent: String
    private let logger: Logger
    private let refusals: RefusalLog
    /// The terms of the method that was called last.
    private var lastTerms: (method: String, terms: CallTerms)?

    init(
        _ handler: any CallHandler, executor: LoopExecutor, agent: String,
        patience: ConnectionPatience = ConnectionPatience(), limits: WireLimits = .standard,
        logger: Logger, refusals: RefusalLog? = nil
    ) {
        self.handler = handler
        self.executor = executor
        self.agent = agent
        self.patience = patience
        self.limits = limits
        self.logger = logger
        self.refusals = refusals ?? RefusalLog(logger)
        pump = ConnectionPump(.service, limits: limits, executor: executor)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        pump.attach(context, to: self)
        carrier = ServiceCall.Carrier(self, context.eventLoop)
        alarm = DeadlineAlarm(context.eventLoop) { [weak self] in self?.endOverdue() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        pump.detach()
        carrier = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let established = event as? TLSHandler.Established {
            peer = established.peer
            pump.connection.start(agent: agent)
            pump.flush()
            arm(.seconds(5)) { $0.leave(.silence, "no HELLO came") }
            if isDraining { drain() }
        }
        if event as? IdleStateHandler.IdleStateEvent == .read {
            leave(
                .silence, "nothing was heard for \(patience.silence.nanoseconds / 1_000_000_000) s")
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func arm(_ time: TimeAmount, _ action: @escaping (ServiceHandler) -> Void) {
        guard let context = pump.context else { return }
        timer?.cancel()
        let bound = NIOLoopBound((self, action), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: time) { bound.value.1(bound.value.0) }
    }

    /// Says why, and closes.
    private func leave(_ code: GoAway.Code, _ reason: String) {
        logger.notice(
            "connection ended",
            metadata: [
                "reason": "\(reason)",
                "from": "\(pump.context?.remoteAddress?.description ?? "unknown")",
            ])
        pump.connection.drain(code, reason: reason)
        pump.flush()
        pump.context?.close(promise: nil)
    }

    /// Reads no more while the caller does not take what it asked for: else its pings and refused
    /// calls would fill the memory with answers.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        try? context.channel.syncOptions?.setOption(.autoRead, value: isWritable)
        if isWritable { pump.flush() }
        context.fireChannelWritabilityChanged()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // The clocks are read once for all that has come at once.
        arrived = context.eventLoop.now
        time = .now
        let milliseconds = Int64(clamping: arrived.uptimeNanoseconds / 1_000_000)
        pump.read(unwrapInboundIn(data), at: milliseconds)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        pump.readComplete()
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let failure = error as? TLSFailure, failure != .closedEarly {
            refusals.note(failure, from: context.remoteAddress?.description ?? "unknown")
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        alarm?.cancel()
        for call in calls.removeAll() { call?.finish(cancelling: true) }
        context.fireChannelInactive()
    }

    // MARK: Life

    /// Takes no new calls, and closes when the open ones are done.
    func drain() { drain(.stopping, "the service is stopping") }

    func drain(_ code: GoAway.Code, _ reason: String) {
        isDraining = true
        guard pump.connection.isReady else {
            if peer == nil { pump.context?.close(promise: nil) }
            return
        }
        pump.connection.drain(code, reason: reason)
        pump.flush()
    }

    /// Answers nothing more and closes at once: the caller is let in no longer.
    func expel(_ reason: String) {
        for call in calls.removeAll() { call?.finish(cancelling: true) }
        leave(.revoked, reason)
    }

    /// Lets the connection go when it is old or nobody uses it: its certificate ages with it.
    private func watchAge(born: NIODeadline) {
        guard let now = pump.context?.eventLoop.now else { return }
        if now - born >= patience.age { return drain(.age, "the connection is old") }
        if pump.connection.openStreams > 0 { usedAt = now }
        if now - usedAt >= patience.idle { return drain(.age, "the connection is not used") }
        let next = min(patience.age - (now - born), patience.idle - (now - usedAt))
        arm(next) { $0.watchAge(born: born) }
    }

    private func closeIfDrained() {
        // What was answered may still wait for credit: a stream is open until its last byte is sent.
        guard isDraining, pump.connection.openStreams == 0, !pump.connection.hasOutput else {
            return
        }
        pump.context?.close(promise: nil)
    }

    func flushed() { closeIfDrained() }

    func perform(_ action: Connection.Action) {
        switch action {
        case .call(let stream, let header, let message): start(stream, header, message)
        case .room(let stream):
            if let place = calls.place(of: stream) { calls[place]?.hasRoom() }
        case .cancelled(let stream):
            calls.take(stream)??.finish(cancelling: true)
            closeIfDrained()
        case .unsupported(let stream):
            fail(
                stream,
                RPCFailure(
                    .unimplemented, "version 1 takes exactly one message as a request",
                    outcome: .notProcessed))
        case .goAway(let goAway):
            logger.notice(
                "the caller ended the connection", metadata: ["code": "\(goAway.code.rawValue)"])
        case .close(let error):
            logger.notice("connection broke the protocol", metadata: ["reason": "\(error)"])
            pump.flush()
            pump.context?.close(promise: nil)
        case .ready:
            let now = pump.context?.eventLoop.now ?? .now()
            usedAt = now
            watchAge(born: now)
            if isDraining { drain() }
        case .pong, .reply, .failure: break
        }
    }

    // MARK: Calls

    private func start(_ stream: UInt32, _ header: OpenHeader, _ message: ByteBuffer) {
        guard let peer, let carrier else { return }
        // A cancelled call leaves its stream at once and its handler a little later.
        guard running < 2 * limits.streams else {
            let reached = LimitReached(
                "calls of this connection that are still ending", limit: 2 * limits.streams,
                value: running)
            return fail(stream, RPCFailure(reached, retry: .later))
        }
        let inbound: InboundCall
        let terms = terms(of: header.method)
        do throws(RPCFailure) {
            inbound = try InboundCall(
                header, message, from: peer, terms: terms, arrived: arrived, time)
        } catch {
            return fail(stream, error)
        }
        let call = ServiceCall(carrier, stream: stream, deadline: inbound.deadline)
        calls.insert(call, for: stream)
        usedAt = arrived
        alarm?.include(inbound.deadline)
        running += 1
        // A call's task lives as long as its stream: a cancel or the connection's end cancels it.
        call.run(handler.begin(inbound, replyingTo: call, on: executor))
    }

    private func terms(of method: String) -> CallTerms {
        if let lastTerms, lastTerms.method == method { return lastTerms.terms }
        let terms = handler.terms(of: method)
        lastTerms = (method, terms)
        return terms
    }

    private func endOverdue() {
        let now = ContinuousClock.now
        for stream in calls.streams {
            guard let place = calls.place(of: stream), let call = calls[place] else { continue }
            guard call.deadline <= now else {
                alarm?.include(call.deadline)
                continue
            }
            calls.remove(stream)
            fail(stream, .deadlinePassed)
            call.finish(cancelling: true)
        }
        pump.flushSoon()
    }

    /// Takes what handlers on other threads have said of their calls.
    func read(_ letters: [(ServiceCall, ServiceCall.Word)]) {
        for (call, word) in letters {
            if case .reply(let message) = word { call.noteDelivered(message.readableBytes) }
            hear(call, word)
        }
        pump.flush()
    }

    /// Takes what a handler says of its call; on the loop.
    func hear(_ call: ServiceCall, _ word: ServiceCall.Word) {
        switch word {
        case .reply(let message): reply(call, message, nil)
        case .end(let message, let notes):
            reply(call, message, notes)
            finished(call)
        case .failure(let failure):
            if isOpen(call) { fail(call.stream, failure) }
            finished(call)
        }
        if case .reply = word { return pump.flushSoon() }
        pump.flushBatch()
    }

    /// A stream's number is never used again, so a call that is gone finds no other in its place.
    private func isOpen(_ call: ServiceCall) -> Bool { calls.place(of: call.stream) != nil }

    /// Comes once for each handler, whether its stream is still there or not.
    private func finished(_ call: ServiceCall) {
        running -= 1
        calls.remove(call.stream)
        call.finish(cancelling: false)
    }

    private func reply(_ call: ServiceCall, _ message: ByteBuffer?, _ notes: ReplyNotes?) {
        guard isOpen(call) else { return }
        let encoded = notes.flatMap { try? CBOREncoder().encode($0) }
        do throws(Connection.SendRefusal) {
            try pump.connection.reply(
                call.stream, message: message, notes: encoded, isLast: notes != nil)
        } catch {
            refuse(call, error)
        }
    }

    /// A reply that cannot be sent ends its call, not the connection.
    private func refuse(_ call: ServiceCall, _ refusal: Connection.SendRefusal) {
        guard case .messageTooLarge(let bytes, let limit) = refusal else { return }
        calls.remove(call.stream)
        fail(
            call.stream,
            RPCFailure(
                LimitReached("bytes of a reply", limit: limit, value: bytes), outcome: .unknown,
                retry: .never, advice: "ask for less"))
        call.finish(cancelling: true)
    }

    private func fail(_ stream: UInt32, _ failure: RPCFailure) {
        pump.connection.fail(stream, (try? CBOREncoder().encode(failure)) ?? ByteBuffer())
    }
}

/// How long a service bears with a connection.
struct ConnectionPatience: Sendable {
    /// Without a byte from the caller, which says something every few seconds.
    var silence = TimeAmount.seconds(10)
    /// Without a call.
    var idle = TimeAmount.minutes(15)
    /// Altogether, so that no connection outlives its certificate for long.
    var age: TimeAmount

    /// The age differs by up to a tenth, so that connections of one day do not end together.
    init() {
        age = .seconds(Int64.random(in: 3240...3960))
    }
}
