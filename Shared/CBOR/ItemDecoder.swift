// What a value reads itself from. Each scalar has a method of its own in each container, because
// the generic ones that the standard library would fall back to cost several times as much.

/// Hands out containers over one item of a checked message.
struct ItemDecoder: Decoder {
    let item: ItemPlace

    var codingPath: [any CodingKey] { item.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try item.open()
        return MapTypes.decoder(keyedBy: type).container(of: item)
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try ArrayDecoder(item)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer {
        SingleDecoder(item: item)
    }
}
