// The three containers through which a value writes itself. Each scalar has its own method, because
// the generic one that the standard library would fall back to costs several times as much.

/// Hands out containers that write into one ``ItemWriter``.
struct ItemEncoder: Encoder {
    let writer: ItemWriter
    let path: PathNode?

    var codingPath: [any CodingKey] { PathNode.codingPath(path) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(
            MapEncoder<Key>(writer: writer, path: path, level: writer.begin(map: true)))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        ArrayEncoder(writer: writer, path: path, level: writer.begin(map: false))
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleEncoder(writer: writer, path: path)
    }
}

private struct MapEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let writer: ItemWriter
    let path: PathNode?
    let level: Int

    var codingPath: [any CodingKey] { PathNode.codingPath(path) }

    private func begin(_ key: some CodingKey) {
        writer.entry(at: level)
        writer.key(key)
    }

    mutating func encodeNil(forKey key: Key) throws {
        begin(key)
        writer.null()
    }

    mutating func encode(_ value: Bool, forKey key: Key) throws {
        begin(key)
        writer.bool(value)
    }

    mutating func encode(_ value: String, forKey key: Key) throws {
        begin(key)
        writer.text(value)
    }

    mutating func encode(_ value: Double, forKey key: Key) throws {
        begin(key)
        writer.double(value)
    }

    mutating func encode(_ value: Float, forKey key: Key) throws {
        begin(key)
        writer.float(value)
    }

    mutating func encode(_ value: Int, forKey key: Key) throws {
        begin(key)
        writer.signed(Int64(value))
    }

    mutating func encode(_ value: Int8, forKey key: Key) throws {
        begin(key)
        writer.signed(Int64(value))
    }

    mutating func encode(_ value: Int16, forKey key: Key) throws {
        begin(key)
        writer.signed(Int64(value))
    }

    mutating func encode(_ value: Int32, forKey key: Key) throws {
        begin(key)
        writer.signed(Int64(value))
    }

    mutating func encode(_ value: Int64, forKey key: Key) throws {
        begin(key)
        writer.signed(Int64(value))
    }

    mutating func encode(_ value: UInt, forKey key: Key) throws {
        begin(key)
        writer.head(.unsigned, UInt64(value))
    }

    mutating func encode(_ value: UInt8, forKey key: Key) throws {
        begin(key)
        writer.head(.unsigned, UInt64(value))
    }

    mutating func encode(_ value: UInt16, forKey key: Key) throws {
        begin(key)
        writer.head(.unsigned, UInt64(value))
    }

    mutating func encode(_ value: UInt32, forKey key: Key) throws {
        begin(key)
        writer.head(.unsigned, UInt64(value))
    }

    mutating func encode(_ value: UInt64, forKey key: Key) throws {
        begin(key)
        writer.head(.unsigned, UInt64(value))
    }

    mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        begin(key)
        try writer.write(value, path: PathNode(key, in: path))
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy keyType: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        begin(key)
        return ItemEncoder(writer: writer, path: PathNode(key, in: path)).container(
            keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        begin(key)
        return ItemEncoder(writer: writer, path: PathNode(key, in: path)).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder {
        writer.entry(at: level)
        writer.text("super")
        return ItemEncoder(writer: writer, path: path)
    }

    mutating func superEncoder(forKey key: Key) -> any Encoder {
        begin(key)
        return ItemEncoder(writer: writer, path: PathNode(key, in: path))
    }
}

private struct ArrayEncoder: UnkeyedEncodingContainer {
    let writer: ItemWriter
    let path: PathNode?
    let level: Int
    private(set) var count = 0

    init(writer: ItemWriter, path: PathNode?, level: Int) {
        self.writer = writer
        self.path = path
        self.level = level
    }

    var codingPath: [any CodingKey] { PathNode.codingPath(path) }

    private mutating func begin() {
        writer.entry(at: level)
        count += 1
    }

    private var element: PathNode { PathNode(IndexKey(count - 1), in: path) }

    mutating func encodeNil() throws {
        begin()
        writer.null()
    }

    mutating func encode(_ value: Bool) throws {
        begin()
        writer.bool(value)
    }

    mutating func encode(_ value: String) throws {
        begin()
        writer.text(value)
    }

    mutating func encode(_ value: Double) throws {
        begin()
        writer.double(value)
    }

    mutating func encode(_ value: Float) throws {
        begin()
        writer.float(value)
    }

    mutating func encode(_ value: Int) throws {
        begin()
        writer.signed(Int64(value))
    }

    mutating func encode(_ value: Int8) throws {
        begin()
        writer.signed(Int64(value))
    }

    mutating func encode(_ value: Int16) throws {
        begin()
        writer.signed(Int64(value))
    }

    mutating func encode(_ value: Int32) throws {
        begin()
        writer.signed(Int64(value))
    }

    mutating func encode(_ value: Int64) throws {
        begin()
        writer.signed(Int64(value))
    }

    mutating func encode(_ value: UInt) throws {
        begin()
        writer.head(.unsigned, UInt64(value))
    }

    mutating func encode(_ value: UInt8) throws {
        begin()
        writer.head(.unsigned, UInt64(value))
    }

    mutating func encode(_ value: UInt16) throws {
        begin()
        writer.head(.unsigned, UInt64(value))
    }

    mutating func encode(_ value: UInt32) throws {
        begin()
        writer.head(.unsigned, UInt64(value))
    }

    mutating func encode(_ value: UInt64) throws {
        begin()
        writer.head(.unsigned, UInt64(value))
    }

    mutating func encode<Value: Encodable>(_ value: Value) throws {
        begin()
        try writer.write(value, path: element)
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy keyType: Nested.Type
    ) -> KeyedEncodingContainer<Nested> {
        begin()
        return ItemEncoder(writer: writer, path: element).container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        begin()
        return ItemEncoder(writer: writer, path: element).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder {
        begin()
        return ItemEncoder(writer: writer, path: element)
    }
}

private struct SingleEncoder: SingleValueEncodingContainer {
    let writer: ItemWriter
    let path: PathNode?

    var codingPath: [any CodingKey] { PathNode.codingPath(path) }

    mutating func encodeNil() throws { writer.null() }
    mutating func encode(_ value: Bool) throws { writer.bool(value) }
    mutating func encode(_ value: String) throws { writer.text(value) }
    mutating func encode(_ value: Double) throws { writer.double(value) }
    mutating func encode(_ value: Float) throws { writer.float(value) }
    mutating func encode(_ value: Int) throws { writer.signed(Int64(value)) }
    mutating func encode(_ value: Int8) throws { writer.signed(Int64(value)) }
    mutating func encode(_ value: Int16) throws { writer.signed(Int64(value)) }
    mutating func encode(_ value: Int32) throws { writer.signed(Int64(value)) }
    mutating func encode(_ value: Int64) throws { writer.signed(Int64(value)) }
    mutating func encode(_ value: UInt) throws { writer.head(.unsigned, UInt64(value)) }
    mutating func encode(_ value: UInt8) throws { writer.head(.unsigned, UInt64(value)) }
    mutating func encode(_ value: UInt16) throws { writer.head(.unsigned, UInt64(value)) }
    mutating func encode(_ value: UInt32) throws { writer.head(.unsigned, UInt64(value)) }
    mutating func encode(_ value: UInt64) throws { writer.head(.unsigned, UInt64(value)) }

    mutating func encode<Value: Encodable>(_ value: Value) throws {
        try writer.write(value, path: path)
    }
}
