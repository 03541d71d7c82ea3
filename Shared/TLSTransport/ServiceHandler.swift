internal import CBOR
internal import FoundationEssentials
internal import Logging
internal import NIOCore
internal import RPC
internal import Synchronization
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
            if isDraining { drain() }
        }
        context.fireUserInboundEventTriggered(event)
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
        if isDraining, calls.isEmpty { context?.close(promise: nil) }
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
            guard let (task, sink) = calls.removeValue(forKey: stream) else { return }
            task.cancel()
            sink.hasRoom()
            closeIfDrained()
        case .room(let stream): calls[stream]?.sink.hasRoom()
        case .close(let error):
            logger.notice("connection broke the protocol", metadata: ["reason": "\(error)"])
            context?.close(promise: nil)
        case .ready:
            if isDraining { drain() }
        case .goAway, .pong, .reply, .failure: break
        }
    }

    private func start(_ stream: UInt32, _ header: OpenHeader, _ message: ByteBuffer) {
        guard let peer, let context else { return }
        let sink = StreamSink(self, stream, context.eventLoop)
        let call = InboundCall(
            identity: peer, method: header.method, message: message,
            timeout: header.timeoutMicroseconds == 0
                ? nil : .microseconds(Int64(clamping: header.timeoutMicroseconds)),
            key: header.key.flatMap(Self.key), attempt: header.attempt, seen: Self.seen(header))
        let handler = handler
        // A call's task lives as long as its stream: a cancel or the connection's end cancels it.
        let task = Task { await handler.handle(call, replyingTo: sink) }
        calls[stream] = (task, sink)
    }

    private static func key(_ bytes: [UInt8]) -> IdempotencyKey? {
        guard bytes.count == 16 else { return nil }
        let uuid = bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
        return IdempotencyKey(uuid)
    }

    private static func seen(_ header: OpenHeader) -> [ServiceName: Int64] {
        guard header.metadata.readableBytes > 0,
            let metadata = try? CBORDecoder().decode(OpenMetadata.self, from: header.metadata)
        else { return [:] }
        var seen: [ServiceName: Int64] = [:]
        for (name, position) in metadata.seen ?? [:] {
            if let name = ServiceName(rawValue: name) { seen[name] = position }
        }
        return seen
    }

    fileprivate func reply(_ stream: UInt32, _ message: ByteBuffer, last notes: ReplyNotes?) {
        let encoded = notes.flatMap { try? CBOREncoder().encode($0) }
        perform(
            connection.reply(stream, message: message, notes: encoded, isLast: notes != nil))
        if notes != nil { finished(stream) }
    }

    fileprivate func end(_ stream: UInt32, notes: ReplyNotes) {
        let encoded = try? CBOREncoder().encode(notes)
        perform(connection.reply(stream, message: nil, notes: encoded, isLast: true))
        finished(stream)
    }

    fileprivate func fail(_ stream: UInt32, _ failure: RPCFailure) {
        let body = (try? CBOREncoder().encode(failure)) ?? ByteBuffer()
        perform(connection.fail(stream, body))
        finished(stream)
    }

    private func finished(_ stream: UInt32) {
        calls.removeValue(forKey: stream)
        closeIfDrained()
    }
}

/// Leads from a handler's task back to its stream, from any thread.
private final class StreamSink: ReplySink {
    private let handler: NIOLoopBound<ServiceHandler>
    private let stream: UInt32
    private let loop: any EventLoop
    private let waiter = Mutex<CheckedContinuation<Void, Never>?>(nil)

    init(_ handler: ServiceHandler, _ stream: UInt32, _ loop: any EventLoop) {
        self.handler = NIOLoopBound(handler, eventLoop: loop)
        self.stream = stream
        self.loop = loop
    }

    func send(_ message: ByteBuffer) async throws(RPCFailure) {
        await withCheckedContinuation { continuation in
            waiter.withLock { $0 = continuation }
            if Task.isCancelled { return hasRoom() }
            loop.execute { self.handler.value.reply(self.stream, message, last: nil) }
        }
        if Task.isCancelled {
            throw RPCFailure(.cancelled, "the call was cancelled", outcome: .unknown)
        }
    }

    /// Everything handed over is on its way, or nobody wants it any more.
    func hasRoom() {
        waiter.withLock { $0.take() }?.resume()
    }

    func finish(_ message: ByteBuffer?, notes: ReplyNotes) {
        loop.execute {
            if let message {
                self.handler.value.reply(self.stream, message, last: notes)
            } else {
                self.handler.value.end(self.stream, notes: notes)
            }
        }
    }

    func fail(_ failure: RPCFailure) {
        loop.execute { self.handler.value.fail(self.stream, failure) }
    }
}
