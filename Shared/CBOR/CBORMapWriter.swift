extension CBORWriter {
    /// Writes a map: `body` writes its fields, each once, in the order of declaration.
    @inlinable
    package mutating func map<Key: CodingKey>(
        keyedBy type: Key.Type,
        _ body: (inout CBORMapWriter<Key>) throws(CBORError) -> Void
    ) throws(CBORError) {
        let start = count
        byte(0xa0)
        var map = CBORMapWriter<Key>(writer: self)
        do throws(CBORError) {
            try body(&map)
        } catch {
            self = map.writer
            throw error
        }
        let entries = map.entries
        self = map.writer
        setCount(entries, at: start, major: 0xa0)
    }
}

/// The fields of one map, in the order in which they are written.
@usableFromInline
package struct CBORMapWriter<Key: CodingKey>: ~Copyable {
    @usableFromInline var writer: CBORWriter
    @usableFromInline var entries = 0

    @usableFromInline
    init(writer: consuming CBORWriter) { self.writer = writer }

    /// Writes one field.
    @inlinable
    package mutating func encode<Value: CBORDirect>(
        _ value: Value, forKey key: Key
    ) throws(CBORError) {
        begin(key)
        try value.encode(to: &writer)
    }

    /// Writes one field, or nothing where there is no value.
    @inlinable
    package mutating func encodeIfPresent<Value: CBORDirect>(
        _ value: Value?, forKey key: Key
    ) throws(CBORError) {
        if let value { try encode(value, forKey: key) }
    }

    /// Writes one field of a type that has only Codable.
    @inlinable
    package mutating func encode<Value: Encodable>(
        _ value: Value, forKey key: Key
    ) throws(CBORError) {
        begin(key)
        try writer.codable(value)
    }

    /// Writes one field of a type that has only Codable, or nothing where there is no value.
    @inlinable
    package mutating func encodeIfPresent<Value: Encodable>(
        _ value: Value?, forKey key: Key
    ) throws(CBORError) {
        if let value { try encode(value, forKey: key) }
    }

    @inlinable
    mutating func begin(_ key: Key) {
        entries += 1
        if let number = key.intValue {
            writer.signed(Int64(number))
        } else {
            writer.text(key.stringValue)
        }
    }
}
