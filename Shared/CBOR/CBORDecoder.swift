private import FoundationEssentials
package import NIOCore

/// Makes Codable values of CBOR (RFC 8949) in the strict profile of `Shared/PROTOCOL.md`.
///
/// A message is checked whole before anything is made of it. Unknown keys are skipped; a key is
/// found by its integer or its text, whichever the message uses; no input traps.
package struct CBORDecoder: Sendable {
    private let limits: DecodingLimits

    package init(limits: DecodingLimits = .standard) {
        self.limits = limits
    }

    /// Reads the one item that the buffer's readable bytes are.
    package func decode<Value: Decodable>(
        _ type: Value.Type, from buffer: ByteBuffer
    ) throws(CBORError) -> Value {
        try decode(type, from: Array(buffer.readableBytesView))
    }

    /// Reads the one item that the bytes are.
    package func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8]
    ) throws(CBORError) -> Value {
        try WellFormedness.check(bytes, limits: limits)
        do {
            return try ItemReader(bytes).decode(type, at: 0, nil)
        } catch {
            throw CBORError(decoding: error)
        }
    }
}

extension CBORError {
    fileprivate init(decoding error: any Error) {
        switch error {
        case let error as CBORError:
            self = error
        case let error as DecodingError:
            self = Self.of(error)
        default:
            self = CBORError(.dataCorrupted, "the value does not decode itself")
        }
    }

    private static func of(_ error: DecodingError) -> CBORError {
        func path(_ context: DecodingError.Context) -> String { PathNode.join(context.codingPath) }
        return switch error {
        case .typeMismatch(_, let context):
            CBORError(.typeMismatch, path: path(context), context.debugDescription)
        case .valueNotFound(_, let context):
            CBORError(.missing, path: path(context), "a value is missing")
        case .keyNotFound(let key, let context):
            CBORError(.missing, path: path(context), "the field \(key.stringValue) is missing")
        case .dataCorrupted(let context):
            CBORError(.dataCorrupted, path: path(context), context.debugDescription)
        @unknown default:
            CBORError(.dataCorrupted, "the value does not decode itself")
        }
    }
}

/// Reads single items of a message that has passed ``WellFormedness``.
final class ItemReader {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func mismatch(_ offset: Int, _ path: PathNode?, _ expected: String) -> CBORError {
        CBORError(
            .typeMismatch, at: offset, path: PathNode.join(PathNode.codingPath(path)),
            "\(expected) is expected here")
    }

    func head(
        _ major: MajorType, at offset: Int, _ path: PathNode?, expected: String
    ) throws(CBORError) -> ItemHead {
        let head = try ItemHead(bytes, at: offset)
        guard head.major == major else { throw mismatch(offset, path, expected) }
        return head
    }

    /// Where the item at `offset` ends.
    func end(of offset: Int) throws(CBORError) -> Int {
        var offset = offset
        var left = 1
        while left > 0 {
            let head = try ItemHead(bytes, at: offset)
            offset = head.end
            left -= 1
            switch head.major {
            case .unsigned, .negative, .simple: break
            case .bytes, .text: offset += Int(clamping: head.argument)
            case .array: left += Int(clamping: head.argument)
            case .map: left += 2 * Int(clamping: head.argument)
            case .tag: left += 1
            }
        }
        return offset
    }

    func isNull(at offset: Int) -> Bool { offset < bytes.count && bytes[offset] == 0xf6 }

    func bool(at offset: Int, _ path: PathNode?) throws(CBORError) -> Bool {
        switch offset < bytes.count ? bytes[offset] : 0 {
        case 0xf4: return false
        case 0xf5: return true
        default: throw mismatch(offset, path, "true or false")
        }
    }

    func text(at offset: Int, _ path: PathNode?) throws(CBORError) -> String {
        let content = try content(.text, at: offset, path, expected: "a text")
        return String(decoding: bytes[content], as: UTF8.self)
    }

    func content(
        _ major: MajorType, at offset: Int, _ path: PathNode?, expected: String
    ) throws(CBORError) -> Range<Int> {
        let head = try head(major, at: offset, path, expected: expected)
        guard let length = head.length(in: bytes) else {
            throw CBORError(.truncated, at: offset, "the item is not whole")
        }
        return head.end..<head.end + length
    }

    func integer<Value: FixedWidthInteger>(
        _ type: Value.Type, at offset: Int, _ path: PathNode?
    ) throws(CBORError) -> Value {
        let head = try ItemHead(bytes, at: offset)
        let value: Value?
        switch head.major {
        case .unsigned: value = Value(exactly: head.argument)
        case .negative:
            value = Int64(exactly: head.argument).flatMap { Value(exactly: -1 - $0) }
        default: throw mismatch(offset, path, "an integer")
        }
        guard let value else { throw mismatch(offset, path, "an integer within \(Value.self)") }
        return value
    }

    func double(at offset: Int, _ path: PathNode?) throws(CBORError) -> Double {
        let head = try ItemHead(bytes, at: offset)
        switch (head.major, head.info) {
        case (.simple, 25): return Double(Self.half(UInt16(truncatingIfNeeded: head.argument)))
        case (.simple, 26):
            return Double(Float(bitPattern: UInt32(truncatingIfNeeded: head.argument)))
        case (.simple, 27): return Double(bitPattern: head.argument)
        default: break
        }
        // JSON has no difference between 1 and 1.0, so a whole number may stand for a float.
        let whole = try? integer(Int64.self, at: offset, path)
        guard let whole, let value = Double(exactly: whole) else {
            throw mismatch(offset, path, "a number")
        }
        return value
    }

    func float(at offset: Int, _ path: PathNode?) throws(CBORError) -> Float {
        let wide = try double(at: offset, path)
        if wide.isNaN { return .nan }
        guard let value = Float(exactly: wide) else {
            throw mismatch(offset, path, "a number that 32 bits hold exactly")
        }
        return value
    }

    /// IEEE 754 binary16, spelled out because Float16 does not exist on every processor.
    private static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 0x1f)
        let fraction = Float(bits & 0x3ff)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default:
            return sign * (1 + fraction / 1024)
                * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }

    /// Reads any value: those with a form of their own by type, the rest through Codable.
    func decode<Value: Decodable>(
        _ type: Value.Type, at offset: Int, _ path: PathNode?
    ) throws -> Value {
        if let special = try special(type, at: offset, path) as? Value { return special }
        return try type.init(from: ItemDecoder(reader: self, offset: offset, path: path))
    }

    private func special<Value>(
        _ type: Value.Type, at offset: Int, _ path: PathNode?
    ) throws(CBORError) -> Any? {
        if type == String.self { return try text(at: offset, path) }
        if type == [UInt8].self {
            return Array(bytes[try content(.bytes, at: offset, path, expected: "bytes")])
        }
        if type == UUID.self { return try uuid(at: offset, path) }
        if type == Data.self {
            return Data(bytes[try content(.bytes, at: offset, path, expected: "bytes")])
        }
        if type == ByteBuffer.self {
            return ByteBuffer(
                bytes: bytes[try content(.bytes, at: offset, path, expected: "bytes")])
        }
        if type == Date.self {
            let content = try tagged(1, at: offset, path, expected: "a time (tag 1)")
            return Date(timeIntervalSince1970: try double(at: content, path))
        }
        if type == Duration.self {
            return Duration.microseconds(try integer(Int64.self, at: offset, path))
        }
        return nil
    }

    private func tagged(
        _ tag: UInt64, at offset: Int, _ path: PathNode?, expected: String
    ) throws(CBORError) -> Int {
        let head = try head(.tag, at: offset, path, expected: expected)
        guard head.argument == tag else {
            throw CBORError(
                .tagNotAllowed, at: offset, path: PathNode.join(PathNode.codingPath(path)),
                "\(expected) is expected here, not another tag")
        }
        return head.end
    }

    private func uuid(at offset: Int, _ path: PathNode?) throws(CBORError) -> UUID {
        let expected = "a UUID (tag 37 with 16 bytes, or its 36 characters)"
        if offset < bytes.count, bytes[offset] >> 5 == MajorType.text.rawValue {
            guard let uuid = UUID(uuidString: try text(at: offset, path)) else {
                throw mismatch(offset, path, expected)
            }
            return uuid
        }
        let inner = try tagged(37, at: offset, path, expected: expected)
        let content = try content(.bytes, at: inner, path, expected: expected)
        guard content.count == 16 else { throw mismatch(offset, path, expected) }
        let b = Array(bytes[content])
        return UUID(
            uuid: (
                b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12],
                b[13], b[14], b[15]
            ))
    }
}
