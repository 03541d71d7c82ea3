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
        /// A reply; `notes` and `isLast` where the stream ends with it.
        case reply(stream: UInt32, message: ByteBuffer?, notes: ByteBuffer?, isLast: Bool)
        /// The call failed: the encoded failure.
        case failure(stream: UInt32, ByteBuffer)
        /// The caller wants no answer any more.
        case cancelled(stream: UInt32)
        /// Everything handed over for this stream is on its way: more may be handed over.
        case room(stream: UInt32)
        /// Calls above this stream were not processed, and no new ones are taken.
        case goAway(lastStream: UInt32, reason: String)
        case pong
        /// Nothing more can be read: say why and close.
        case close(WireError)
    }

    private let role: Role
    private let limits: WireLimits
    private var parser: FrameParser
    private var peer: Hello?
    private var streams: [UInt32: StreamState] = [:]
    private var nextStream: UInt32 = 1
    private var lastAccepted: UInt32 = 0
    private var isDraining = false
    private var isClosed = false
    private var output = ByteBuffer()

    package init(role: Role, limits: WireLimits = .standard) {
        self.role = role
        self.limits = limits
        parser = FrameParser(limits: limits)
    }

    package var openStreams: Int { streams.count }
    package var isReady: Bool { peer != nil }

    // MARK: Wishes

    /// Says HELLO; first on both sides.
    package mutating func start(agent: String) -> [Action] {
        guard let frame = try? Hello(agent: agent, limits: limits).frame() else { return [] }
        frame.write(to: &output)
        return flushed([])
    }

    /// Begins a call; nil where as many are open as the other side takes.
    package mutating func call(
        _ header: OpenHeader, message: ByteBuffer
    ) -> (stream: UInt32, actions: [Action])? {
        guard role == .caller, streams.count < min(limits.streams, peer?.streams ?? limits.streams),
            !isDraining, !isClosed, nextStream <= 0x7fff_fffd
        else { return nil }
        let stream = nextStream
        nextStream += 2
        var state = StreamState(sendCredit: peer?.window ?? limits.window, window: limits.window)
        state.outgoing.append(StreamState.Outgoing(header: header, message: message, end: true))
        streams[stream] = state
        var actions: [Action] = []
        send(stream, &actions)
        return (stream, flushed(actions))
    }

    /// Hands over a reply; `isLast` ends the stream with it.
    package mutating func reply(
        _ stream: UInt32, message: ByteBuffer?, notes: ByteBuffer?, isLast: Bool
    ) -> [Action] {
        guard role == .service, streams[stream] != nil else { return [] }
        streams[stream]?.outgoing.append(
            StreamState.Outgoing(notes: notes, message: message, end: isLast))
        var actions: [Action] = []
        send(stream, &actions)
        return flushed(actions)
    }

    /// Ends a call with a failure.
    package mutating func fail(_ stream: UInt32, _ failure: ByteBuffer) -> [Action] {
        guard role == .service, streams.removeValue(forKey: stream) != nil else { return [] }
        Frame(.error, flags: .endStream, stream: stream, payload: failure).write(to: &output)
        return flushed([])
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
    package mutating func drain(reason: String) -> [Action] {
        guard !isDraining, !isClosed else { return [] }
        isDraining = true
        var payload = ByteBuffer()
        payload.writeInteger(lastAccepted)
        payload.writeString(String(reason.prefix(200)))
        Frame(.goAway, payload: payload).write(to: &output)
        return flushed([])
    }

    // MARK: What arrives

    /// Takes bytes from the other side.
    package mutating func received(_ bytes: ByteBuffer) -> [Action] {
        guard !isClosed else { return [] }
        parser.append(bytes)
        var actions: [Action] = []
        do throws(WireError) {
            while let frame = try parser.next() { try take(frame, &actions) }
        } catch {
            isClosed = true
            actions.append(.close(error))
        }
        return flushed(actions)
    }

    private mutating func take(_ frame: Frame, _ actions: inout [Action]) throws(WireError) {
        guard peer != nil else {
            let hello = try Hello(frame, limits: limits)
            peer = hello
            actions.append(.ready(hello))
            return
        }
        guard frame.flags.isSubset(of: .known) || frame.type.rawValue >= 0x80 else {
            throw .malformed("a frame's flags")
        }
        switch frame.type {
        case .hello: throw .helloTwice
        case .open: try takeOpen(frame, &actions)
        case .data: try takeData(frame, &actions)
        case .error:
            guard role == .caller else { throw .wrongStream(frame.stream) }
            // A stream that is gone was cancelled here while the failure was on its way.
            guard streams.removeValue(forKey: frame.stream) != nil else { return }
            actions.append(.failure(stream: frame.stream, frame.payload))
        case .cancel:
            guard role == .service else { throw .wrongStream(frame.stream) }
            guard streams.removeValue(forKey: frame.stream) != nil else { return }
            actions.append(.cancelled(stream: frame.stream))
        case .credit: try takeCredit(frame, &actions)
        case .ping:
            guard frame.payload.readableBytes == 8 else { throw .malformed("PING") }
            Frame(.pong, payload: frame.payload).write(to: &output)
        case .pong: actions.append(.pong)
        case .goAway:
            var payload = frame.payload
            guard let last = payload.readInteger(as: UInt32.self) else {
                throw .malformed("GOAWAY")
            }
            isDraining = true
            let reason = payload.readString(length: payload.readableBytes) ?? ""
            let lost = streams.keys.filter { $0 > last }
            for stream in lost { streams.removeValue(forKey: stream) }
            actions.append(.goAway(lastStream: last, reason: reason))
        default:
            guard frame.type.rawValue >= 0x80 else {
                throw .unknownFrame(type: frame.type.rawValue)
            }
        }
    }

    private mutating func takeOpen(_ frame: Frame, _ actions: inout [Action]) throws(WireError) {
        guard role == .service, frame.stream % 2 == 1, frame.stream > lastAccepted,
            streams.count < limits.streams
        else { throw .wrongStream(frame.stream) }
        if isDraining { return }
        lastAccepted = frame.stream
        var payload = frame.payload
        var state = StreamState(sendCredit: peer?.window ?? limits.window, window: limits.window)
        state.header = try OpenHeader(&payload, flags: frame.flags, limits: limits)
        streams[frame.stream] = state
        try take(payload, flags: frame.flags, stream: frame.stream, notes: nil, &actions)
    }

    private mutating func takeData(_ frame: Frame, _ actions: inout [Action]) throws(WireError) {
        guard frame.stream != 0 else { throw .wrongStream(0) }
        guard streams[frame.stream] != nil else { return }
        var payload = frame.payload
        var notes: ByteBuffer?
        if frame.flags.contains(.notes) {
            guard let count = payload.readInteger(as: UInt16.self),
                Int(count) <= limits.metadataBytes,
                let slice = payload.readSlice(length: Int(count))
            else { throw .malformed("DATA") }
            notes = slice
        }
        try take(payload, flags: frame.flags, stream: frame.stream, notes: notes, &actions)
    }

    private mutating func take(
        _ payload: ByteBuffer, flags: FrameFlags, stream: UInt32, notes: ByteBuffer?,
        _ actions: inout [Action]
    ) throws(WireError) {
        guard var state = streams[stream], !state.isHalfClosed else { throw .wrongStream(stream) }
        state.receiveCredit -= payload.readableBytes
        guard state.receiveCredit >= 0 else {
            throw .creditExceeded(stream: stream, limit: limits.window)
        }
        let hadPart = state.partial.readableBytes > 0
        if hadPart {
            state.partial.writeImmutableBuffer(payload)
        } else {
            state.partial = payload
        }
        guard state.partial.readableBytes <= limits.messageBytes else {
            throw .messageTooLarge(limit: limits.messageBytes)
        }
        let endsMessage = flags.contains(.endMessage)
        let endsStream = flags.contains(.endStream)
        let message = state.partial
        state.isHalfClosed = endsStream
        state.partialHeld += payload.readableBytes
        if endsMessage {
            state.partial = ByteBuffer()
            state.held.append(state.partialHeld)
            state.partialHeld = 0
        }
        streams[stream] = state
        // A message larger than the window could never become whole without this. Its size is
        // bounded, and nothing is granted while the application has another one to take first.
        if state.held.isEmpty {
            streams[stream]?.partialHeld = 0
            grant(stream, state.partialHeld)
        }
        switch role {
        case .service:
            guard endsMessage == endsStream else { throw .malformed("a streaming request") }
            guard endsMessage, let header = state.header else { return }
            actions.append(.call(stream: stream, header, message: message))
        case .caller:
            guard endsMessage || endsStream else { return }
            if endsStream { streams.removeValue(forKey: stream) }
            actions.append(
                .reply(
                    stream: stream, message: endsMessage ? message : nil, notes: notes,
                    isLast: endsStream))
        }
    }

    private mutating func takeCredit(_ frame: Frame, _ actions: inout [Action]) throws(WireError) {
        guard let bytes = frame.payload.getInteger(at: frame.payload.readerIndex, as: UInt32.self)
        else { throw .malformed("CREDIT") }
        guard let credit = streams[frame.stream]?.sendCredit else { return }
        let sum = credit + Int(bytes)
        guard sum <= Int(Int32.max) else { throw .malformed("CREDIT") }
        streams[frame.stream]?.sendCredit = sum
        send(frame.stream, &actions)
    }

    // MARK: Sending

    /// Grants room for bytes that were taken, at the latest when half the window is used.
    private mutating func grant(_ stream: UInt32, _ bytes: Int) {
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

    private mutating func send(_ stream: UInt32, _ actions: inout [Action]) {
        guard var state = streams[stream] else { return }
        let size = min(limits.frameBytes, peer?.frameBytes ?? limits.frameBytes)
        while let frame = state.nextFrame(stream: stream, size: size) { frame.write(to: &output) }
        let isDone = state.outgoing.isEmpty
        streams[stream] = state
        guard isDone else { return }
        if state.sentEnd, role == .service {
            streams.removeValue(forKey: stream)
        } else {
            actions.append(.room(stream: stream))
        }
    }

    private mutating func flushed(_ actions: [Action]) -> [Action] {
        guard output.readableBytes > 0 else { return actions }
        let bytes = output
        output = ByteBuffer()
        return [.write(bytes)] + actions
    }
}
