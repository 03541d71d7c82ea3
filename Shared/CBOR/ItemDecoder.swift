// What a value reads itself from. Each scalar has a method of its own in each container, because
// the generic ones that the standard library would fall back to cost several times as much.

/// Hands out containers over one item of a checked message.
struct ItemDecoder: Decoder {
    let reader: MessageReader
    let offset: Int

    var codingPath: [any CodingKey] { reader.codingPath(to: offset) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(MapDecoder<Key>(map: try MapReader(reader, at: offset)))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try ArrayDecoder(reader, at: offset)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer {
        SingleDecoder(reader: reader, start: offset)
    }
}
