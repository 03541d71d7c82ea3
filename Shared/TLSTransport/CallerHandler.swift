internal import CBOR
internal import NIOCore
internal import RPC
internal import Wire

/// Makes calls on one connection: the caller's end of the protocol in a channel's pipeline.
final class CallerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var connection: Connection
    private var calls: [UInt32: PendingCall] = [:]
    private var failure: RPCFailure?
    private var context: ChannelHandlerContext?
    private let agent: String
    /// Fulfilled when the service's HELLO has come: only then has it accepted this side.
    private let ready: EventLoopPromise<Void>
    /// Told once that this connection takes no more calls, so that new ones go elsewhere.
    private let retired: () -> Void
    private var keepalive: RepeatedTask?
    private var unanswered = 0

    init(
        agent: String, ready: EventLoopPromise<Void>, retired: @escaping () -> Void = {},
        limits: WireLimits = .standard
    ) {
        self.agent = agent
        self.ready = ready
        self.retired = retired
        connection = Connection(role: .caller, limits: limits)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is TLSHandler.Established {
            perform(connection.start(agent: agent))
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        perform(connection.received(unwrapInboundIn(data)))
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

    /// Begins a call; its replies go to `pending`.
    func start(_ call: OutboundCall, _ pending: PendingCall) {
        if let failure {
            var failure = failure
            failure.outcome = .notProcessed
            pending.fail(failure)
            return
        }
        guard let context else { return pending.fail(Self.failure(of: .notReady)) }
        do throws(Connection.SendRefusal) {
            let (stream, actions) = try connection.call(OpenHeader(call), message: call.message)
            calls[stream] = pending
            perform(actions)
            let link = StreamLink(self, stream, context.eventLoop)
            if !pending.attach(link) { giveUp(stream) }
        } catch {
            pending.fail(Self.failure(of: error))
            if error == .goingAway { retire(Self.failure(of: error)) }
        }
    }

    private static func failure(of refusal: Connection.SendRefusal) -> RPCFailure {
        switch refusal {
        case .full:
            RPCFailure(
                .resourceExhausted, "as many calls are open as one connection takes",
                outcome: .notProcessed, retry: .later)
        case .goingAway, .notReady, .streamOver:
            RPCFailure(
                .unavailable, "this connection takes no more calls", outcome: .notProcessed,
                retry: .later)
        case .messageTooLarge(let bytes, let limit):
            RPCFailure(
                .invalidArgument,
                "the request has \(bytes) bytes; the service takes \(limit): split it",
                outcome: .notProcessed)
        case .emptyMessage, .metadataTooLarge:
            RPCFailure(
                .invalidArgument, "the request cannot be sent: it breaks the protocol",
                outcome: .notProcessed)
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
        guard failure != nil, calls.isEmpty else { return }
        context?.close(promise: nil)
    }

    fileprivate func taken(_ stream: UInt32) {
        perform(connection.consumed(stream))
    }

    fileprivate func giveUp(_ stream: UInt32) {
        guard calls.removeValue(forKey: stream) != nil else { return }
        perform(connection.cancel(stream))
        closeIfDone()
    }

    private func perform(_ actions: [Connection.Action]) {
        for action in actions { perform(action) }
    }

    private func perform(_ action: Connection.Action) {
        switch action {
        case .write(let bytes):
            context?.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        case .ready:
            ready.succeed()
            startKeepalive()
        case .reply(let stream, let message, let notes, let isLast):
            let pending = calls[stream]
            if isLast { calls.removeValue(forKey: stream) }
            pending?.deliver(message, end: isLast ? Self.notes(notes) : nil)
            if isLast { closeIfDone() }
        case .failure(let stream, let body):
            calls.removeValue(forKey: stream)?.fail(Self.failure(body))
            closeIfDone()
        case .goAway(let goAway): leave(goAway)
        case .pong: unanswered = 0
        case .close(let error):
            end(
                RPCFailure(.internal, "the service broke the protocol: \(error)", outcome: .unknown)
            )
            context?.close(promise: nil)
        case .call, .unsupported, .cancelled, .room, .ended: break
        }
    }

    private func leave(_ goAway: GoAway) {
        guard [.stopping, .silence].contains(goAway.code) else {
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
        for stream in calls.keys where stream > goAway.lastStream {
            calls.removeValue(forKey: stream)?.fail(failure)
        }
        retire(failure)
    }

    private func startKeepalive() {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        keepalive = context.eventLoop.scheduleRepeatedTask(
            initialDelay: .seconds(3), delay: .seconds(3)
        ) { _ in
            let handler = bound.value
            guard handler.unanswered < 3 else {
                handler.end(
                    RPCFailure(
                        .unavailable, "the service stopped answering", outcome: .unknown,
                        retry: .later))
                handler.context?.close(promise: nil)
                return
            }
            handler.unanswered += 1
            handler.perform(handler.connection.ping())
        }
    }

    private func end(_ failure: RPCFailure) {
        keepalive?.cancel()
        keepalive = nil
        if self.failure == nil { retired() }
        if self.failure == nil || !calls.isEmpty { self.failure = failure }
        ready.fail(failure)
        let lost = calls.values
        calls = [:]
        for pending in lost { pending.fail(failure) }
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

/// Leads from a call back to its stream, from any thread.
private struct StreamLink: PendingCall.Upstream {
    private let handler: NIOLoopBound<CallerHandler>
    private let stream: UInt32
    private let loop: any EventLoop

    init(_ handler: CallerHandler, _ stream: UInt32, _ loop: any EventLoop) {
        self.handler = NIOLoopBound(handler, eventLoop: loop)
        self.stream = stream
        self.loop = loop
    }

    func taken() {
        loop.execute { handler.value.taken(stream) }
    }

    func givenUp() {
        loop.execute { handler.value.giveUp(stream) }
    }
}
