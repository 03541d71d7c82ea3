/// The fields of one map, in the order in which they are written.
struct MapEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let writer: ItemWriter
    let level: Int

    var codingPath: [any CodingKey] { writer.codingPath(to: level - 1) }

    @inline(__always)
    private func entry(_ key: some CodingKey) throws -> ItemWriter {
        try writer.entry(at: level)
        writer.key(key)
        return writer
    }

    func encodeNil(forKey key: Key) throws { try entry(key).out.pointee.null() }

    func encode(_ value: Bool, forKey key: Key) throws {
        try entry(key).out.pointee.bool(value)
    }

    func encode(_ value: String, forKey key: Key) throws {
        try entry(key).out.pointee.text(value)
    }

    func encode(_ value: Double, forKey key: Key) throws {
        try entry(key).out.pointee.double(value)
    }

    func encode(_ value: Float, forKey key: Key) throws {
        try entry(key).out.pointee.float(value)
    }

    func encode(_ value: Int, forKey key: Key) throws {
        try entry(key).out.pointee.signed(Int64(value))
    }

    func encode(_ value: Int8, forKey key: Key) throws {
        try entry(key).out.pointee.signed(Int64(value))
    }

    func encode(_ value: Int16, forKey key: Key) throws {
        try entry(key).out.pointee.signed(Int64(value))
    }

    func encode(_ value: Int32, forKey key: Key) throws {
        try entry(key).out.pointee.signed(Int64(value))
    }

    func encode(_ value: Int64, forKey key: Key) throws {
        try entry(key).out.pointee.signed(value)
    }

    func encode(_ value: UInt, forKey key: Key) throws {
        try entry(key).out.pointee.unsigned(UInt64(value))
    }

    func encode(_ value: UInt8, forKey key: Key) throws {
        try entry(key).out.pointee.unsigned(UInt64(value))
    }

    func encode(_ value: UInt16, forKey key: Key) throws {
        try entry(key).out.pointee.unsigned(UInt64(value))
    }

    func encode(_ value: UInt32, forKey key: Key) throws {
        try entry(key).out.pointee.unsigned(UInt64(value))
    }

    func encode(_ value: UInt64, forKey key: Key) throws {
        try entry(key).out.pointee.unsigned(value)
    }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        try entry(key).write(value)
    }

    func encodeIfPresent(_ value: Bool?, forKey key: Key) throws {
        if let value { try entry(key).out.pointee.bool(value) }
    }

    func encodeIfPresent(_ value: String?, forKey key: Key) throws {
        if let value { try entry(key).out.pointee.text(value) }
    }

    func encodeIfPresent(_ value: Double?, forKey key: Key) throws {
        if let value { try entry(key).out.pointee.double(value) }
    }

    func encodeIfPresent(_ value: Float?, forKey key: Key) throws {
        if let value { try entry(key).out.pointee.float(value) }
    }

    func encodeIfPresent(_ value: Int?, forKey key: Key) throws {
        if let value { try entry(key).out.pointee.signed(Int64(value)) }
    }

    func encodeIfPresent(_ value: Int8?, forKey key: Key) throws {
        if let value { try entry(key).out.pointee.signed(Int64(value)) }
    }

    func encodeIfPresent(_ value: Int16?, forKey key: Key) throws {
        if let value { try entry(key).out.pointee.signed(Int64(value)) }
    }

    func encodeIfPresent(_ value: Int32?, forKey key: Key) throws {
        if let value { try entry(key).out.pointee.signed(Int64(value)) }
    }

    func encodeIfPresent(_ value: Int64?, forKey key: Key) throws {
        if let value { try entry(key).out.pointee.signed(value) }
    }

    func encodeIfPresent(_ value: UInt?, forKey key: Key) throws {
        if let value { try entry(key).out.pointee.unsigned(UInt64(value)) }
    }

    func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws {
        if let value { try entry(key).out.pointee.unsigned(UInt64(value)) }
    }

    func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws {
        if let value { try entry(key).out.pointee.unsigned(UInt64(value)) }
    }

    func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws {
        if let value { try entry(key).out.pointee.unsigned(UInt64(value)) }
    }

    func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws {
        if let value { try entry(key).out.pointee.unsigned(value) }
    }

    func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
        if let value { try entry(key).write(value) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy keyType: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        nested(key).container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        nested(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { nested(FoundKey(stringValue: "super")) }

    func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

    /// The writer keeps the error for the end of the call, because these cannot throw it.
    private func nested(_ key: some CodingKey) -> ItemEncoder {
        _ = try? entry(key)
        return ItemEncoder(writer: writer, level: level)
    }
}
