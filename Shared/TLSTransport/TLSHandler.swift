internal import NIOCore
internal import Vocabulary

/// Turns ciphertext into plaintext and back in a channel's pipeline.
///
/// What is written before the handshake is done waits. One burst of reads leads to one flush.
final class TLSHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Fired once, when both sides have shown acceptable certificates.
    struct Established: Sendable {
        let peer: Identity
    }

    private enum State {
        case handshaking
        case active
        case ended
    }

    private let session: TLSSession
    private var state = State.handshaking
    private var waiting = ByteBuffer()
    private var timeout: Scheduled<Void>?
    private let scratch = LoopScratch.ofThisLoop
    /// Told once when the handshake is over, well or not.
    private var handshakeEnded: (() -> Void)?

    init(_ session: TLSSession, handshakeEnded: (() -> Void)? = nil) {
        self.session = session
        self.handshakeEnded = handshakeEnded
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard timeout == nil, state == .handshaking else { return }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: .seconds(5)) {
            let (handler, context) = bound.value
            if handler.state == .handshaking { handler.end(context, .closedEarly) }
        }
        advance(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state != .ended else { return }
        session.receive(unwrapInboundIn(data))
        if state == .handshaking { advance(context) }
        if state == .active { readPlaintext(context) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flush(context)
        context.fireChannelReadComplete()
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        var plaintext = unwrapOutboundIn(data)
        switch state {
        case .handshaking: waiting.writeBuffer(&plaintext)
        case .active:
            session.lend(&scratch.records)
            if let failure = session.write(plaintext) { end(context, failure) }
        case .ended: break
        }
        promise?.succeed()
    }

    func flush(context: ChannelHandlerContext) { flush(context) }

    func close(
        context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
    ) {
        let wasActive = state == .active
        if wasActive { session.shutdown() }
        state = .ended
        settleHandshake()
        guard wasActive, let farewell = session.takeOutbound(returning: &scratch.records) else {
            context.close(mode: mode, promise: promise)
            return
        }
        // A close drops what the socket has not taken yet, so it waits for the last write; a second
        // close, or a peer that takes nothing for five seconds, ends the wait.
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let force = context.eventLoop.scheduleTask(in: .seconds(5)) {
            bound.value.close(mode: mode, promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(farewell)).whenComplete { _ in
            force.cancel()
            bound.value.close(mode: mode, promise: promise)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if state == .handshaking { end(context, .closedEarly) }
        settleHandshake()
        context.fireChannelInactive()
    }

    private func settleHandshake() {
        timeout?.cancel()
        handshakeEnded?()
        handshakeEnded = nil
    }

    private func advance(_ context: ChannelHandlerContext) {
        let progress = session.handshake()
        flush(context)
        switch progress {
        case .needsBytes: return
        case .failed(let failure): end(context, failure)
        case .done:
            settleHandshake()
            guard let peer = session.peer else {
                end(context, .peerHasNoCertificate)
                return
            }
            state = .active
            context.fireUserInboundEventTriggered(Established(peer: peer))
            let early = waiting
            waiting = ByteBuffer()
            if let failure = session.write(early) { end(context, failure) }
            flush(context)
        }
    }

    private func readPlaintext(_ context: ChannelHandlerContext) {
        scratch.plaintext.clear()
        let progress = session.read(into: &scratch.plaintext)
        if scratch.plaintext.readableBytes > 0 {
            context.fireChannelRead(wrapInboundOut(scratch.plaintext))
        }
        switch progress {
        case .needsBytes: break
        case .done: context.close(promise: nil)
        case .failed(let failure): end(context, failure)
        }
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard let bytes = session.takeOutbound(returning: &scratch.records) else { return }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }

    private func end(_ context: ChannelHandlerContext, _ failure: TLSFailure) {
        guard state != .ended else { return }
        state = .ended
        settleHandshake()
        flush(context)
        context.fireErrorCaught(failure)
        context.close(promise: nil)
    }
}
