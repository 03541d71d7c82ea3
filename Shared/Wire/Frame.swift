package import NIOCore

/// What a frame is for.
///
/// Types from 0x80 may be ignored; any other unknown type ends the connection.
package struct FrameType: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// First on each side: versions, limits, who speaks.
    package static let hello = FrameType(rawValue: 0)
    /// Begins a call.
    package static let open = FrameType(rawValue: 1)
    /// A message or a part of one.
    package static let data = FrameType(rawValue: 2)
    /// Ends a call with a failure.
    package static let error = FrameType(rawValue: 3)
    /// The caller wants no answer any more.
    package static let cancel = FrameType(rawValue: 4)
    /// Room for more message bytes of one stream.
    package static let credit = FrameType(rawValue: 5)
    package static let ping = FrameType(rawValue: 6)
    package static let pong = FrameType(rawValue: 7)
    /// No new calls; those above the named stream were not processed.
    package static let goAway = FrameType(rawValue: 8)
}

/// What a frame says in its flags.
package struct FrameFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The message ends with this frame.
    package static let endMessage = FrameFlags(rawValue: 0x01)
    /// The sender sends nothing more on this stream.
    package static let endStream = FrameFlags(rawValue: 0x02)
    /// OPEN carries 16 bytes of idempotency key.
    package static let hasKey = FrameFlags(rawValue: 0x04)
    /// The payload begins with notes: a length of 2 bytes and so many bytes of CBOR.
    package static let notes = FrameFlags(rawValue: 0x08)
    /// OPEN carries 25 bytes of trace context.
    package static let hasTrace = FrameFlags(rawValue: 0x10)
}

extension FrameType {
    /// Whether one who does not know the type must ignore it.
    var isIgnorable: Bool { rawValue >= 0x80 }

    /// Whether its frames belong to the connection, and so to stream 0.
    var isOfConnection: Bool {
        switch self {
        case .hello, .ping, .pong, .goAway: true
        default: false
        }
    }

    /// The flags its frames may carry.
    var flags: FrameFlags {
        switch self {
        case .open: [.endMessage, .endStream, .hasKey, .hasTrace]
        case .data: [.endMessage, .endStream, .notes]
        case .error: [.endStream]
        default: []
        }
    }
}

/// One frame: twelve bytes of header and a payload.
package struct Frame: Hashable, Sendable {
    package var type: FrameType
    package var flags: FrameFlags
    package var stream: UInt32
    package var payload: ByteBuffer

    package init(
        _ type: FrameType, flags: FrameFlags = [], stream: UInt32 = 0,
        payload: ByteBuffer = ByteBuffer()
    ) {
        self.type = type
        self.flags = flags
        self.stream = stream
        self.payload = payload
    }

    package static let headerBytes = 12

    /// Appends the frame: length (4), type (1), flags (1), zero (2), stream (4), payload.
    package func write(to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt32(payload.readableBytes))
        buffer.writeInteger(type.rawValue)
        buffer.writeInteger(flags.rawValue)
        buffer.writeInteger(UInt16(0))
        buffer.writeInteger(stream)
        buffer.writeImmutableBuffer(payload)
    }
}

/// What one connection may not exceed; each breach has its own error that names the limit.
package struct WireLimits: Hashable, Sendable {
    /// Bytes of a frame's payload, so that a frame fits one TLS record of 16,384 bytes.
    package var frameBytes = 16_372
    /// Bytes of one message, over all its frames.
    package var messageBytes = 4 * 1024 * 1024
    /// Bytes of HELLO's payload.
    package var helloBytes = 4096
    /// Bytes of a method's name.
    package static let methodBytes = 120
    /// Bytes of the metadata of OPEN and of notes.
    package var metadataBytes = 8192
    /// Calls open at once.
    package var streams = 256
    /// Message bytes a side may send on a stream before it is granted more: so many that one side
    /// writes while the other reads, and few enough to stay in a processor's cache.
    package var window = 512 * 1024
    /// Calls that may be cancelled, and pings that may come, at once, and how many are forgiven each
    /// second: work that is begun and thrown away, or is none.
    package var waste = 1000
    package var wastePerSecond = 200
    /// The highest stream a connection may use: a caller that has used it dials again.
    package var lastStream: UInt32 = 0x7fff_ffff

    package init() {}

    /// What HELLO must offer at least: a frame that the largest metadata fits, and room enough
    /// that a peer cannot have a message sent to it byte by byte.
    package static let frameBytesMinimum = 8448
    package static let windowMinimum = 16_384
    package static let messageBytesMinimum = 16_384

    package static let standard = WireLimits()
}

/// Why a connection cannot go on.
package enum WireError: Error, Hashable, Sendable, CustomStringConvertible {
    case frameTooLarge(bytes: Int, limit: Int)
    case unknownFrame(type: UInt8)
    case malformed(String)
    case helloExpected
    case helloTwice
    case versionMismatch(theirs: ClosedRange<UInt8>)
    case wrongStream(UInt32)
    case tooManyCalls(limit: Int)
    case messageTooLarge(limit: Int)
    case creditExceeded(stream: UInt32, limit: Int)
    case creditOverflow(stream: UInt32)
    case abuse(limit: Int)

    package var description: String {
        switch self {
        case .frameTooLarge(let bytes, let limit):
            "a frame of \(bytes) bytes came; the limit is \(limit)"
        case .unknownFrame(let type): "a frame of the unknown type \(type) came"
        case .malformed(let what): "\(what) is malformed"
        case .helloExpected: "the first frame must be HELLO"
        case .helloTwice: "HELLO came twice"
        case .versionMismatch(let theirs):
            "the other side speaks protocol versions \(theirs.lowerBound) to "
                + "\(theirs.upperBound), this side only \(Hello.version)"
        case .wrongStream(let stream): "stream \(stream) may not be used like this"
        case .tooManyCalls(let limit): "more calls were opened than the limit of \(limit)"
        case .messageTooLarge(let limit): "a message is larger than the limit of \(limit) bytes"
        case .creditExceeded(let stream, let limit):
            "stream \(stream) sent more than the \(limit) bytes it was granted"
        case .creditOverflow(let stream):
            "stream \(stream) was granted more than 2,147,483,647 bytes"
        case .abuse(let limit):
            "more than \(limit) calls were opened and cancelled, or pings sent, in a short time"
        }
    }
}

/// Cuts what arrives into frames.
///
/// It keeps no more than one frame beyond what has arrived, and reserves nothing by a declared
/// length.
package struct FrameParser: Sendable {
    private(set) var buffer = ByteBuffer()
    private let limits: WireLimits

    package init(limits: WireLimits = .standard) { self.limits = limits }

    package mutating func append(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.discardReadBytes()
            buffer.writeImmutableBuffer(bytes)
        }
    }

    /// The next whole frame; nil until more arrives.
    package mutating func next() throws(WireError) -> Frame? {
        let available = buffer.readableBytes
        guard available >= Frame.headerBytes else {
            // What was read completely is not kept: others may use its memory.
            if available == 0 { buffer = ByteBuffer() }
            return try peek()
        }
        // One load for each half: this runs for every frame.
        let (first, second) = buffer.withUnsafeReadableBytes { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
            )
        }
        let length = Int(first >> 32)
        try check(length)
        guard available >= Frame.headerBytes + length else { return nil }
        guard first & 0xffff == 0 else { throw .malformed("a frame's header") }
        buffer.moveReaderIndex(forwardBy: Frame.headerBytes)
        return Frame(
            FrameType(rawValue: UInt8(truncatingIfNeeded: first >> 24)),
            flags: FrameFlags(rawValue: UInt8(truncatingIfNeeded: first >> 16)), stream: second,
            payload: length == 0 ? ByteBuffer() : buffer.readSlice(length: length) ?? ByteBuffer())
    }

    /// Refuses a length that is too large before the rest of the header has come.
    private func peek() throws(WireError) -> Frame? {
        if let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self) {
            try check(Int(length))
        }
        return nil
    }

    private func check(_ length: Int) throws(WireError) {
        guard length <= limits.frameBytes else {
            throw .frameTooLarge(bytes: length, limit: limits.frameBytes)
        }
    }
}
