private import FoundationEssentials
private import NIOCore

/// What the containers of one decoding share: the message, for as long as the call lasts.
///
/// The bytes are borrowed. When the call ends they are let go, and a container that somebody has
/// kept finds nothing to read.
final class MessageReader {
    private var checked: CheckedMessage?
    /// How many bytes may still be walked to tell where something is.
    private var walks: Int

    init(_ message: CheckedMessage) {
        checked = message
        walks = 8 * message.count + 4096
    }

    /// Lets the bytes go; nothing reads them after this.
    func close() { checked = nil }

    /// The bytes, or nothing where the call has ended.
    var open: CheckedMessage? { checked }

    var message: CheckedMessage {
        @inline(__always) get throws(CBORError) {
            guard let checked else { throw Self.ended() }
            return checked
        }
    }

    @inline(never)
    static func ended() -> CBORError {
        CBORError(.unsupported, "the message cannot be read after its decoding")
    }

    /// The fields down to the item at `offset`, found by walking the message to there.
    ///
    /// Nothing is noted on the way down, because a path is asked for only to tell of an error.
    /// A value that goes on asking gets an empty one once this has cost more than the message.
    func codingPath(to offset: Int) -> [any CodingKey] {
        guard let checked, walks > 0 else { return [] }
        walks -= offset
        return checked.path(to: offset)
    }
}

/// A key as it stands in a message, or the place of an entry in a list.
struct FoundKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = String(intValue)
        self.intValue = intValue
    }

    static func join(_ path: [any CodingKey]) -> String {
        path.map(word).joined(separator: ".")
    }

    static func word(_ key: any CodingKey) -> String {
        key.intValue.map(String.init) ?? key.stringValue
    }
}

extension CheckedMessage {
    /// The key at `offset`; nil where it is an integer beyond 64 bits.
    func key(ifInRange offset: Int) -> FoundKey? {
        var offset = offset
        let first = first(offset)
        if first < 0x40 {
            return wideInt64(first, &offset).flatMap { Int(exactly: $0) }
                .map(FoundKey.init(intValue:))
        }
        return FoundKey(stringValue: String(decoding: content(first, &offset), as: UTF8.self))
    }

    func key(at offset: Int) -> FoundKey {
        key(ifInRange: offset) ?? FoundKey(stringValue: "an integer beyond 64 bits")
    }

    /// The keys and places down to the item at `target`.
    func path(to target: Int) -> [FoundKey] {
        var path: [FoundKey] = []
        var offset = 0
        // Each turn goes one container or tag down, and the depth of those is limited.
        while offset < target {
            let first = first(offset)
            let entries = argument(first, &offset)
            switch first >> 5 {
            case 4, 5:
                guard let step = step(first >> 5 == 5, entries, &offset, to: target) else {
                    return path
                }
                path.append(step)
            case 6:
                break
            default:
                return path
            }
        }
        return path
    }

    /// Moves to the entry that holds `target`.
    private func step(
        _ isMap: Bool, _ entries: UInt64, _ offset: inout Int, to target: Int
    ) -> FoundKey? {
        for entry in 0..<Int(truncatingIfNeeded: entries) {
            let key = offset
            if isMap { offset = end(of: key) }
            let after = end(of: offset)
            if target < after {
                guard target >= offset else { return nil }
                return isMap ? self.key(at: key) : FoundKey(intValue: entry)
            }
            offset = after
        }
        return nil
    }
}

extension MessageReader {
    /// Reads any value: those with a form of their own by type, the rest through Codable.
    ///
    /// `offset` moves past the first kind, and stays where the second begins. The types are
    /// compared, never the values cast: a failing cast is slow, a comparison is not.
    func decode<Value: Decodable>(_ type: Value.Type, at offset: inout Int) throws -> Value {
        // Called where the two types are the same one: the value already is what it is called.
        @inline(__always)
        func own<Special>(_ value: Special) -> Value { unsafeBitCast(value, to: Value.self) }
        let message = try message
        if type == UUID.self { return own(try message.uuid(&offset)) }
        if type == Date.self { return own(try message.date(&offset)) }
        if type == String.self { return own(try message.text(&offset)) }
        if type == [UInt8].self { return own(try message.byteArray(&offset)) }
        if type == [String].self { return own(try message.list(&offset, of: message.text)) }
        if type == [Int32].self { return own(try message.integers(Int32.self, &offset)) }
        if type == [Int].self { return own(try message.integers(Int.self, &offset)) }
        if type == [Int64].self { return own(try message.integers(Int64.self, &offset)) }
        if type == [Double].self { return own(try message.list(&offset, of: message.double)) }
        if type == Data.self { return own(try message.data(&offset)) }
        if type == ByteBuffer.self { return own(try message.byteBuffer(&offset)) }
        if type == Duration.self { return own(try message.duration(&offset)) }
        if let direct = DirectTypes.direct(type) {
            var reader = CBORReader(message, at: offset)
            let value = try reader.direct(direct, as: type)
            offset = reader.offset
            return value
        }
        return try type.init(from: ItemDecoder(reader: self, offset: offset))
    }
}
