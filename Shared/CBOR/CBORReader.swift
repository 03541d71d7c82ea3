/// Where a ``CBORDirect`` value reads itself from: the next item of a message that has been checked.
///
/// It is lent for the time of one call and cannot be kept.
@usableFromInline
package struct CBORReader: ~Copyable {
    @usableFromInline let message: CheckedMessage
    /// Where the next item begins.
    @usableFromInline var offset: Int

    @usableFromInline
    init(_ message: CheckedMessage, at offset: Int) {
        self.message = message
        self.offset = offset
    }

    /// Reads a map: `body` asks for its fields, in any order and as many as it knows.
    @inlinable
    package mutating func map<Key: CodingKey, Value>(
        keyedBy type: Key.Type,
        _ body: (inout CBORMapReader<Key>) throws(CBORError) -> Value
    ) throws(CBORError) -> Value {
        var map = CBORMapReader<Key>(message, at: offset, try MapCursor(message, at: offset))
        let value = try body(&map)
        offset = map.cursor.end()
        return value
    }

    /// Reads a list whose entries are all read the same way.
    ///
    /// Room grows with what is read, not with what is declared: an entry may be larger than its
    /// item.
    @inlinable
    package mutating func list<Element>(
        _ element: (inout CBORReader) throws(CBORError) -> Element
    ) throws(CBORError) -> [Element] {
        let count = try message.entries(.array, &offset, expected: "a list")
        var list: [Element] = []
        list.reserveCapacity(Swift.min(count, 64))
        for _ in 0..<count { list.append(try element(&self)) }
        return list
    }
}

/// The fields of one map, found by the integer or the text of their keys.
///
/// It costs least where they are asked for in the order of the message.
@usableFromInline
package struct CBORMapReader<Key: CodingKey>: ~Copyable {
    @usableFromInline var cursor: MapCursor
    @usableFromInline var index: KeyIndex?
    /// Stands at the value of the field found last.
    @usableFromInline var reader: CBORReader
    private let start: Int

    @usableFromInline
    init(_ message: CheckedMessage, at start: Int, _ cursor: MapCursor) {
        reader = CBORReader(message, at: start)
        self.cursor = cursor
        self.start = start
    }

    /// Reads a field that must be there.
    @inlinable
    package mutating func decode<Value: CBORDirect>(
        _ type: Value.Type, forKey key: Key
    ) throws(CBORError) -> Value {
        let next = cursor.nextKey()
        if next >= 0 {
            let start = reader.message.value(of: key, ifAt: next)
            if start >= 0 {
                reader.offset = start
                let value = try Value(from: &reader)
                cursor.skip(next, to: reader.offset)
                return value
            }
        }
        let offset = cursor.search(key, &index)
        guard offset >= 0 else { throw missing(key) }
        reader.offset = offset
        let value = try Value(from: &reader)
        cursor.pass(offset, to: reader.offset)
        return value
    }

    /// Reads a field that may be absent or null.
    @inlinable
    package mutating func decodeIfPresent<Value: CBORDirect>(
        _ type: Value.Type, forKey key: Key
    ) throws(CBORError) -> Value? {
        let offset = cursor.find(key, &index)
        guard offset >= 0, reader.message.first(offset) != 0xf6 else { return nil }
        reader.offset = offset
        let value = try Value(from: &reader)
        cursor.pass(offset, to: reader.offset)
        return value
    }

    /// Reads a field that must be there, of a type that has only Codable.
    @inlinable
    package mutating func decode<Value: Decodable>(
        _ type: Value.Type, forKey key: Key
    ) throws(CBORError) -> Value {
        let offset = cursor.find(key, &index)
        guard offset >= 0 else { throw missing(key) }
        reader.offset = offset
        let value = try reader.next(type)
        cursor.pass(offset, to: reader.offset)
        return value
    }

    /// Reads a field that may be absent or null, of a type that has only Codable.
    @inlinable
    package mutating func decodeIfPresent<Value: Decodable>(
        _ type: Value.Type, forKey key: Key
    ) throws(CBORError) -> Value? {
        let offset = cursor.find(key, &index)
        guard offset >= 0, reader.message.first(offset) != 0xf6 else { return nil }
        reader.offset = offset
        let value = try reader.next(type)
        cursor.pass(offset, to: reader.offset)
        return value
    }

    @inline(never)
    @usableFromInline
    func missing(_ key: Key) -> CBORError {
        CBORError(.missing, from: start, path: FoundKey.word(key), "the field is missing")
    }
}
