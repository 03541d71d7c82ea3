package import NIOCore

/// Makes Codable values of CBOR (RFC 8949) in the strict profile of `Shared/PROTOCOL.md`.
///
/// A message is checked whole before anything is made of it. Unknown keys are skipped; a key is
/// found by its integer or its text, whichever the message uses; no input traps.
package struct CBORDecoder: Sendable {
    private let limits: DecodingLimits

    package init(limits: DecodingLimits = .standard) {
        self.limits = limits
    }

    /// Reads the one item that the buffer's readable bytes are.
    package func decode<Value: Decodable>(
        _ type: Value.Type, from buffer: ByteBuffer
    ) throws(CBORError) -> Value {
        try buffer.withUnsafeReadableBytes { (bytes) throws(CBORError) in
            try decode(type, from: bytes)
        }
    }

    /// Reads the one item that the bytes are.
    package func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8]
    ) throws(CBORError) -> Value {
        try bytes.withUnsafeBufferPointer { (bytes) throws(CBORError) in
            try decode(type, from: UnsafeRawBufferPointer(bytes))
        }
    }

    private func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: UnsafeRawBufferPointer
    ) throws(CBORError) -> Value {
        let message = try WellFormedness.check(bytes, limits: limits)
        var reader = CBORReader(message, at: 0)
        do {
            if let direct = DirectTypes.direct(type) {
                return try reader.direct(direct, as: type)
            }
            return try reader.codable(type)
        } catch {
            throw error.placed(in: message)
        }
    }
}

extension CBORReader {
    /// Reads a value of which it has been found that its type is `Direct`.
    mutating func direct<Direct: CBORDirect, Value>(
        _ direct: Direct.Type, as type: Value.Type
    ) throws(CBORError) -> Value {
        // Made in its place: a value of a type that is not known here costs a copy otherwise.
        try withUnsafeTemporaryAllocation(of: type, capacity: 1) { (place) throws(CBORError) in
            let start = place.baseAddress.unsafelyUnwrapped
            UnsafeMutableRawPointer(start).assumingMemoryBound(to: direct)
                .initialize(to: try Direct(from: &self))
            return start.move()
        }
    }

    /// Reads a value through Codable, and goes past it only if it has a form of its own.
    fileprivate mutating func codable<Value: Decodable>(
        _ type: Value.Type
    ) throws(CBORError) -> Value {
        let reader = MessageReader.open(message)
        defer { reader.close() }
        do {
            return try reader.decode(type, at: &offset)
        } catch {
            throw CBORError(decoding: error)
        }
    }

    /// Reads a value that has only Codable, inside one that has more, and goes past it.
    @usableFromInline
    mutating func next<Value: Decodable>(_ type: Value.Type) throws(CBORError) -> Value {
        let start = offset
        let value = try codable(type)
        if offset == start { offset = message.end(of: start) }
        return value
    }
}

extension CBORError {
    fileprivate init(decoding error: any Error) {
        switch error {
        case let error as CBORError:
            self = error
        case let error as DecodingError:
            self = Self.of(error)
        default:
            self = CBORError(.dataCorrupted, "the value does not decode itself")
        }
    }

    private static func of(_ error: DecodingError) -> CBORError {
        func path(_ context: DecodingError.Context) -> String { FoundKey.join(context.codingPath) }
        return switch error {
        case .typeMismatch(_, let context):
            CBORError(.typeMismatch, path: path(context), context.debugDescription)
        case .valueNotFound(_, let context):
            CBORError(.missing, path: path(context), "a value is missing")
        case .keyNotFound(let key, let context):
            CBORError(.missing, path: path(context), "the field \(key.stringValue) is missing")
        case .dataCorrupted(let context):
            CBORError(.dataCorrupted, path: path(context), context.detail)
        @unknown default:
            CBORError(.dataCorrupted, "the value does not decode itself")
        }
    }
}
