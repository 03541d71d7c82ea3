package import NIOCore

/// What arrives from the other side.
extension Connection {
    /// Takes bytes from the other side, and appends what the shell must do.
    ///
    /// `milliseconds`: when they came, by any clock that only rises.
    package mutating func received(
        _ bytes: ByteBuffer, at milliseconds: Int64 = 0, _ actions: inout [Action]
    ) {
        guard !isClosed else { return }
        parser.append(bytes)
        do throws(WireError) {
            while let frame = try parser.next() {
                try take(frame, at: milliseconds, &actions)
            }
        } catch {
            isClosed = true
            GoAway(lastStream: lastAccepted, code: error.code, reason: error.description)
                .frame().write(to: &control)
            turns.removeAll()
            actions.append(.close(error))
        }
    }

    private mutating func take(
        _ frame: Frame, at milliseconds: Int64, _ actions: inout [Action]
    ) throws(WireError) {
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
        case .data: try takeData(frame, &actions)
        case .open: try takeOpen(frame, &actions)
        case .credit: try takeCredit(frame)
        case .error: try takeError(frame, &actions)
        case .cancel: try takeCancel(frame, at: milliseconds, &actions)
        case .ping:
            guard frame.payload.readableBytes == 8 else { throw .malformed("PING") }
            try waste.add(at: milliseconds)
            Frame(.pong, payload: frame.payload).write(to: &control)
        case .pong:
            guard frame.payload.readableBytes == 8 else { throw .malformed("PONG") }
            actions.append(.pong)
        case .goAway: try takeGoAway(frame, &actions)
        case .hello: throw .helloTwice
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
        let header = try OpenHeader(
            &payload, flags: frame.flags, limits: limits, known: lastMethod)
        lastMethod = header.method
        let state = StreamState(sendCredit: peer?.window ?? 0, window: limits.window)
        state.header = header
        streams.insert(state, for: frame.stream)
        try take(payload, frame, state, notes: nil, &actions)
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
        guard let state = state(of: frame.stream) else { return }
        try take(payload, frame, state, notes: notes, &actions)
    }

    private mutating func take(
        _ payload: ByteBuffer, _ frame: Frame, _ state: StreamState, notes: ByteBuffer?,
        _ actions: inout [Action]
    ) throws(WireError) {
        let stream = frame.stream
        guard !state.isHalfClosed else { throw .wrongStream(stream) }
        state.receiveCredit -= payload.readableBytes
        guard state.receiveCredit >= 0 else {
            throw .creditExceeded(stream: stream, limit: limits.window)
        }
        if state.partial.readableBytes > 0 {
            state.partial.writeImmutableBuffer(payload)
        } else {
            state.partial = payload
        }
        let bytes = state.partial.readableBytes
        guard bytes <= limits.messageBytes else {
            throw .messageTooLarge(limit: limits.messageBytes)
        }
        let endsMessage = frame.flags.contains(.endMessage)
        let endsStream = frame.flags.contains(.endStream)
        // A message without a byte would cost the sender no credit and the receiver a place.
        guard endsMessage == (bytes > 0) || !(endsMessage || endsStream) else {
            throw .malformed(endsMessage ? "an empty message" : "a message without its end")
        }
        guard endsMessage || endsStream else {
            grant(stream, state, state.advance())
            return
        }
        state.isHalfClosed = endsStream
        let message = endsMessage ? state.partial : nil
        state.partial = ByteBuffer()
        if message != nil { state.untaken += 1 }
        switch role {
        case .service:
            // The request began with its header; what follows an unsupported one is ignored.
            guard let header = state.header.take() else { return }
            if let message, endsStream {
                actions.append(.call(stream: stream, header, message: message))
            } else {
                actions.append(.unsupported(stream: stream))
            }
        case .caller:
            if endsStream { streams.remove(stream) }
            actions.append(
                .reply(stream: stream, message: message, notes: notes, isLast: endsStream))
        }
    }

    private mutating func takeError(_ frame: Frame, _ actions: inout [Action]) throws(WireError) {
        guard role == .caller, hasBegun(frame.stream) else { throw .wrongStream(frame.stream) }
        // A stream that is gone was ended here while this was on its way.
        guard streams.remove(frame.stream) else { return }
        actions.append(.failure(stream: frame.stream, frame.payload))
    }

    private mutating func takeCancel(
        _ frame: Frame, at milliseconds: Int64, _ actions: inout [Action]
    ) throws(WireError) {
        guard role == .service, hasBegun(frame.stream) else { throw .wrongStream(frame.stream) }
        guard frame.payload.readableBytes == 1 else { throw .malformed("CANCEL") }
        // What began and ended for nothing costs more than it looks.
        try waste.add(at: milliseconds)
        guard streams.remove(frame.stream) else { return }
        actions.append(.cancelled(stream: frame.stream))
    }

    private mutating func takeCredit(_ frame: Frame) throws(WireError) {
        guard hasBegun(frame.stream) else { throw .wrongStream(frame.stream) }
        var payload = frame.payload
        guard let bytes = payload.readInteger(as: UInt32.self), payload.readableBytes == 0 else {
            throw .malformed("CREDIT")
        }
        guard let state = state(of: frame.stream) else { return }
        guard state.sendCredit + Int(bytes) <= Int(Int32.max) else {
            throw .creditOverflow(stream: frame.stream)
        }
        state.sendCredit += Int(bytes)
        queue(frame.stream, state)
    }

    private mutating func takeGoAway(_ frame: Frame, _ actions: inout [Action]) throws(WireError) {
        let goAway = try GoAway(frame)
        // A caller that goes away has its calls end with the connection, or by CANCEL.
        if role == .caller {
            isPeerDraining = true
            for stream in streams.streams where stream > goAway.lastStream {
                streams.remove(stream)
            }
        }
        actions.append(.goAway(goAway))
    }
}
