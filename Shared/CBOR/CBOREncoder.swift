package import NIOCore

/// Turns Codable values into CBOR (RFC 8949) in the strict profile of `Shared/PROTOCOL.md`.
///
/// Lengths are definite, numbers shortest, maps in the order of declaration. Dates become tag 1
/// with seconds as a 64-bit float, UUIDs tag 37 with 16 bytes, `[UInt8]`, `Data` and `ByteBuffer`
/// byte strings, `Duration` whole microseconds.
package struct CBOREncoder: Sendable {
    /// Which form of a key is written where it has both.
    package enum KeyForm: Sendable {
        /// The integer where the key has one.
        case declared
        /// The text always: for people and for clients without a schema.
        case text
    }

    private let deterministic: Bool
    private let keys: KeyForm

    /// Chooses the order and the form of keys.
    ///
    /// `deterministic`: whether maps are sorted by the bytes of their keys (RFC 8949, §4.2.1),
    /// for hashing. Floats keep their width.
    package init(deterministic: Bool = false, keys: KeyForm = .declared) {
        self.deterministic = deterministic
        self.keys = keys
    }

    package func encode<Value: Encodable>(_ value: Value) throws(CBORError) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: Self.room)
        try encode(value, into: &buffer)
        return buffer
    }

    /// Bytes that are there for a message before its size is known; most need no more.
    private static let room = 512

    /// Appends to `buffer`, which is left as it was where the value cannot be encoded.
    package func encode<Value: Encodable>(
        _ value: Value, into buffer: inout ByteBuffer
    ) throws(CBORError) {
        var writer = CBORWriter()
        try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.room) {
            (memory) throws(CBORError) in
            writer.lend(memory)
            try write(value, to: &writer)
            return writer.fits ? writer.count : 0
        }
        guard let overflow = writer.takeOverflow() else { return }
        // A large message is copied only to where something is before it.
        if buffer.readableBytes == 0 {
            buffer = overflow
        } else {
            buffer.writeImmutableBuffer(overflow)
        }
    }

    private func write<Value: Encodable>(
        _ value: Value, to writer: inout CBORWriter
    ) throws(CBORError) {
        guard !deterministic, keys == .declared, let direct = DirectTypes.direct(Value.self)
        else {
            try writer.codable(value, deterministic: deterministic, keys: keys)
            return
        }
        try writer.direct(value, as: direct)
    }
}

extension CBORWriter {
    /// Writes a value of which it has been found that its type is `Direct`.
    mutating func direct<Direct: CBORDirect, Value>(
        _ value: Value, as type: Direct.Type
    ) throws(CBORError) {
        try withUnsafePointer(to: value) { (value) throws(CBORError) in
            let value = UnsafeRawPointer(value).assumingMemoryBound(to: type)
            try write(&UnsafeMutablePointer(mutating: value).pointee)
        }
    }

    /// Takes the value where it lies, and changes nothing: it would be copied if it were not inout.
    @inline(never)
    private mutating func write<Direct: CBORDirect>(
        _ value: inout Direct
    ) throws(CBORError) {
        try value.encode(to: &self)
    }

    /// Writes a value that has only Codable, inside one that has more.
    @usableFromInline
    mutating func codable<Value: Encodable>(_ value: Value) throws(CBORError) {
        try codable(value, deterministic: false, keys: .declared)
    }

    /// Writes a value through Codable.
    fileprivate mutating func codable<Value: Encodable>(
        _ value: Value, deterministic: Bool, keys: CBOREncoder.KeyForm
    ) throws(CBORError) {
        try withUnsafeMutablePointer(to: &self) { (out) throws(CBORError) in
            let writer = ItemWriter.begin(out, deterministic: deterministic, keys: keys)
            defer { writer.end() }
            do {
                try writer.write(value)
                if let failure = writer.failure { throw failure }
            } catch {
                throw CBORError(encoding: error, in: writer)
            }
        }
    }
}

extension CBORError {
    fileprivate init(encoding error: any Error, in writer: ItemWriter) {
        switch error {
        case let error as CBORError:
            let path = error.path.isEmpty ? FoundKey.join(writer.codingPath(to: .max)) : error.path
            self = CBORError(error.kind, path: path, error.detail)
        case EncodingError.invalidValue(_, let context):
            self = CBORError(
                .unsupported, path: FoundKey.join(context.codingPath), context.debugDescription)
        default:
            self = CBORError(.unsupported, "the value does not encode itself")
        }
    }
}
