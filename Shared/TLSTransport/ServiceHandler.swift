internal import CBOR
internal import Logging
internal import NIOCore
internal import RPC
internal import Vocabulary
internal import Wire

/// Answers calls on one connection: the service's end of the protocol in a channel's pipeline.
///
/// Each call runs in a task of its own, which is cancelled when the caller cancels or goes away.
final class ServiceHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var connection = Connection(role: .service)
    private var calls: [UInt32: (task: Task<Void, Never>, sink: StreamSink)] = [:]
    private var peer: Identity?
    private var context: ChannelHandlerContext?
    private var isDraining = false
    private var helloTimeout: Scheduled<Void>?
    /// Handlers at work, those included whose caller has gone.
    private var running = 0
    private let limits = WireLimits.standard
    private let handler: any CallHandler
    private let agent: String
    private let logger: Logger

    init(_ handler: any CallHandler, agent: String, logger: Logger) {
        self.handler = handler
        self.agent = agent
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let established = event as? TLSHandler.Established {
            peer = established.peer
            perform(connection.start(agent: agent))
            expectHello(context)
            if isDraining { drain() }
        }
        if event as? IdleStateHandler.IdleStateEvent == .read {
            perform(connection.drain(.silence, reason: "nothing was heard for a minute"))
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func expectHello(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        helloTimeout = context.eventLoop.scheduleTask(in: .seconds(5)) {
            let (handler, context) = bound.value
            handler.perform(handler.connection.drain(.silence, reason: "no HELLO came"))
            context.close(promise: nil)
        }
    }

    /// Reads no more while the caller does not take what it asked for: else its pings and refused
    /// calls would fill the memory with answers.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        try? context.channel.syncOptions?.setOption(
            .autoRead, value: context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        perform(connection.received(unwrapInboundIn(data)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let failure = error as? TLSFailure, failure != .closedEarly {
            logger.notice(
                "connection refused",
                metadata: [
                    "reason": "\(failure)",
                    "from": "\(context.remoteAddress?.description ?? "unknown")",
                ])
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        helloTimeout?.cancel()
        let lost = calls.values
        calls = [:]
        for (task, sink) in lost {
            task.cancel()
            sink.hasRoom()
        }
        context.fireChannelInactive()
    }

    /// Takes no new calls, and closes when the open ones are done.
    func drain() {
        isDraining = true
        guard connection.isReady else {
            if peer == nil { context?.close(promise: nil) }
            return
        }
        perform(connection.drain(reason: "the service is stopping"))
        closeIfDrained()
    }

    private func closeIfDrained() {
        // What was answered may still wait for credit: a stream is open until its last byte is sent.
        if isDraining, connection.openStreams == 0 { context?.close(promise: nil) }
    }

    private func perform(_ actions: [Connection.Action]) {
        for action in actions { perform(action) }
    }

    private func perform(_ action: Connection.Action) {
        switch action {
        case .write(let bytes):
            context?.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        case .call(let stream, let header, let message): start(stream, header, message)
        case .cancelled(let stream):
            if let (task, sink) = calls.removeValue(forKey: stream) {
                task.cancel()
                sink.hasRoom()
            }
            closeIfDrained()
        case .unsupported(let stream):
            fail(
                stream,
                RPCFailure(
                    .unimplemented, "version 1 takes exactly one message as a request",
                    outcome: .notProcessed))
        case .room(let stream): calls[stream]?.sink.hasRoom()
        case .ended: closeIfDrained()
        case .goAway(let goAway):
            logger.notice(
                "the caller ended the connection", metadata: ["code": "\(goAway.code.rawValue)"])
        case .close(let error):
            logger.notice("connection broke the protocol", metadata: ["reason": "\(error)"])
            context?.close(promise: nil)
        case .ready:
            helloTimeout?.cancel()
            if isDraining { drain() }
        case .pong, .reply, .failure: break
        }
    }

    private func start(_ stream: UInt32, _ header: OpenHeader, _ message: ByteBuffer) {
        guard let peer, let context else { return }
        // A cancelled call leaves its stream at once and its handler a little later.
        guard running < 2 * limits.streams else {
            fail(
                stream,
                RPCFailure(
                    .resourceExhausted, "too many calls of this caller are still ending",
                    outcome: .notProcessed, retry: .later))
            return
        }
        let sink = StreamSink(self, stream, context.eventLoop)
        let call: InboundCall
        do throws(RPCFailure) {
            call = InboundCall(
                identity: peer, method: header.method, message: message,
                timeout: header.timeout,
                key: header.idempotencyKey, attempt: header.attempt,
                seen: try header.seen())
        } catch {
            fail(stream, error)
            return
        }
        running += 1
        let handler = handler
        // A call's task lives as long as its stream: a cancel or the connection's end cancels it.
        let task = Task { await handler.handle(call, replyingTo: sink) }
        calls[stream] = (task, sink)
    }

    func reply(_ stream: UInt32, _ message: ByteBuffer?, last notes: ReplyNotes?) {
        let encoded = notes.flatMap { try? CBOREncoder().encode($0) }
        do throws(Connection.SendRefusal) {
            perform(
                try connection.reply(
                    stream, message: message, notes: encoded, isLast: notes != nil))
        } catch {
            refuse(stream, error)
        }
        if notes != nil { finished(stream) }
    }

    /// A reply that cannot be sent ends its call, not the connection.
    private func refuse(_ stream: UInt32, _ refusal: Connection.SendRefusal) {
        if let (task, sink) = calls[stream] {
            task.cancel()
            sink.hasRoom()
        }
        guard case .messageTooLarge(let bytes, let limit) = refusal else { return }
        fail(
            stream,
            RPCFailure(
                .resourceExhausted,
                "the reply has \(bytes) bytes; the caller takes \(limit): ask for less",
                outcome: .unknown, retry: .never))
    }

    /// The handler's last word: its failure ends the stream too.
    func finish(_ stream: UInt32, failure: RPCFailure) {
        fail(stream, failure)
        finished(stream)
    }

    private func fail(_ stream: UInt32, _ failure: RPCFailure) {
        let body = (try? CBOREncoder().encode(failure)) ?? ByteBuffer()
        perform(connection.fail(stream, body))
    }

    /// Comes once for each handler, whether its stream is still there or not.
    private func finished(_ stream: UInt32) {
        running -= 1
        calls.removeValue(forKey: stream)
    }
}
