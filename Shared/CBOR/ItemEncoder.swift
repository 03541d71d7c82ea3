// What a value writes itself into. Each scalar has a method of its own in each container, because
// the generic ones that the standard library would fall back to cost several times as much.

/// Hands out containers that write into one ``ItemWriter``.
struct ItemEncoder: Encoder {
    let place: WriterPlace

    var codingPath: [any CodingKey] { place.codingPath(to: place.level) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        MapTypes.encoder(keyedBy: type).container(at: place.begin(map: true))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        ArrayEncoder(place.begin(map: false))
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleEncoder(place: place)
    }
}

/// A value without a container of its own: whatever is written takes its place.
private struct SingleEncoder: SingleValueEncodingContainer {
    let place: WriterPlace

    var codingPath: [any CodingKey] { place.codingPath(to: place.level) }

    private func open() throws -> UnsafeMutablePointer<CBORWriter> {
        try place.use { writer in
            try writer.checkOpen()
            return writer.out
        }
    }

    func encodeNil() throws { try open().pointee.null() }
    func encode(_ value: Bool) throws { try open().pointee.bool(value) }
    func encode(_ value: String) throws { try open().pointee.text(value) }
    func encode(_ value: Double) throws { try open().pointee.double(value) }
    func encode(_ value: Float) throws { try open().pointee.float(value) }
    func encode(_ value: Int) throws { try open().pointee.signed(Int64(value)) }
    func encode(_ value: Int8) throws { try open().pointee.signed(Int64(value)) }
    func encode(_ value: Int16) throws { try open().pointee.signed(Int64(value)) }
    func encode(_ value: Int32) throws { try open().pointee.signed(Int64(value)) }
    func encode(_ value: Int64) throws { try open().pointee.signed(value) }
    func encode(_ value: UInt) throws { try open().pointee.unsigned(UInt64(value)) }
    func encode(_ value: UInt8) throws { try open().pointee.unsigned(UInt64(value)) }
    func encode(_ value: UInt16) throws { try open().pointee.unsigned(UInt64(value)) }
    func encode(_ value: UInt32) throws { try open().pointee.unsigned(UInt64(value)) }
    func encode(_ value: UInt64) throws { try open().pointee.unsigned(value) }

    func encode<Value: Encodable>(_ value: Value) throws {
        try place.use { writer in
            try writer.checkOpen()
            try writer.write(value)
        }
    }
}

/// The entries of one list, one after the other.
private struct ArrayEncoder: UnkeyedEncodingContainer {
    private let place: WriterPlace
    private(set) var count = 0

    init(_ place: WriterPlace) { self.place = place }

    var codingPath: [any CodingKey] { place.codingPath(to: place.level - 1) }

    /// Notes one more entry, and returns where it goes.
    @inline(__always)
    private mutating func entry() throws -> UnsafeMutablePointer<CBORWriter> {
        let out = try place.use { writer in
            try writer.entry(at: place.level)
            return writer.out
        }
        count += 1
        return out
    }

    mutating func encodeNil() throws { try entry().pointee.null() }
    mutating func encode(_ value: Bool) throws { try entry().pointee.bool(value) }
    mutating func encode(_ value: String) throws { try entry().pointee.text(value) }
    mutating func encode(_ value: Double) throws { try entry().pointee.double(value) }
    mutating func encode(_ value: Float) throws { try entry().pointee.float(value) }
    mutating func encode(_ value: Int) throws { try entry().pointee.signed(Int64(value)) }
    mutating func encode(_ value: Int8) throws { try entry().pointee.signed(Int64(value)) }
    mutating func encode(_ value: Int16) throws { try entry().pointee.signed(Int64(value)) }
    mutating func encode(_ value: Int32) throws { try entry().pointee.signed(Int64(value)) }
    mutating func encode(_ value: Int64) throws { try entry().pointee.signed(value) }
    mutating func encode(_ value: UInt) throws { try entry().pointee.unsigned(UInt64(value)) }
    mutating func encode(_ value: UInt8) throws { try entry().pointee.unsigned(UInt64(value)) }
    mutating func encode(_ value: UInt16) throws { try entry().pointee.unsigned(UInt64(value)) }
    mutating func encode(_ value: UInt32) throws { try entry().pointee.unsigned(UInt64(value)) }
    mutating func encode(_ value: UInt64) throws { try entry().pointee.unsigned(value) }

    mutating func encode<Value: Encodable>(_ value: Value) throws {
        _ = try entry()
        try place.use { try $0.write(value) }
    }

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
        return ItemEncoder(place: place)
    }
}
