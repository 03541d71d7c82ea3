internal import CBOR
internal import NIOCore
internal import RPC
internal import Wire

/// Makes calls on one connection: the caller's end of the protocol in a channel's pipeline.
final class CallerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var connection: Connection
    private var calls = StreamTable<PendingCall?>(blank: nil)
    /// What there is to do, and what is being done of it.
    private var actions: [Connection.Action] = []
    private var current: [Connection.Action] = []
    private var isPerforming = false
    private var isReading = false
    private var isFlushDue = false
    /// Calls begun since the last flush.
    private var unflushed = 0
    private var failure: RPCFailure?
    private var context: ChannelHandlerContext?
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
    private let executor: LoopExecutor
    private let scratch = LoopScratch.ofThisLoop
    private var alarm: DeadlineAlarm?

    /// A peer that says nothing over so many pings is taken for lost: within ten seconds.
    private static let pingInterval = TimeAmount.milliseconds(2500)
    private static let pingsMaximum = 3

    init(
        agent: String, executor: LoopExecutor, ready: EventLoopPromise<Void>,
        retired: @escaping () -> Void = {}, limits: WireLimits = .standard
    ) {
        self.agent = agent
        self.executor = executor
        self.ready = ready
        self.retired = retired
        connection = Connection(role: .caller, limits: limits)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        alarm = DeadlineAlarm(context.eventLoop) { [weak self] in self?.endOverdue() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        bound = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is TLSHandler.Established {
            connection.start(agent: agent)
            flush()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        unanswered = 0
        connection.received(unwrapInboundIn(data), &actions)
        perform()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        // Whoever got an answer may make the next call at once, in the same flush.
        executor.drain()
        flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { flush() }
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
            let stream = try connection.call(OpenHeader(call), message: call.message)
            calls.insert(pending, for: stream)
            alarm?.include(pending.deadline)
            if !pending.attach(StreamLink(handler: bound, stream: stream)) { giveUp(stream) }
            unflushed += 1
            if unflushed >= ServiceHandler.batch { flush() } else { flushSoon() }
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
        connection.consumed(stream, messages: messages, bytes: bytes)
        if connection.hasOutput { flushSoon() }
    }

    func giveUp(_ stream: UInt32) {
        guard calls.remove(stream) else { return }
        connection.cancel(stream)
        flushSoon()
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
            connection.cancel(stream)
            pending.fail(
                RPCFailure(
                    .deadlineExceeded, "the deadline passed before the answer came",
                    outcome: .unknown, retry: .never))
        }
        flushSoon()
        closeIfDone()
    }

    // MARK: The connection

    private func flushSoon() {
        // The end of a read flushes anyway.
        guard !isReading, !isFlushDue, let bound else { return }
        isFlushDue = true
        bound.eventLoop.execute { bound.value.flush() }
    }

    private func flush() {
        isFlushDue = false
        unflushed = 0
        guard let context, connection.hasOutput else { return }
        while connection.hasOutput, context.channel.isWritable {
            scratch.frames.clear()
            connection.produce(into: &scratch.frames, upTo: ServiceHandler.burst, &actions)
            context.write(wrapOutboundOut(scratch.frames), promise: nil)
        }
        context.flush()
        perform()
    }

    /// Carries out what there is to do, and what that brings; a call within a call adds to it.
    private func perform() {
        guard !isPerforming else { return }
        isPerforming = true
        while !actions.isEmpty {
            swap(&actions, &current)
            for index in current.indices { perform(current[index]) }
            current.removeAll(keepingCapacity: true)
        }
        isPerforming = false
    }

    private func perform(_ action: Connection.Action) {
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
            flush()
            context?.close(promise: nil)
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
        context?.close(promise: nil)
    }

    private func leave(_ goAway: GoAway) {
        guard [.stopping, .silence, .age].contains(goAway.code) else {
            end(
                RPCFailure(
                    .internal, "the service ended the connection: \(goAway.reason)",
                    outcome: .unknown))
            context?.close(promise: nil)
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

    private func startKeepalive() {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        keepalive = context.eventLoop.scheduleRepeatedTask(
            initialDelay: Self.pingInterval, delay: Self.pingInterval
        ) { _ in
            let handler = bound.value
            guard handler.unanswered < Self.pingsMaximum else {
                handler.end(
                    RPCFailure(
                        .unavailable, "the service stopped answering", outcome: .unknown,
                        retry: .later))
                handler.context?.close(promise: nil)
                return
            }
            handler.unanswered += 1
            handler.connection.ping()
            handler.flush()
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
