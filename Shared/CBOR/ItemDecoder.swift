// The three containers from which a value reads itself. Each scalar has its own method, because
// the generic one that the standard library would fall back to costs several times as much.

/// Hands out containers over one item of a checked message.
struct ItemDecoder: Decoder {
    let reader: ItemReader
    let offset: Int
    let path: PathNode?

    var codingPath: [any CodingKey] { PathNode.codingPath(path) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(
            MapDecoder<Key>(
                reader: reader, cursor: try MapCursor(reader, at: offset, path), path: path))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try ArrayDecoder(reader: reader, at: offset, path: path)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer {
        SingleDecoder(reader: reader, offset: offset, path: path)
    }
}

private struct MapDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let reader: ItemReader
    let cursor: MapCursor
    let path: PathNode?

    var codingPath: [any CodingKey] { PathNode.codingPath(path) }

    var allKeys: [Key] {
        cursor.keys().compactMap { key in
            switch key {
            case .number(let number):
                Int(exactly: number).flatMap { Key(intValue: $0) ?? Key(stringValue: String($0)) }
            case .text(let text):
                Key(stringValue: text)
            }
        }
    }

    private func path(_ key: some CodingKey) -> PathNode { PathNode(key, in: path) }

    private func value(_ key: some CodingKey) throws -> Int {
        guard let offset = cursor.find(key) else {
            throw CBORError(
                .missing, path: PathNode.join(PathNode.codingPath(path(key))),
                "the field is missing")
        }
        return offset
    }

    func contains(_ key: Key) -> Bool { cursor.find(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { reader.isNull(at: try value(key)) }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
        try reader.bool(at: value(key), path(key))
    }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try reader.text(at: value(key), path(key))
    }

    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        try reader.double(at: value(key), path(key))
    }

    func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
        try reader.float(at: value(key), path(key))
    }

    func decode(_ type: Int.Type, forKey key: Key) throws -> Int {
        try reader.integer(Int.self, at: value(key), path(key))
    }

    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 {
        try reader.integer(Int8.self, at: value(key), path(key))
    }

    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 {
        try reader.integer(Int16.self, at: value(key), path(key))
    }

    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 {
        try reader.integer(Int32.self, at: value(key), path(key))
    }

    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 {
        try reader.integer(Int64.self, at: value(key), path(key))
    }

    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt {
        try reader.integer(UInt.self, at: value(key), path(key))
    }

    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 {
        try reader.integer(UInt8.self, at: value(key), path(key))
    }

    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 {
        try reader.integer(UInt16.self, at: value(key), path(key))
    }

    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 {
        try reader.integer(UInt32.self, at: value(key), path(key))
    }

    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 {
        try reader.integer(UInt64.self, at: value(key), path(key))
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try reader.decode(type, at: value(key), path(key))
    }

    func decodeIfPresent<Value: Decodable>(
        _ type: Value.Type, forKey key: Key
    ) throws -> Value? {
        guard let offset = cursor.find(key), !reader.isNull(at: offset) else { return nil }
        return try reader.decode(type, at: offset, path(key))
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try ItemDecoder(reader: reader, offset: value(key), path: path(key)).container(
            keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try ItemDecoder(reader: reader, offset: value(key), path: path(key)).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        guard let offset = cursor.find(TextKey(stringValue: "super")) else {
            throw CBORError(
                .missing, path: PathNode.join(codingPath), "the field super is missing")
        }
        return ItemDecoder(reader: reader, offset: offset, path: path)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        ItemDecoder(reader: reader, offset: try value(key), path: path(key))
    }
}

/// A key by its text alone.
private struct TextKey: CodingKey {
    let stringValue: String

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
    var intValue: Int? { nil }
}

private struct ArrayDecoder: UnkeyedDecodingContainer {
    let reader: ItemReader
    let path: PathNode?
    private let total: Int
    private(set) var currentIndex = 0
    private var offset: Int

    init(reader: ItemReader, at offset: Int, path: PathNode?) throws(CBORError) {
        self.reader = reader
        self.path = path
        let head = try reader.head(.array, at: offset, path, expected: "a list")
        total = Int(clamping: head.argument)
        self.offset = head.end
    }

    var codingPath: [any CodingKey] { PathNode.codingPath(path) }
    var count: Int? { total }
    var isAtEnd: Bool { currentIndex >= total }

    private var element: PathNode { PathNode(IndexKey(currentIndex), in: path) }

    private func item() throws(CBORError) -> Int {
        guard currentIndex < total else {
            throw CBORError(
                .missing, path: PathNode.join(PathNode.codingPath(element)),
                "the list has only \(total) entries")
        }
        return offset
    }

    private mutating func advance() throws(CBORError) {
        offset = try reader.end(of: offset)
        currentIndex += 1
    }

    mutating func decodeNil() throws -> Bool {
        guard reader.isNull(at: try item()) else { return false }
        try advance()
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool {
        let value = try reader.bool(at: item(), element)
        try advance()
        return value
    }

    mutating func decode(_ type: String.Type) throws -> String {
        let value = try reader.text(at: item(), element)
        try advance()
        return value
    }

    mutating func decode(_ type: Double.Type) throws -> Double {
        let value = try reader.double(at: item(), element)
        try advance()
        return value
    }

    mutating func decode(_ type: Float.Type) throws -> Float {
        let value = try reader.float(at: item(), element)
        try advance()
        return value
    }

    mutating func decode(_ type: Int.Type) throws -> Int {
        let value = try reader.integer(Int.self, at: item(), element)
        try advance()
        return value
    }

    mutating func decode(_ type: Int8.Type) throws -> Int8 {
        let value = try reader.integer(Int8.self, at: item(), element)
        try advance()
        return value
    }

    mutating func decode(_ type: Int16.Type) throws -> Int16 {
        let value = try reader.integer(Int16.self, at: item(), element)
        try advance()
        return value
    }

    mutating func decode(_ type: Int32.Type) throws -> Int32 {
        let value = try reader.integer(Int32.self, at: item(), element)
        try advance()
        return value
    }

    mutating func decode(_ type: Int64.Type) throws -> Int64 {
        let value = try reader.integer(Int64.self, at: item(), element)
        try advance()
        return value
    }

    mutating func decode(_ type: UInt.Type) throws -> UInt {
        let value = try reader.integer(UInt.self, at: item(), element)
        try advance()
        return value
    }

    mutating func decode(_ type: UInt8.Type) throws -> UInt8 {
        let value = try reader.integer(UInt8.self, at: item(), element)
        try advance()
        return value
    }

    mutating func decode(_ type: UInt16.Type) throws -> UInt16 {
        let value = try reader.integer(UInt16.self, at: item(), element)
        try advance()
        return value
    }

    mutating func decode(_ type: UInt32.Type) throws -> UInt32 {
        let value = try reader.integer(UInt32.self, at: item(), element)
        try advance()
        return value
    }

    mutating func decode(_ type: UInt64.Type) throws -> UInt64 {
        let value = try reader.integer(UInt64.self, at: item(), element)
        try advance()
        return value
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try reader.decode(type, at: item(), element)
        try advance()
        return value
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        let nested = try ItemDecoder(reader: reader, offset: item(), path: element).container(
            keyedBy: type)
        try advance()
        return nested
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let nested = try ArrayDecoder(reader: reader, at: item(), path: element)
        try advance()
        return nested
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = ItemDecoder(reader: reader, offset: try item(), path: element)
        try advance()
        return decoder
    }
}

private struct SingleDecoder: SingleValueDecodingContainer {
    let reader: ItemReader
    let offset: Int
    let path: PathNode?

    var codingPath: [any CodingKey] { PathNode.codingPath(path) }

    func decodeNil() -> Bool { reader.isNull(at: offset) }

    func decode(_ type: Bool.Type) throws -> Bool {
        try reader.bool(at: offset, path)
    }

    func decode(_ type: String.Type) throws -> String {
        try reader.text(at: offset, path)
    }

    func decode(_ type: Double.Type) throws -> Double {
        try reader.double(at: offset, path)
    }

    func decode(_ type: Float.Type) throws -> Float {
        try reader.float(at: offset, path)
    }

    func decode(_ type: Int.Type) throws -> Int {
        try reader.integer(Int.self, at: offset, path)
    }

    func decode(_ type: Int8.Type) throws -> Int8 {
        try reader.integer(Int8.self, at: offset, path)
    }

    func decode(_ type: Int16.Type) throws -> Int16 {
        try reader.integer(Int16.self, at: offset, path)
    }

    func decode(_ type: Int32.Type) throws -> Int32 {
        try reader.integer(Int32.self, at: offset, path)
    }

    func decode(_ type: Int64.Type) throws -> Int64 {
        try reader.integer(Int64.self, at: offset, path)
    }

    func decode(_ type: UInt.Type) throws -> UInt {
        try reader.integer(UInt.self, at: offset, path)
    }

    func decode(_ type: UInt8.Type) throws -> UInt8 {
        try reader.integer(UInt8.self, at: offset, path)
    }

    func decode(_ type: UInt16.Type) throws -> UInt16 {
        try reader.integer(UInt16.self, at: offset, path)
    }

    func decode(_ type: UInt32.Type) throws -> UInt32 {
        try reader.integer(UInt32.self, at: offset, path)
    }

    func decode(_ type: UInt64.Type) throws -> UInt64 {
        try reader.integer(UInt64.self, at: offset, path)
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try reader.decode(type, at: offset, path)
    }
}
