internal import DequeModule
package import NIOCore

/// One connection's life as a value: bytes and wishes go in, actions and bytes come out.
///
/// It awaits nothing, reads no clock and holds no lock, so that any schedule of both ends can be
/// played in a test. The shell that owns it carries the actions out in order, and asks for what is
/// to be sent (``produce(into:upTo:_:)``) when the socket takes it: nothing is made into frames
/// before, so a large message never stands in the way of a small one.
package struct Connection: ~Copyable {
    package enum Role: Sendable {
        case caller
        case service
    }

    /// What the shell must do.
    package enum Action: Sendable {
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
        /// No new calls are taken; a caller's calls above its last stream were not processed.
        case goAway(GoAway)
        case pong
        /// Nothing more can be read: send what there is, and close.
        case close(WireError)
    }

    /// Why something cannot be sent; nothing was.
    package enum SendRefusal: Error, Hashable, Sendable {
        /// The other side's HELLO has not come.
        case notReady
        /// As many calls are open as the other side takes.
        case full(limit: Int)
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
    var streams: StreamTable<StreamState>
    private var nextStream: UInt32 = 1
    /// The last stream that was taken from the other side, and the last that it has named.
    var lastAccepted: UInt32 = 0
    var lastNamed: UInt32 = 0
    /// The method that was called last: the next one is likely to be it.
    var lastMethod = ""
    /// Whether this side takes no more calls, and whether the other does not.
    var isDraining = false
    var isPeerDraining = false
    package internal(set) var isClosed = false
    var waste: WasteMeter
    /// Frames without message bytes: they go out before all others.
    var control = ByteBuffer()
    /// Whether credit is among them.
    package private(set) var hasGrant = false
    /// Streams that can send, each once, in the order of their turns.
    var turns = Deque<UInt32>()

    package init(role: Role, limits: WireLimits = .standard) {
        self.role = role
        self.limits = limits
        parser = FrameParser(limits: limits)
        waste = WasteMeter(capacity: limits.waste, perSecond: limits.wastePerSecond)
        streams = StreamTable(blank: StreamState(sendCredit: 0, window: 0))
    }

    package var openStreams: Int { streams.count }
    package var isReady: Bool { peer != nil }

    /// Message bytes it holds, both ways: bounded by the limits of the two sides.
    package var heldBytes: Int {
        streams.streams.reduce(0) { sum, stream in
            guard let state = state(of: stream) else { return sum }
            return sum + state.partial.readableBytes + state.unsentBytes
        }
    }

    // MARK: Wishes

    /// Says HELLO; first on both sides.
    package mutating func start(agent: String) {
        guard let frame = try? Hello(agent: agent, limits: limits).frame() else { return }
        frame.write(to: &control)
    }

    /// Begins a call, and returns its stream.
    package mutating func call(
        _ header: OpenHeader, message: ByteBuffer
    ) throws(SendRefusal) -> UInt32 {
        guard role == .caller, !isClosed, let peer else { throw .notReady }
        guard !isPeerDraining, nextStream <= limits.lastStream else { throw .goingAway }
        let most = min(limits.streams, peer.streams)
        guard streams.count < most else { throw .full(limit: most) }
        try checkSize(message, header.metadata, peer)
        let stream = nextStream
        // The highest number is reserved, so that this never overflows.
        nextStream += 2
        let state = StreamState(sendCredit: peer.window, window: limits.window)
        state.hand(over: StreamState.Outgoing(header: header, message: message, end: true))
        streams.insert(state, for: stream)
        queue(stream, state)
        return stream
    }

    /// Hands over a reply; `isLast` ends the stream with it.
    package mutating func reply(
        _ stream: UInt32, message: ByteBuffer?, notes: ByteBuffer?, isLast: Bool
    ) throws(SendRefusal) {
        guard role == .service, let peer, let state = state(of: stream) else {
            throw .streamOver
        }
        if let message { try checkSize(message, notes, peer) }
        state.hand(
            over: StreamState.Outgoing(
                notes: isLast ? notes : nil, message: message, end: isLast))
        queue(stream, state)
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
    package mutating func fail(_ stream: UInt32, _ failure: ByteBuffer) {
        guard role == .service, streams.remove(stream) else { return }
        Frame(.error, flags: .endStream, stream: stream, payload: failure).write(to: &control)
    }

    /// Tells the service that nobody waits for this call any more.
    package mutating func cancel(_ stream: UInt32) {
        guard role == .caller, let state = streams.take(stream), state.isOpened else { return }
        Frame(.cancel, stream: stream, payload: Self.nobodyWaits).write(to: &control)
    }

    private static let nobodyWaits = ByteBuffer(bytes: [1])

    /// The application has taken the oldest messages of a stream, of so many bytes in all.
    package mutating func consumed(_ stream: UInt32, messages: Int, bytes: Int) {
        guard let state = state(of: stream) else { return }
        grant(stream, state, state.take(messages: messages, bytes: bytes))
    }

    package mutating func ping() {
        guard !isClosed else { return }
        Frame(.ping, payload: ByteBuffer(repeating: 0, count: 8)).write(to: &control)
    }

    /// Takes no new calls; those open are finished.
    package mutating func drain(_ code: GoAway.Code = .stopping, reason: String) {
        guard !isDraining, !isClosed else { return }
        isDraining = true
        GoAway(lastStream: lastAccepted, code: code, reason: reason).frame().write(to: &control)
    }

    // MARK: Sending

    /// Whether ``produce(into:upTo:_:)`` would bring anything.
    package var hasOutput: Bool { control.readableBytes > 0 || !turns.isEmpty }

    /// Appends frames: those of control first, then one fragment of each stream in turn.
    ///
    /// It ends when nothing can be sent or `limit` bytes were appended, a frame at most beyond.
    package mutating func produce(
        into buffer: inout ByteBuffer, upTo limit: Int, _ actions: inout [Action]
    ) {
        let end = buffer.readableBytes + limit
        if control.readableBytes > 0 {
            buffer.writeBuffer(&control)
            control.clear()
            hasGrant = false
        }
        guard let peer else { return }
        let size = min(limits.frameBytes, peer.frameBytes)
        while buffer.readableBytes < end, let stream = turns.popFirst() {
            // A stream that was cancelled or has failed leaves its turn behind.
            guard let state = state(of: stream) else { continue }
            state.isQueued = false
            guard state.writeFrame(stream: stream, size: size, to: &buffer) else { continue }
            if state.hasNext {
                queue(stream, state)
            } else if state.hasSentEnd, role == .service {
                streams.remove(stream)
            } else if role == .service {
                actions.append(.room(stream: stream))
            }
        }
    }

    /// What is known of an open stream.
    func state(of stream: UInt32) -> StreamState? {
        streams.place(of: stream).map { streams[$0] }
    }

    /// Gives a stream its turn, where it has something that may be sent.
    mutating func queue(_ stream: UInt32, _ state: StreamState) {
        guard !state.isQueued, state.canSend else { return }
        state.isQueued = true
        turns.append(stream)
    }

    /// Whether a stream has been used, so that frames on it may still be under way.
    func hasBegun(_ stream: UInt32) -> Bool {
        switch role {
        case .caller: stream % 2 == 1 && stream < nextStream
        case .service: stream % 2 == 1 && stream <= lastNamed
        }
    }

    /// Grants room for bytes that were taken, at the latest when half the window is used.
    mutating func grant(_ stream: UInt32, _ state: StreamState, _ bytes: Int) {
        guard bytes > 0, !state.isHalfClosed else { return }
        state.ungranted += bytes
        let due = state.ungranted
        guard due >= limits.window / 2 else { return }
        state.receiveCredit += due
        state.ungranted = 0
        hasGrant = true
        control.writeMultipleIntegers(
            UInt32(4), FrameType.credit.rawValue, UInt8(0), UInt16(0), stream,
            UInt32(clamping: due))
    }
}

/// Counts what was done for nothing, and forgives so much each second.
struct WasteMeter: Sendable {
    private let capacity: Int
    private let perSecond: Int
    private var count = 0
    private var since: Int64 = 0

    init(capacity: Int, perSecond: Int) {
        self.capacity = capacity
        self.perSecond = perSecond
    }

    /// Adds one; `milliseconds`: any clock that only rises.
    mutating func add(at milliseconds: Int64) throws(WireError) {
        let seconds = (milliseconds - since) / 1000
        if seconds > 0 {
            count -= min(count, Int(min(seconds, 1_000_000)) * perSecond)
            since = milliseconds
        }
        count += 1
        guard count <= capacity else { throw .abuse(limit: capacity) }
    }
}
