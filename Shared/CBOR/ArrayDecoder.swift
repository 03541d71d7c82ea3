/// The entries of one list, one after the other.
struct ArrayDecoder: UnkeyedDecodingContainer {
    private let item: ItemPlace
    private let total: Int
    private(set) var currentIndex = 0
    /// Where the next entry begins.
    private var offset: Int

    init(_ item: ItemPlace) throws {
        var offset = item.start
        total = try item.use { try $0.message.entries(.array, &offset, expected: "a list") }
        self.item = item
        self.offset = offset
    }

    var codingPath: [any CodingKey] { item.codingPath }
    var count: Int? { total }
    var isAtEnd: Bool { currentIndex >= total }

    /// Reads the next entry and goes past it.
    @inline(__always)
    private mutating func next<Value>(
        _ body: (MessageReader, inout Int) throws -> Value
    ) throws -> Value {
        var end = offset
        let value = try item.use { reader in
            guard currentIndex < total else { throw missing() }
            return try body(reader, &end)
        }
        offset = end
        currentIndex += 1
        return value
    }

    @inline(never)
    private func missing() -> CBORError {
        CBORError(
            .missing, from: item.start, path: String(currentIndex),
            "the list has only \(total) entries")
    }

    mutating func decodeNil() throws -> Bool {
        let start = offset
        let isNull = try next { reader, offset in
            let isNull = reader.message.first(offset) == 0xf6
            if isNull { offset += 1 }
            return isNull
        }
        if offset == start { currentIndex -= 1 }
        return isNull
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool {
        try next { try $0.message.bool(&$1) }
    }

    mutating func decode(_ type: String.Type) throws -> String {
        try next { try $0.message.text(&$1) }
    }

    mutating func decode(_ type: Double.Type) throws -> Double {
        try next { try $0.message.double(&$1) }
    }

    mutating func decode(_ type: Float.Type) throws -> Float {
        try next { try $0.message.float(&$1) }
    }

    mutating func decode(_ type: Int.Type) throws -> Int {
        try next { try $0.message.integer(type, &$1) }
    }

    mutating func decode(_ type: Int8.Type) throws -> Int8 {
        try next { try $0.message.integer(type, &$1) }
    }

    mutating func decode(_ type: Int16.Type) throws -> Int16 {
        try next { try $0.message.integer(type, &$1) }
    }

    mutating func decode(_ type: Int32.Type) throws -> Int32 {
        try next { try $0.message.integer(type, &$1) }
    }

    mutating func decode(_ type: Int64.Type) throws -> Int64 {
        try next { try $0.message.integer(type, &$1) }
    }

    mutating func decode(_ type: UInt.Type) throws -> UInt {
        try next { try $0.message.integer(type, &$1) }
    }

    mutating func decode(_ type: UInt8.Type) throws -> UInt8 {
        try next { try $0.message.integer(type, &$1) }
    }

    mutating func decode(_ type: UInt16.Type) throws -> UInt16 {
        try next { try $0.message.integer(type, &$1) }
    }

    mutating func decode(_ type: UInt32.Type) throws -> UInt32 {
        try next { try $0.message.integer(type, &$1) }
    }

    mutating func decode(_ type: UInt64.Type) throws -> UInt64 {
        try next { try $0.message.integer(type, &$1) }
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try next { reader, offset in
            let start = offset
            let value = try reader.decode(type, at: &offset)
            if offset == start { offset = reader.message.end(of: start) }
            return value
        }
    }

    private mutating func decoder() throws -> ItemDecoder {
        try next { reader, offset in
            let decoder = ItemDecoder(item: ItemPlace(reader, at: offset))
            offset = reader.message.end(of: offset)
            return decoder
        }
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoder().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try decoder().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder { try decoder() }
}

/// One item, read as often as it is asked for.
struct SingleDecoder: SingleValueDecodingContainer {
    let item: ItemPlace

    var codingPath: [any CodingKey] { item.codingPath }

    func decodeNil() -> Bool {
        (try? item.use { $0.message.first(item.start) == 0xf6 }) ?? false
    }

    @inline(__always)
    private func read<Value>(
        _ body: (MessageReader, inout Int) throws -> Value
    ) throws -> Value {
        var offset = item.start
        return try item.use { try body($0, &offset) }
    }

    func decode(_ type: Bool.Type) throws -> Bool { try read { try $0.message.bool(&$1) } }

    func decode(_ type: String.Type) throws -> String { try read { try $0.message.text(&$1) } }

    func decode(_ type: Double.Type) throws -> Double { try read { try $0.message.double(&$1) } }

    func decode(_ type: Float.Type) throws -> Float { try read { try $0.message.float(&$1) } }

    func decode(_ type: Int.Type) throws -> Int { try read { try $0.message.integer(type, &$1) } }

    func decode(_ type: Int8.Type) throws -> Int8 { try read { try $0.message.integer(type, &$1) } }

    func decode(_ type: Int16.Type) throws -> Int16 {
        try read { try $0.message.integer(type, &$1) }
    }

    func decode(_ type: Int32.Type) throws -> Int32 {
        try read { try $0.message.integer(type, &$1) }
    }

    func decode(_ type: Int64.Type) throws -> Int64 {
        try read { try $0.message.integer(type, &$1) }
    }

    func decode(_ type: UInt.Type) throws -> UInt { try read { try $0.message.integer(type, &$1) } }

    func decode(_ type: UInt8.Type) throws -> UInt8 {
        try read { try $0.message.integer(type, &$1) }
    }

    func decode(_ type: UInt16.Type) throws -> UInt16 {
        try read { try $0.message.integer(type, &$1) }
    }

    func decode(_ type: UInt32.Type) throws -> UInt32 {
        try read { try $0.message.integer(type, &$1) }
    }

    func decode(_ type: UInt64.Type) throws -> UInt64 {
        try read { try $0.message.integer(type, &$1) }
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try read { try $0.decode(type, at: &$1) }
    }
}
