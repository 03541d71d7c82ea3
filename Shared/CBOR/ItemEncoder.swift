// What a value writes itself into. Each scalar has a method of its own in each container, because
// the generic ones that the standard library would fall back to cost several times as much.

/// Hands out containers that write into one ``ItemWriter``.
struct ItemEncoder: Encoder {
    let writer: ItemWriter
    /// How many containers are open around the value.
    let level: Int

    var codingPath: [any CodingKey] { writer.codingPath(to: level) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(MapEncoder<Key>(writer: writer, level: writer.begin(map: true)))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        ArrayEncoder(writer: writer, level: writer.begin(map: false))
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleEncoder(writer: writer, level: level)
    }
}

/// A value without a container of its own: whatever is written takes its place.
private struct SingleEncoder: SingleValueEncodingContainer {
    let writer: ItemWriter
    let level: Int

    var codingPath: [any CodingKey] { writer.codingPath(to: level) }

    private func open() throws -> ItemWriter {
        try writer.checkOpen()
        return writer
    }

    func encodeNil() throws { try open().out.pointee.null() }
    func encode(_ value: Bool) throws { try open().out.pointee.bool(value) }
    func encode(_ value: String) throws { try open().out.pointee.text(value) }
    func encode(_ value: Double) throws { try open().out.pointee.double(value) }
    func encode(_ value: Float) throws { try open().out.pointee.float(value) }
    func encode(_ value: Int) throws { try open().out.pointee.signed(Int64(value)) }
    func encode(_ value: Int8) throws { try open().out.pointee.signed(Int64(value)) }
    func encode(_ value: Int16) throws { try open().out.pointee.signed(Int64(value)) }
    func encode(_ value: Int32) throws { try open().out.pointee.signed(Int64(value)) }
    func encode(_ value: Int64) throws { try open().out.pointee.signed(value) }
    func encode(_ value: UInt) throws { try open().out.pointee.unsigned(UInt64(value)) }
    func encode(_ value: UInt8) throws { try open().out.pointee.unsigned(UInt64(value)) }
    func encode(_ value: UInt16) throws { try open().out.pointee.unsigned(UInt64(value)) }
    func encode(_ value: UInt32) throws { try open().out.pointee.unsigned(UInt64(value)) }
    func encode(_ value: UInt64) throws { try open().out.pointee.unsigned(value) }
    func encode<Value: Encodable>(_ value: Value) throws { try open().write(value) }
}

/// The entries of one list, one after the other.
private struct ArrayEncoder: UnkeyedEncodingContainer {
    let writer: ItemWriter
    let level: Int
    private(set) var count = 0

    init(writer: ItemWriter, level: Int) {
        self.writer = writer
        self.level = level
    }

    var codingPath: [any CodingKey] { writer.codingPath(to: level - 1) }

    @inline(__always)
    private mutating func entry() throws -> ItemWriter {
        try writer.entry(at: level)
        count += 1
        return writer
    }

    mutating func encodeNil() throws { try entry().out.pointee.null() }
    mutating func encode(_ value: Bool) throws { try entry().out.pointee.bool(value) }
    mutating func encode(_ value: String) throws { try entry().out.pointee.text(value) }
    mutating func encode(_ value: Double) throws { try entry().out.pointee.double(value) }
    mutating func encode(_ value: Float) throws { try entry().out.pointee.float(value) }
    mutating func encode(_ value: Int) throws { try entry().out.pointee.signed(Int64(value)) }
    mutating func encode(_ value: Int8) throws { try entry().out.pointee.signed(Int64(value)) }
    mutating func encode(_ value: Int16) throws { try entry().out.pointee.signed(Int64(value)) }
    mutating func encode(_ value: Int32) throws { try entry().out.pointee.signed(Int64(value)) }
    mutating func encode(_ value: Int64) throws { try entry().out.pointee.signed(value) }
    mutating func encode(_ value: UInt) throws { try entry().out.pointee.unsigned(UInt64(value)) }
    mutating func encode(_ value: UInt8) throws { try entry().out.pointee.unsigned(UInt64(value)) }
    mutating func encode(_ value: UInt16) throws { try entry().out.pointee.unsigned(UInt64(value)) }
    mutating func encode(_ value: UInt32) throws { try entry().out.pointee.unsigned(UInt64(value)) }
    mutating func encode(_ value: UInt64) throws { try entry().out.pointee.unsigned(value) }
    mutating func encode<Value: Encodable>(_ value: Value) throws { try entry().write(value) }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy keyType: Nested.Type
    ) -> KeyedEncodingContainer<Nested> {
        nested().container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        nested().unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { nested() }

    /// The writer keeps the error for the end of the call, because these cannot throw it.
    private mutating func nested() -> ItemEncoder {
        _ = try? entry()
        return ItemEncoder(writer: writer, level: level)
    }
}
