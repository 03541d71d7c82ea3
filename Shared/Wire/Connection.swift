package import NIOCore

/// One connection's life as a value: bytes and wishes go in, actions come out.
///
/// It awaits nothing, reads no clock and holds no lock, so that any schedule of both ends can be
/// played in a test. The shell that owns it carries the actions out in order.
package struct Connection: Sendable {
    package enum Role: Sendable {
        case caller
        case service
    }

    /// What the shell must do.
    package enum Action: Sendable {
        /// Send these bytes.
        case write(ByteBuffer)
        /// The other side's HELLO has come: calls may be trusted to reach it.
        case ready(Hello)
        /// A call has begun, and its request is whole.
        case call(stream: UInt32, OpenHeader, message: ByteBuffer)
        /// A call has begun with a request of no message or of several, which version 1 reserves:
        /// fail it.
        case unsupported(stream: UInt32)
        /// A reply; `notes` and `isLast` where the stream ends with it.
        case reply(stream: UInt32, message: ByteBuffer?, notes: ByteBuffer?, isLast: Bool)
        /// The call failed: the encoded failure.
        case failure(stream: UInt32, ByteBuffer)
        /// The caller wants no answer any more.
        case cancelled(stream: UInt32)
        /// Everything handed over for this stream is on its way: more may be handed over.
        case room(stream: UInt32)
        /// The last of a stream is on its way: it takes no room any more.
        case ended(stream: UInt32)
        /// No new calls are taken; a caller's calls above its last stream were not processed.
        case goAway(GoAway)
        case pong
        /// Nothing more can be read: say why and close. The other side is told by a write before.
        case close(WireError)
    }

    /// Why something cannot be sent; nothing was.
    package enum SendRefusal: Error, Hashable, Sendable {
        /// The other side's HELLO has not come.
        case notReady
        /// As many calls are open as the other side takes.
        case full
        /// The other side takes no more calls, or all stream numbers are used.
        case goingAway
        /// The other side takes no message of that size.
        case messageTooLarge(bytes: Int, limit: Int)
        /// A message has at least one byte.
        case emptyMessage
        /// Metadata or notes do not fit a frame.
        case metadataTooLarge(bytes: Int, limit: Int)
        /// The stream is over, so there is nobody to hear it.
        case streamOver
    }

    let role: Role
    let limits: WireLimits
    var parser: FrameParser
    var peer: Hello?
    var streams: [UInt32: StreamState] = [:]
    private var nextStream: UInt32 = 1
    /// The last stream that was taken from the other side, and the last that it has named.
    var lastAccepted: UInt32 = 0
    var lastNamed: UInt32 = 0
    /// Whether this side takes no more calls, and whether the other does not.
    var isDraining = false
    var isPeerDraining = false
    var isClosed = false
    var output = ByteBuffer()

    package init(role: Role, limits: WireLimits = .standard) {
        self.role = role
        self.limits = limits
        parser = FrameParser(limits: limits)
    }

    package var openStreams: Int { streams.count }
    package var isReady: Bool { peer != nil }

    /// Message bytes it holds, both ways: bounded by the limits of the two sides.
    package var heldBytes: Int {
        streams.values.reduce(0) { sum, state in
            sum + state.partial.readableBytes
                + state.outgoing.reduce(0) { $0 + ($1.message?.readableBytes ?? 0) }
        }
    }

    // MARK: Wishes

    /// Says HELLO; first on both sides.
    package mutating func start(agent: String) -> [Action] {
        guard let frame = try? Hello(agent: agent, limits: limits).frame() else { return [] }
        frame.write(to: &output)
        return flushed([])
    }

    /// Begins a call.
    package mutating func call(
        _ header: OpenHeader, message: ByteBuffer
    ) throws(SendRefusal) -> (stream: UInt32, actions: [Action]) {
        guard role == .caller, !isClosed, let peer else { throw .notReady }
        guard !isPeerDraining, nextStream <= limits.lastStream else { throw .goingAway }
        guard streams.count < min(limits.streams, peer.streams) else { throw .full }
        try checkSize(message, header.metadata, peer)
        let stream = nextStream
        // The highest number is reserved, so that this never overflows.
        nextStream += 2
        var state = StreamState(sendCredit: peer.window, window: limits.window)
        state.outgoing.append(StreamState.Outgoing(header: header, message: message, end: true))
        streams[stream] = state
        var actions: [Action] = []
        send(stream, &actions)
        return (stream, flushed(actions))
    }

    /// Hands over a reply; `isLast` ends the stream with it.
    package mutating func reply(
        _ stream: UInt32, message: ByteBuffer?, notes: ByteBuffer?, isLast: Bool
    ) throws(SendRefusal) -> [Action] {
        guard role == .service, let peer, streams[stream] != nil else { throw .streamOver }
        if let message { try checkSize(message, notes, peer) }
        streams[stream]?.outgoing.append(
            StreamState.Outgoing(notes: isLast ? notes : nil, message: message, end: isLast))
        var actions: [Action] = []
        send(stream, &actions)
        return flushed(actions)
    }

    private func checkSize(
        _ message: ByteBuffer, _ beside: ByteBuffer?, _ peer: Hello
    ) throws(SendRefusal) {
        let bytes = message.readableBytes
        guard bytes > 0 else { throw .emptyMessage }
        guard bytes <= peer.messageBytes else {
            throw .messageTooLarge(bytes: bytes, limit: peer.messageBytes)
        }
        if let beside, beside.readableBytes > limits.metadataBytes {
            throw .metadataTooLarge(bytes: beside.readableBytes, limit: limits.metadataBytes)
        }
    }

    /// Ends a call with a failure; what was handed over and not sent is dropped.
    package mutating func fail(_ stream: UInt32, _ failure: ByteBuffer) -> [Action] {
        guard role == .service, streams.removeValue(forKey: stream) != nil else { return [] }
        Frame(.error, flags: .endStream, stream: stream, payload: failure).write(to: &output)
        return flushed([.ended(stream: stream)])
    }

    /// Tells the service that nobody waits for this call any more.
    package mutating func cancel(_ stream: UInt32) -> [Action] {
        guard role == .caller, streams.removeValue(forKey: stream) != nil else { return [] }
        Frame(.cancel, stream: stream, payload: ByteBuffer(bytes: [1])).write(to: &output)
        return flushed([])
    }

    /// The application has taken the oldest message of a stream.
    package mutating func consumed(_ stream: UInt32) -> [Action] {
        guard var state = streams[stream], !state.held.isEmpty else { return [] }
        var bytes = state.held.removeFirst()
        if state.held.isEmpty {
            bytes += state.partialHeld
            state.partialHeld = 0
        }
        streams[stream] = state
        grant(stream, bytes)
        return flushed([])
    }

    package mutating func ping() -> [Action] {
        guard !isClosed else { return [] }
        Frame(.ping, payload: ByteBuffer(repeating: 0, count: 8)).write(to: &output)
        return flushed([])
    }

    /// Takes no new calls; those open are finished.
    package mutating func drain(
        _ code: GoAway.Code = .stopping, reason: String
    ) -> [Action] {
        guard !isDraining, !isClosed else { return [] }
        isDraining = true
        GoAway(lastStream: lastAccepted, code: code, reason: reason).frame().write(to: &output)
        return flushed([])
    }

    // MARK: Sending

    /// Whether a stream has been used, so that frames on it may still be under way.
    func hasBegun(_ stream: UInt32) -> Bool {
        switch role {
        case .caller: stream % 2 == 1 && stream < nextStream
        case .service: stream % 2 == 1 && stream <= lastNamed
        }
    }

    /// Grants room for bytes that were taken, at the latest when half the window is used.
    mutating func grant(_ stream: UInt32, _ bytes: Int) {
        guard var state = streams[stream], !state.isHalfClosed else { return }
        state.ungranted += bytes
        if state.ungranted >= limits.window / 2 {
            state.receiveCredit += state.ungranted
            var payload = ByteBuffer()
            payload.writeInteger(UInt32(clamping: state.ungranted))
            Frame(.credit, stream: stream, payload: payload).write(to: &output)
            state.ungranted = 0
        }
        streams[stream] = state
    }

    mutating func send(_ stream: UInt32, _ actions: inout [Action]) {
        guard var state = streams[stream], let peer, !state.outgoing.isEmpty else { return }
        let size = min(limits.frameBytes, peer.frameBytes)
        while let frame = state.nextFrame(stream: stream, size: size) { frame.write(to: &output) }
        let isDone = state.outgoing.isEmpty
        streams[stream] = state
        guard isDone else { return }
        if state.sentEnd, role == .service {
            streams.removeValue(forKey: stream)
            actions.append(.ended(stream: stream))
        } else {
            actions.append(.room(stream: stream))
        }
    }

    mutating func flushed(_ actions: [Action]) -> [Action] {
        guard output.readableBytes > 0 else { return actions }
        let bytes = output
        output = ByteBuffer()
        return [.write(bytes)] + actions
    }
}
