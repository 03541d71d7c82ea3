/// The map that a ``MapDecoder`` reads, and how far it has come.
///
/// No access to the cursor is open while code of a key runs: then none has to be checked.
final class MapReader {
    let reader: MessageReader
    let offset: Int
    private var cursor: MapCursor
    private var index: KeyIndex?

    init(_ reader: MessageReader, at offset: Int) throws(CBORError) {
        cursor = try MapCursor(reader.message, at: offset)
        self.reader = reader
        self.offset = offset
    }

    /// Where the value of `key` begins; negative where the map has no such key.
    @inline(__always)
    func find(_ key: some CodingKey) throws(CBORError) -> Int {
        guard reader.open != nil else { throw MessageReader.ended() }
        let next = cursor.nextKey()
        if next >= 0 {
            let value = cursor.message.value(of: key, ifAt: next)
            if value >= 0 {
                cursor.take(next, value)
                return value
            }
        }
        return search(key)
    }

    @inline(never)
    private func search(_ key: some CodingKey) -> Int {
        var cursor = self.cursor
        var index = self.index
        let value = cursor.search(key, &index)
        self.cursor = cursor
        self.index = index
        return value
    }

    @inline(__always)
    func value(_ key: some CodingKey) throws(CBORError) -> Int {
        let value = try find(key)
        guard value >= 0 else { throw missing(key) }
        return value
    }

    /// Where the value of `key` begins; negative where it is absent or null.
    @inline(__always)
    func valueIfPresent(_ key: some CodingKey) throws(CBORError) -> Int {
        let value = try find(key)
        return value >= 0 && isNull(value) ? -1 : value
    }

    func isNull(_ value: Int) -> Bool { cursor.message.first(value) == 0xf6 }

    /// Reads the value at `offset` and goes past it.
    @inline(__always)
    func read<Value>(
        _ offset: Int, _ body: (CheckedMessage, inout Int) throws -> Value
    ) rethrows -> Value {
        var end = offset
        let value = try body(cursor.message, &end)
        cursor.pass(offset, to: end)
        return value
    }

    @inline(never)
    private func missing(_ key: some CodingKey) -> CBORError {
        CBORError(.missing, from: offset, path: FoundKey.word(key), "the field is missing")
    }

    /// All keys but integers that no key of a type can be.
    var keys: [FoundKey] {
        guard reader.open != nil else { return [] }
        var keys: [FoundKey] = []
        cursor.forEachKey { key, _ in
            if let found = cursor.message.key(ifInRange: key) { keys.append(found) }
        }
        return keys
    }
}

struct MapDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let map: MapReader

    var codingPath: [any CodingKey] { map.reader.codingPath(to: map.offset) }

    var allKeys: [Key] {
        map.keys.compactMap { key in
            key.intValue.flatMap { Key(intValue: $0) } ?? Key(stringValue: key.stringValue)
        }
    }

    func contains(_ key: Key) -> Bool { (try? map.find(key)).map { $0 >= 0 } ?? false }

    func decodeNil(forKey key: Key) throws -> Bool {
        map.isNull(try map.value(key))
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
        try map.read(map.value(key)) { try $0.bool(&$1) }
    }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try map.read(map.value(key)) { try $0.text(&$1) }
    }

    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        try map.read(map.value(key)) { try $0.double(&$1) }
    }

    func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
        try map.read(map.value(key)) { try $0.float(&$1) }
    }

    func decode(_ type: Int.Type, forKey key: Key) throws -> Int {
        try map.read(map.value(key)) { try $0.integer(type, &$1) }
    }

    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 {
        try map.read(map.value(key)) { try $0.integer(type, &$1) }
    }

    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 {
        try map.read(map.value(key)) { try $0.integer(type, &$1) }
    }

    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 {
        try map.read(map.value(key)) { try $0.integer(type, &$1) }
    }

    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 {
        try map.read(map.value(key)) { try $0.integer(type, &$1) }
    }

    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt {
        try map.read(map.value(key)) { try $0.integer(type, &$1) }
    }

    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 {
        try map.read(map.value(key)) { try $0.integer(type, &$1) }
    }

    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 {
        try map.read(map.value(key)) { try $0.integer(type, &$1) }
    }

    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 {
        try map.read(map.value(key)) { try $0.integer(type, &$1) }
    }

    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 {
        try map.read(map.value(key)) { try $0.integer(type, &$1) }
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try map.read(map.value(key)) { _, offset in try map.reader.decode(type, at: &offset) }
    }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        let value = try map.valueIfPresent(key)
        return value < 0 ? nil : try map.read(value) { try $0.bool(&$1) }
    }

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        let value = try map.valueIfPresent(key)
        return value < 0 ? nil : try map.read(value) { try $0.text(&$1) }
    }

    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
        let value = try map.valueIfPresent(key)
        return value < 0 ? nil : try map.read(value) { try $0.double(&$1) }
    }

    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? {
        let value = try map.valueIfPresent(key)
        return value < 0 ? nil : try map.read(value) { try $0.float(&$1) }
    }

    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        let value = try map.valueIfPresent(key)
        return value < 0 ? nil : try map.read(value) { try $0.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? {
        let value = try map.valueIfPresent(key)
        return value < 0 ? nil : try map.read(value) { try $0.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? {
        let value = try map.valueIfPresent(key)
        return value < 0 ? nil : try map.read(value) { try $0.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? {
        let value = try map.valueIfPresent(key)
        return value < 0 ? nil : try map.read(value) { try $0.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? {
        let value = try map.valueIfPresent(key)
        return value < 0 ? nil : try map.read(value) { try $0.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? {
        let value = try map.valueIfPresent(key)
        return value < 0 ? nil : try map.read(value) { try $0.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? {
        let value = try map.valueIfPresent(key)
        return value < 0 ? nil : try map.read(value) { try $0.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? {
        let value = try map.valueIfPresent(key)
        return value < 0 ? nil : try map.read(value) { try $0.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? {
        let value = try map.valueIfPresent(key)
        return value < 0 ? nil : try map.read(value) { try $0.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? {
        let value = try map.valueIfPresent(key)
        return value < 0 ? nil : try map.read(value) { try $0.integer(type, &$1) }
    }

    func decodeIfPresent<Value: Decodable>(
        _ type: Value.Type, forKey key: Key
    ) throws -> Value? {
        let value = try map.valueIfPresent(key)
        guard value >= 0 else { return nil }
        return try map.read(value) { _, offset in try map.reader.decode(type, at: &offset) }
    }

    private func decoder(_ key: Key) throws -> ItemDecoder {
        ItemDecoder(reader: map.reader, offset: try map.value(key))
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        ItemDecoder(reader: map.reader, offset: try map.value(FoundKey(stringValue: "super")))
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }
}
