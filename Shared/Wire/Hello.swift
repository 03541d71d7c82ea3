internal import CBOR
package import NIOCore

/// What each side says first.
package struct Hello: Codable, Hashable, Sendable {
    /// The protocol's version that this code speaks.
    package static let version: UInt8 = 1

    package var versionMinimum: UInt8
    package var versionMaximum: UInt8
    /// The largest frame payload it takes.
    package var frameBytes: Int
    /// The message bytes it lets the other side send on a new stream.
    package var window: Int
    package var streams: Int
    package var messageBytes: Int
    /// A program and its version, for logs.
    package var agent: String

    private enum CodingKeys: Int, CodingKey {
        case versionMinimum = 1
        case versionMaximum = 2
        case frameBytes = 3
        case window = 4
        case streams = 5
        case messageBytes = 6
        case agent = 7
    }

    package init(agent: String, limits: WireLimits = .standard) {
        versionMinimum = Self.version
        versionMaximum = Self.version
        frameBytes = limits.frameBytes
        window = limits.window
        streams = limits.streams
        messageBytes = limits.messageBytes
        self.agent = agent
    }

    func frame() throws(WireError) -> Frame {
        do {
            return Frame(.hello, payload: try CBOREncoder().encode(self))
        } catch {
            throw .malformed("HELLO")
        }
    }

    init(_ frame: Frame, limits: WireLimits) throws(WireError) {
        guard frame.type == .hello, frame.stream == 0, frame.flags.isEmpty else {
            throw .helloExpected
        }
        guard frame.payload.readableBytes <= limits.helloBytes else {
            throw .frameTooLarge(bytes: frame.payload.readableBytes, limit: limits.helloBytes)
        }
        do {
            self = try CBORDecoder().decode(Hello.self, from: frame.payload)
        } catch {
            throw .malformed("HELLO")
        }
        guard versionMinimum <= versionMaximum else { throw .malformed("HELLO") }
        guard (versionMinimum...versionMaximum).contains(Self.version) else {
            throw .versionMismatch(theirs: versionMinimum...versionMaximum)
        }
        guard frameBytes >= WireLimits.frameBytesMinimum, streams >= 1,
            (WireLimits.windowMinimum...Int(Int32.max)).contains(window),
            messageBytes >= WireLimits.messageBytesMinimum
        else { throw .malformed("HELLO") }
    }
}

/// What an OPEN frame carries before the first bytes of the message.
package struct OpenHeader: Hashable, Sendable {
    package var method: String
    /// How long the caller waits, in microseconds; 0 where it named no limit.
    package var timeoutMicroseconds: UInt64
    package var attempt: UInt8
    /// 16 bytes, or none.
    package var key: [UInt8]?
    /// Encoded ``OpenMetadata``; empty where there is none.
    package var metadata: ByteBuffer

    package init(
        method: String, timeoutMicroseconds: UInt64, attempt: UInt8, key: [UInt8]?,
        metadata: ByteBuffer = ByteBuffer()
    ) {
        self.method = method
        self.timeoutMicroseconds = timeoutMicroseconds
        self.attempt = attempt
        self.key = key
        self.metadata = metadata
    }

    func write(to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(clamping: method.utf8.count))
        buffer.writeString(method)
        buffer.writeInteger(timeoutMicroseconds)
        buffer.writeInteger(attempt)
        if let key { buffer.writeBytes(key) }
        buffer.writeInteger(UInt16(clamping: metadata.readableBytes))
        buffer.writeImmutableBuffer(metadata)
    }

    init(_ payload: inout ByteBuffer, flags: FrameFlags, limits: WireLimits) throws(WireError) {
        guard let length = payload.readInteger(as: UInt8.self), (1...120).contains(length),
            let method = payload.readString(length: Int(length)),
            method.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
            let timeout = payload.readInteger(as: UInt64.self),
            let attempt = payload.readInteger(as: UInt8.self)
        else { throw .malformed("OPEN") }
        self.method = method
        timeoutMicroseconds = timeout
        self.attempt = attempt
        if flags.contains(.hasKey) {
            guard let key = payload.readBytes(length: 16) else { throw .malformed("OPEN") }
            self.key = key
        }
        guard let count = payload.readInteger(as: UInt16.self), Int(count) <= limits.metadataBytes,
            let metadata = payload.readSlice(length: Int(count))
        else { throw .malformed("OPEN") }
        self.metadata = metadata
    }
}

/// What a call says beside its message.
package struct OpenMetadata: Codable, Hashable, Sendable {
    /// Journal positions, by service, that the answer must have seen.
    package var seen: [String: Int64]?

    private enum CodingKeys: Int, CodingKey {
        case seen = 1
    }

    package init(seen: [String: Int64]? = nil) { self.seen = seen }
}
