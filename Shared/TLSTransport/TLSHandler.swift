internal import NIOCore
internal import RPC
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
    /// Ends the connection when the peer's certificate does.
    private var expiry: Scheduled<Void>?
    /// What came into use during the handshake, or was added to: the peer must pass under it too.
    private var newer: TLSContext?
    private let scratch = LoopScratch.ofThisLoop
    /// Told when the peer's certificate has expired, to take leave; the connection then closes.
    var peerExpired: (() -> Void)?
    /// Told of the certificate for which the handshake failed.
    var certificates: (any CertificateRefusals)?
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
        expiry?.cancel()
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
        expiry?.cancel()
        context.fireChannelInactive()
    }

    private func settleHandshake() {
        timeout?.cancel()
        handshakeEnded?()
        handshakeEnded = nil
    }

    private func advance(_ context: ChannelHandlerContext) {
        let progress = session.handshake()
        switch progress {
        case .needsBytes: flush(context)
        case .failed(let failure): end(context, failure)
        case .done:
            settleHandshake()
            guard let peer = session.peer else {
                end(context, .peerHasNoCertificate)
                return
            }
            if let newer, let failure = session.problemWithPeer(under: newer) {
                end(context, failure)
                return
            }
            state = .active
            watchExpiry(context)
            // What this brings leaves together with the end of the handshake.
            context.fireUserInboundEventTriggered(Established(peer: peer))
            let early = waiting
            waiting = ByteBuffer()
            if let failure = session.write(early) { end(context, failure) }
            flush(context)
        }
    }

    /// Why the peer would no longer be accepted; nil where it would.
    ///
    /// One that is still in its handshake is judged when that is done.
    func problemWithPeer(under newer: TLSContext) -> TLSFailure? {
        switch state {
        case .handshaking:
            self.newer = newer
            return nil
        case .active: return session.problemWithPeer(under: newer)
        case .ended: return nil
        }
    }

    /// A service closes a connection after about an hour, so later ends need no watching.
    private static let expiryWatched = TimeAmount.hours(2)

    private func watchExpiry(_ context: ChannelHandlerContext) {
        guard let left = session.timeUntilPeerExpires, left < Self.expiryWatched else { return }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        // A certificate is valid to the end of its last second.
        expiry = context.eventLoop.scheduleTask(in: left + .seconds(1)) {
            let (handler, context) = bound.value
            guard handler.state == .active else { return }
            handler.peerExpired?()
            context.channel.close(promise: nil)
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
        if state == .handshaking, let certificates,
            let reason = RefusedCertificate.Reason(failure), let shown = session.shown
        {
            certificates.note(
                shown, reason, from: context.remoteAddress?.ipAddress ?? "unknown")
        }
        state = .ended
        settleHandshake()
        expiry?.cancel()
        flush(context)
        context.fireErrorCaught(failure)
        context.close(promise: nil)
    }
}
