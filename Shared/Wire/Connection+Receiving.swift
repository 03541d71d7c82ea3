package import NIOCore

/// What arrives from the other side.
extension Connection {
    /// Takes bytes from the other side.
    package mutating func received(_ bytes: ByteBuffer) -> [Action] {
        guard !isClosed else { return [] }
        parser.append(bytes)
        var actions: [Action] = []
        do throws(WireError) {
            while let frame = try parser.next() { try take(frame, &actions) }
        } catch {
            isClosed = true
            GoAway(lastStream: lastAccepted, code: error.code, reason: error.description)
                .frame().write(to: &output)
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
        if frame.type.isIgnorable { return }
        guard frame.type.rawValue <= FrameType.goAway.rawValue else {
            throw .unknownFrame(type: frame.type.rawValue)
        }
        guard frame.flags.isSubset(of: frame.type.flags) else {
            throw .malformed("the flags of a frame of type \(frame.type.rawValue)")
        }
        guard frame.type.isOfConnection == (frame.stream == 0) else {
            throw .wrongStream(frame.stream)
        }
        switch frame.type {
        case .hello: throw .helloTwice
        case .open: try takeOpen(frame, &actions)
        case .data: try takeData(frame, &actions)
        case .error, .cancel: try takeEnd(frame, &actions)
        case .credit: try takeCredit(frame, &actions)
        case .ping:
            guard frame.payload.readableBytes == 8 else { throw .malformed("PING") }
            Frame(.pong, payload: frame.payload).write(to: &output)
        case .pong:
            guard frame.payload.readableBytes == 8 else { throw .malformed("PONG") }
            actions.append(.pong)
        case .goAway: try takeGoAway(frame, &actions)
        default: throw .unknownFrame(type: frame.type.rawValue)
        }
    }

    private mutating func takeOpen(_ frame: Frame, _ actions: inout [Action]) throws(WireError) {
        guard role == .service, frame.stream % 2 == 1, frame.stream > lastNamed else {
            throw .wrongStream(frame.stream)
        }
        lastNamed = frame.stream
        // The caller learns by GOAWAY that a stream above the last one was not taken.
        if isDraining { return }
        guard streams.count < limits.streams else { throw .tooManyCalls(limit: limits.streams) }
        lastAccepted = frame.stream
        var payload = frame.payload
        var state = StreamState(sendCredit: peer?.window ?? 0, window: limits.window)
        state.header = try OpenHeader(&payload, flags: frame.flags, limits: limits)
        streams[frame.stream] = state
        try take(payload, flags: frame.flags, stream: frame.stream, notes: nil, &actions)
    }

    private mutating func takeData(_ frame: Frame, _ actions: inout [Action]) throws(WireError) {
        guard hasBegun(frame.stream) else { throw .wrongStream(frame.stream) }
        var payload = frame.payload
        var notes: ByteBuffer?
        if frame.flags.contains(.notes) {
            guard role == .caller, frame.flags.contains(.endStream),
                let count = payload.readInteger(as: UInt16.self),
                Int(count) <= limits.metadataBytes,
                let slice = payload.readSlice(length: Int(count))
            else { throw .malformed("DATA") }
            notes = slice
        }
        // A stream that is gone was ended here while this was on its way.
        guard streams[frame.stream] != nil else { return }
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
        if state.partial.readableBytes > 0 {
            state.partial.writeImmutableBuffer(payload)
        } else {
            state.partial = payload
        }
        let message = state.partial
        guard message.readableBytes <= limits.messageBytes else {
            throw .messageTooLarge(limit: limits.messageBytes)
        }
        let endsMessage = flags.contains(.endMessage)
        let endsStream = flags.contains(.endStream)
        // A message without a byte would cost the sender no credit and the receiver a place.
        guard endsMessage == (message.readableBytes > 0) || !(endsMessage || endsStream) else {
            throw .malformed(endsMessage ? "an empty message" : "a message without its end")
        }
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
        guard endsMessage || endsStream else { return }
        switch role {
        case .service:
            // The request began with its header; what follows an unsupported one is ignored.
            guard let header = streams[stream]?.header.take() else { return }
            actions.append(
                endsMessage && endsStream
                    ? .call(stream: stream, header, message: message)
                    : .unsupported(stream: stream))
        case .caller:
            if endsStream { streams.removeValue(forKey: stream) }
            actions.append(
                .reply(
                    stream: stream, message: endsMessage ? message : nil, notes: notes,
                    isLast: endsStream))
        }
    }

    /// ERROR ends a call for the caller, CANCEL for the service.
    private mutating func takeEnd(_ frame: Frame, _ actions: inout [Action]) throws(WireError) {
        let sender: Role = frame.type == .error ? .service : .caller
        guard role != sender, hasBegun(frame.stream) else { throw .wrongStream(frame.stream) }
        if frame.type == .cancel, frame.payload.readableBytes != 1 { throw .malformed("CANCEL") }
        // A stream that is gone was ended here while this was on its way.
        guard streams.removeValue(forKey: frame.stream) != nil else { return }
        actions.append(
            frame.type == .error
                ? .failure(stream: frame.stream, frame.payload)
                : .cancelled(stream: frame.stream))
    }

    private mutating func takeCredit(_ frame: Frame, _ actions: inout [Action]) throws(WireError) {
        guard hasBegun(frame.stream) else { throw .wrongStream(frame.stream) }
        var payload = frame.payload
        guard let bytes = payload.readInteger(as: UInt32.self), payload.readableBytes == 0 else {
            throw .malformed("CREDIT")
        }
        guard let credit = streams[frame.stream]?.sendCredit else { return }
        let sum = credit + Int(bytes)
        guard sum <= Int(Int32.max) else { throw .creditOverflow(stream: frame.stream) }
        streams[frame.stream]?.sendCredit = sum
        send(frame.stream, &actions)
    }

    private mutating func takeGoAway(_ frame: Frame, _ actions: inout [Action]) throws(WireError) {
        let goAway = try GoAway(frame)
        // A caller that goes away has its calls end with the connection, or by CANCEL.
        if role == .caller {
            isPeerDraining = true
            for stream in streams.keys where stream > goAway.lastStream {
                streams.removeValue(forKey: stream)
            }
        }
        actions.append(.goAway(goAway))
    }
}
