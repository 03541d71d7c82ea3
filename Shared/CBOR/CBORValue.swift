package import NIOCore

/// Any CBOR item as a tree, for tools that know no type: printing, converting, describing.
package indirect enum CBORValue: Hashable, Sendable {
    case unsigned(UInt64)
    /// The value is −1 − n.
    case negative(UInt64)
    case bytes([UInt8])
    case text(String)
    case array([CBORValue])
    /// In the order of the message.
    case map([CBORPair])
    case tagged(UInt64, CBORValue)
    case bool(Bool)
    case null
    case float(Double)

    /// Reads one item in the strict profile, any tag allowed.
    package init(_ buffer: ByteBuffer, limits: DecodingLimits = .standard) throws(CBORError) {
        self = try buffer.withUnsafeReadableBytes { (bytes) throws(CBORError) in
            let message = try WellFormedness.check(bytes, limits: limits)
            var offset = 0
            return try Self.read(message, &offset)
        }
    }

    /// The message has been checked: recursion is bounded by its depth.
    static func read(
        _ message: CheckedMessage, _ offset: inout Int
    ) throws(CBORError) -> CBORValue {
        let first = message.first(offset)
        switch MajorType(rawValue: first >> 5) {
        case .unsigned: return .unsigned(message.argument(first, &offset))
        case .negative: return .negative(message.argument(first, &offset))
        case .bytes: return .bytes(try message.byteArray(&offset))
        case .text: return .text(try message.text(&offset))
        case .array:
            var items: [CBORValue] = []
            for _ in 0..<message.argument(first, &offset) {
                items.append(try read(message, &offset))
            }
            return .array(items)
        case .map:
            var pairs: [CBORPair] = []
            for _ in 0..<message.argument(first, &offset) {
                let key = try read(message, &offset)
                pairs.append(CBORPair(key: key, value: try read(message, &offset)))
            }
            return .map(pairs)
        case .tag:
            return .tagged(message.argument(first, &offset), try read(message, &offset))
        case .simple, nil:
            if first >= 0xf9 { return .float(try message.double(&offset)) }
            if first != 0xf6 { return .bool(try message.bool(&offset)) }
            offset += 1
            return .null
        }
    }

    /// The item in diagnostic notation (RFC 8949, §8).
    package var diagnostic: String {
        switch self {
        case .unsigned(let value): return String(value)
        case .negative(let value): return "-" + Self.successor(value)
        case .bytes(let bytes): return "h'" + Self.hex(bytes) + "'"
        case .text(let text): return Self.quoted(text)
        case .array(let items):
            return "[" + items.map(\.diagnostic).joined(separator: ", ") + "]"
        case .map(let pairs):
            let inside = pairs.map { "\($0.key.diagnostic): \($0.value.diagnostic)" }
            return "{" + inside.joined(separator: ", ") + "}"
        case .tagged(let tag, let item): return "\(tag)(\(item.diagnostic))"
        case .bool(let value): return value ? "true" : "false"
        case .null: return "null"
        case .float(let value):
            if value.isNaN { return "NaN" }
            if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
            return "\(value)"
        }
    }

    /// n + 1 in digits; one more than 64 bits hold where n is the largest.
    private static func successor(_ value: UInt64) -> String {
        value == .max ? "18446744073709551616" : String(value + 1)
    }

    package static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }.joined()
    }

    /// A JSON string; what a terminal might obey is escaped.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            // Controls, and marks that make a line read as another.
            case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value),
                "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}":
                let code = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - code.utf8.count) + code
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// A key and its value.
package struct CBORPair: Hashable, Sendable {
    package let key: CBORValue
    package let value: CBORValue

    package init(key: CBORValue, value: CBORValue) {
        self.key = key
        self.value = value
    }
}

extension CBORValue: Codable {
    /// Reads a JSON document, or anything else whose decoder tells what it holds.
    package init(from decoder: any Decoder) throws {
        if let map = try? decoder.container(keyedBy: AnyKey.self) {
            // A decoder need not keep the order of keys, so they are sorted.
            let keys = map.allKeys.sorted { $0.stringValue < $1.stringValue }
            self = .map(
                try keys.map { key in
                    CBORPair(
                        key: .text(key.stringValue),
                        value: try map.decode(CBORValue.self, forKey: key))
                })
            return
        }
        if var list = try? decoder.unkeyedContainer() {
            var items: [CBORValue] = []
            while !list.isAtEnd { items.append(try list.decode(CBORValue.self)) }
            self = .array(items)
            return
        }
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .null
        } else if let value = try? single.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? single.decode(UInt64.self) {
            self = .unsigned(value)
        } else if let value = try? single.decode(Int64.self) {
            self = .negative(UInt64(bitPattern: ~value))
        } else if let value = try? single.decode(Double.self) {
            self = .float(value)
        } else {
            self = .text(try single.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .map(let pairs):
            var map = encoder.container(keyedBy: AnyKey.self)
            for pair in pairs { try map.encode(pair.value, forKey: AnyKey(pair.key)) }
        case .array(let items):
            var list = encoder.unkeyedContainer()
            for item in items { try list.encode(item) }
        default:
            var single = encoder.singleValueContainer()
            switch self {
            case .unsigned(let value): try single.encode(value)
            case .negative(let value):
                guard let number = Int64(exactly: value) else {
                    throw CBORError(.unsupported, "an integer below 64 bits")
                }
                try single.encode(-1 - number)
            case .bytes(let bytes): try single.encode(bytes)
            case .text(let text): try single.encode(text)
            case .tagged(_, let item): try single.encode(item)
            case .bool(let value): try single.encode(value)
            case .float(let value): try single.encode(value)
            default: try single.encodeNil()
            }
        }
    }
}

/// A key of either form.
private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ key: CBORValue) {
        switch key {
        case .unsigned(let number):
            stringValue = String(number)
            intValue = Int(exactly: number)
        case .negative(let number):
            stringValue = key.diagnostic
            intValue = Int(exactly: number).map { -1 - $0 }
        case .text(let text):
            stringValue = text
            intValue = nil
        default:
            stringValue = key.diagnostic
            intValue = nil
        }
    }

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init?(intValue: Int) {
        stringValue = String(intValue)
        self.intValue = intValue
    }
}
