/// The fields of one map, found by their keys.
struct MapDecoder<Key: CodingKey>: MapDecoding {
    let map: ItemPlace

    var codingPath: [any CodingKey] { map.codingPath }

    var allKeys: [Key] {
        map.keys.compactMap { key in
            key.intValue.flatMap { Key(intValue: $0) } ?? Key(stringValue: key.stringValue)
        }
    }

    func contains(_ key: Key) -> Bool { (try? map.find(key)).map { $0 >= 0 } ?? false }

    func decodeNil(forKey key: Key) throws -> Bool {
        try map.read(key) { reader, offset in reader.message.first(offset) == 0xf6 }
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
        try map.read(key) { try $0.message.bool(&$1) }
    }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try map.read(key) { try $0.message.text(&$1) }
    }

    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        try map.read(key) { try $0.message.double(&$1) }
    }

    func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
        try map.read(key) { try $0.message.float(&$1) }
    }

    func decode(_ type: Int.Type, forKey key: Key) throws -> Int {
        try map.read(key) { try $0.message.integer(type, &$1) }
    }

    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 {
        try map.read(key) { try $0.message.integer(type, &$1) }
    }

    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 {
        try map.read(key) { try $0.message.integer(type, &$1) }
    }

    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 {
        try map.read(key) { try $0.message.integer(type, &$1) }
    }

    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 {
        try map.read(key) { try $0.message.integer(type, &$1) }
    }

    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt {
        try map.read(key) { try $0.message.integer(type, &$1) }
    }

    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 {
        try map.read(key) { try $0.message.integer(type, &$1) }
    }

    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 {
        try map.read(key) { try $0.message.integer(type, &$1) }
    }

    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 {
        try map.read(key) { try $0.message.integer(type, &$1) }
    }

    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 {
        try map.read(key) { try $0.message.integer(type, &$1) }
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try map.read(key) { try $0.decode(type, at: &$1) }
    }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        try map.readIfPresent(key) { try $0.message.bool(&$1) }
    }

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try map.readIfPresent(key) { try $0.message.text(&$1) }
    }

    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
        try map.readIfPresent(key) { try $0.message.double(&$1) }
    }

    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? {
        try map.readIfPresent(key) { try $0.message.float(&$1) }
    }

    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        try map.readIfPresent(key) { try $0.message.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? {
        try map.readIfPresent(key) { try $0.message.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? {
        try map.readIfPresent(key) { try $0.message.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? {
        try map.readIfPresent(key) { try $0.message.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? {
        try map.readIfPresent(key) { try $0.message.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? {
        try map.readIfPresent(key) { try $0.message.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? {
        try map.readIfPresent(key) { try $0.message.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? {
        try map.readIfPresent(key) { try $0.message.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? {
        try map.readIfPresent(key) { try $0.message.integer(type, &$1) }
    }

    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? {
        try map.readIfPresent(key) { try $0.message.integer(type, &$1) }
    }

    func decodeIfPresent<Value: Decodable>(
        _ type: Value.Type, forKey key: Key
    ) throws -> Value? {
        try map.readIfPresent(key) { try $0.decode(type, at: &$1) }
    }

    private func decoder(_ key: some CodingKey) throws -> ItemDecoder {
        try map.read(key) { ItemDecoder(item: ItemPlace($0, at: $1)) }
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
        try decoder(FoundKey(stringValue: "super"))
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }
}
