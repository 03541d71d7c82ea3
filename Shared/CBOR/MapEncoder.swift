/// The fields of one map, in the order in which they are written.
struct MapEncoder<Key: CodingKey>: MapEncoding {
    private let place: WriterPlace

    init(_ place: WriterPlace) { self.place = place }

    var codingPath: [any CodingKey] { place.codingPath(to: place.level - 1) }

    /// Writes a key, and returns where its value goes.
    @inline(__always)
    private func entry(_ key: some CodingKey) throws -> UnsafeMutablePointer<CBORWriter> {
        try place.use { writer in
            try writer.entry(at: place.level)
            writer.key(key)
            return writer.out
        }
    }

    @inline(__always)
    private func write(_ value: some Encodable, _ key: Key) throws {
        try place.use { writer in
            try writer.entry(at: place.level)
            writer.key(key)
            try writer.write(value)
        }
    }

    func encodeNil(forKey key: Key) throws { try entry(key).pointee.null() }

    func encode(_ value: Bool, forKey key: Key) throws {
        try entry(key).pointee.bool(value)
    }

    func encode(_ value: String, forKey key: Key) throws {
        try entry(key).pointee.text(value)
    }

    func encode(_ value: Double, forKey key: Key) throws {
        try entry(key).pointee.double(value)
    }

    func encode(_ value: Float, forKey key: Key) throws {
        try entry(key).pointee.float(value)
    }

    func encode(_ value: Int, forKey key: Key) throws {
        try entry(key).pointee.signed(Int64(value))
    }

    func encode(_ value: Int8, forKey key: Key) throws {
        try entry(key).pointee.signed(Int64(value))
    }

    func encode(_ value: Int16, forKey key: Key) throws {
        try entry(key).pointee.signed(Int64(value))
    }

    func encode(_ value: Int32, forKey key: Key) throws {
        try entry(key).pointee.signed(Int64(value))
    }

    func encode(_ value: Int64, forKey key: Key) throws {
        try entry(key).pointee.signed(value)
    }

    func encode(_ value: UInt, forKey key: Key) throws {
        try entry(key).pointee.unsigned(UInt64(value))
    }

    func encode(_ value: UInt8, forKey key: Key) throws {
        try entry(key).pointee.unsigned(UInt64(value))
    }

    func encode(_ value: UInt16, forKey key: Key) throws {
        try entry(key).pointee.unsigned(UInt64(value))
    }

    func encode(_ value: UInt32, forKey key: Key) throws {
        try entry(key).pointee.unsigned(UInt64(value))
    }

    func encode(_ value: UInt64, forKey key: Key) throws {
        try entry(key).pointee.unsigned(value)
    }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        try write(value, key)
    }

    func encodeIfPresent(_ value: Bool?, forKey key: Key) throws {
        if let value { try entry(key).pointee.bool(value) }
    }

    func encodeIfPresent(_ value: String?, forKey key: Key) throws {
        if let value { try entry(key).pointee.text(value) }
    }

    func encodeIfPresent(_ value: Double?, forKey key: Key) throws {
        if let value { try entry(key).pointee.double(value) }
    }

    func encodeIfPresent(_ value: Float?, forKey key: Key) throws {
        if let value { try entry(key).pointee.float(value) }
    }

    func encodeIfPresent(_ value: Int?, forKey key: Key) throws {
        if let value { try entry(key).pointee.signed(Int64(value)) }
    }

    func encodeIfPresent(_ value: Int8?, forKey key: Key) throws {
        if let value { try entry(key).pointee.signed(Int64(value)) }
    }

    func encodeIfPresent(_ value: Int16?, forKey key: Key) throws {
        if let value { try entry(key).pointee.signed(Int64(value)) }
    }

    func encodeIfPresent(_ value: Int32?, forKey key: Key) throws {
        if let value { try entry(key).pointee.signed(Int64(value)) }
    }

    func encodeIfPresent(_ value: Int64?, forKey key: Key) throws {
        if let value { try entry(key).pointee.signed(value) }
    }

    func encodeIfPresent(_ value: UInt?, forKey key: Key) throws {
        if let value { try entry(key).pointee.unsigned(UInt64(value)) }
    }

    func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws {
        if let value { try entry(key).pointee.unsigned(UInt64(value)) }
    }

    func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws {
        if let value { try entry(key).pointee.unsigned(UInt64(value)) }
    }

    func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws {
        if let value { try entry(key).pointee.unsigned(UInt64(value)) }
    }

    func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws {
        if let value { try entry(key).pointee.unsigned(value) }
    }

    func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
        if let value { try write(value, key) }
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
        return ItemEncoder(place: place)
    }
}
