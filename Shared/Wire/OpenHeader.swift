package import NIOCore

/// What an OPEN frame carries before the first bytes of the message.
package struct OpenHeader: Hashable, Sendable {
    package var method: String
    /// How long the caller waits, in microseconds; 0 where it named no limit.
    package var timeoutMicroseconds: UInt64
    package var attempt: UInt8
    /// Names the deed, so that repeats of it have one effect; nil where the method needs none.
    package var key: WireKey?
    /// Whose work the call is a part of; nil where nobody follows it.
    package var trace: TraceContext?
    /// Encoded ``OpenMetadata``; empty where there is none.
    package var metadata: ByteBuffer

    package init(
        method: String, timeoutMicroseconds: UInt64, attempt: UInt8, key: WireKey? = nil,
        trace: TraceContext? = nil, metadata: ByteBuffer = ByteBuffer()
    ) {
        self.method = method
        self.timeoutMicroseconds = timeoutMicroseconds
        self.attempt = attempt
        self.key = key
        self.trace = trace
        self.metadata = metadata
    }

    /// The flags that tell what is in it.
    var flags: FrameFlags {
        var flags: FrameFlags = []
        if key != nil { flags.insert(.hasKey) }
        if trace != nil { flags.insert(.hasTrace) }
        return flags
    }

    /// How many bytes it takes.
    var byteCount: Int {
        12 + method.utf8.count + (key == nil ? 0 : WireKey.byteCount)
            + (trace == nil ? 0 : TraceContext.byteCount) + metadata.readableBytes
    }

    func write(to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(clamping: method.utf8.count))
        buffer.writeString(method)
        buffer.writeMultipleIntegers(timeoutMicroseconds, attempt)
        if let key { buffer.writeMultipleIntegers(key.high, key.low) }
        if let trace { trace.write(to: &buffer) }
        buffer.writeInteger(UInt16(clamping: metadata.readableBytes))
        if metadata.readableBytes > 0 { buffer.writeImmutableBuffer(metadata) }
    }

    /// Reads it from the beginning of a payload.
    ///
    /// `known`: a method's name that is likely; it is not made again where it comes.
    init(
        _ payload: inout ByteBuffer, flags: FrameFlags, limits: WireLimits, known: String = ""
    ) throws(WireError) {
        guard let length = payload.readInteger(as: UInt8.self),
            (1...WireLimits.methodBytes).contains(Int(length)),
            let method = Self.method(&payload, length: Int(length), known: known),
            let (timeout, attempt) = payload.readMultipleIntegers(as: (UInt64, UInt8).self)
        else { throw .malformed("OPEN") }
        self.method = method
        timeoutMicroseconds = timeout
        self.attempt = attempt
        if flags.contains(.hasKey) {
            guard let (high, low) = payload.readMultipleIntegers(as: (UInt64, UInt64).self) else {
                throw .malformed("OPEN")
            }
            key = WireKey(high: high, low: low)
        }
        if flags.contains(.hasTrace) {
            guard let trace = TraceContext(&payload) else { throw .malformed("OPEN") }
            self.trace = trace
        }
        guard let count = payload.readInteger(as: UInt16.self), Int(count) <= limits.metadataBytes,
            let metadata = payload.readSlice(length: Int(count))
        else { throw .malformed("OPEN") }
        // An empty slice would keep the bytes alive that it was cut from.
        self.metadata = count == 0 ? ByteBuffer() : metadata
    }

    private static func method(
        _ payload: inout ByteBuffer, length: Int, known: String
    ) -> String? {
        guard payload.readableBytes >= length else { return nil }
        return payload.readWithUnsafeReadableBytes { bytes in
            let name = UnsafeRawBufferPointer(rebasing: bytes[..<length])
            if known.utf8.count == length, name.elementsEqual(known.utf8) { return (length, known) }
            guard name.allSatisfy({ (0x21...0x7e).contains($0) }) else { return (0, nil) }
            return (length, String(decoding: name, as: UTF8.self))
        }
    }
}

/// The 16 bytes of an idempotency key.
package struct WireKey: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package static let byteCount = 16

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// Where a call stands in a trace, as W3C Trace Context has it (`traceparent`, version 00).
package struct TraceContext: Hashable, Sendable, CustomStringConvertible {
    /// The two halves of the 16 bytes that all calls of one piece of work share; not all zero.
    package let traceHigh: UInt64
    package let traceLow: UInt64
    /// The call that made this one; not zero.
    package let span: UInt64
    /// Bit 0: the caller keeps a record of it.
    package let flags: UInt8

    package static let byteCount = 25

    package init(traceHigh: UInt64, traceLow: UInt64, span: UInt64, flags: UInt8) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.span = span
        self.flags = flags
    }

    func write(to buffer: inout ByteBuffer) {
        buffer.writeMultipleIntegers(traceHigh, traceLow, span, flags)
    }

    init?(_ buffer: inout ByteBuffer) {
        guard
            let (high, low, span, flags) = buffer.readMultipleIntegers(
                as: (UInt64, UInt64, UInt64, UInt8).self), high | low != 0, span != 0
        else { return nil }
        self.init(traceHigh: high, traceLow: low, span: span, flags: flags)
    }

    /// The trace's id: 32 hexadecimal digits.
    package var traceID: String { Self.hex(traceHigh) + Self.hex(traceLow) }
    /// The span's id: 16 hexadecimal digits.
    package var spanID: String { Self.hex(span) }

    /// As the header `traceparent`.
    package var description: String {
        "00-\(traceID)-\(spanID)-\(flags < 16 ? "0" : "")\(String(flags, radix: 16))"
    }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// What a call says beside its message.
package struct OpenMetadata: Codable, Hashable, Sendable {
    /// Journal positions, by service, that the answer must have seen.
    package var seen: [String: Int64]?
    /// For what the caller reads: a code of HL7 v3 PurposeOfUse.
    package var purpose: String?

    private enum CodingKeys: Int, CodingKey {
        case seen = 1
        case purpose = 2
    }

    package init(seen: [String: Int64]? = nil, purpose: String? = nil) {
        self.seen = seen
        self.purpose = purpose
    }
}
