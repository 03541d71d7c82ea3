public import FoundationEssentials
public import NIOCore

/// A value that writes and reads its items itself, past the containers of Codable.
///
/// For the few types that are sent most: it costs a fraction, and the bytes are the same.
/// ``CBOREncoder`` and ``CBORDecoder`` find out by themselves. The conformance is written by hand
/// beside the type and says its fields as Codable would: in the order of declaration, by the same
/// keys, an absent optional left out. A test must compare its bytes with those of Codable.
@usableFromInline
package protocol CBORDirect: Codable, SendableMetatype {
    /// Writes exactly one item.
    func encode(to writer: inout CBORWriter) throws(CBORError)
    /// Reads exactly one item.
    init(from reader: inout CBORReader) throws(CBORError)
}

extension Bool: CBORDirect {
    @inlinable
    package func encode(to writer: inout CBORWriter) { writer.bool(self) }

    @inlinable
    package init(from reader: inout CBORReader) throws(CBORError) {
        self = try reader.message.bool(&reader.offset)
    }
}

extension String: CBORDirect {
    @inlinable
    package func encode(to writer: inout CBORWriter) { writer.text(self) }

    @inlinable
    package init(from reader: inout CBORReader) throws(CBORError) {
        self = try reader.message.text(&reader.offset)
    }
}

extension Double: CBORDirect {
    @inlinable
    package func encode(to writer: inout CBORWriter) { writer.double(self) }

    @inlinable
    package init(from reader: inout CBORReader) throws(CBORError) {
        self = try reader.message.double(&reader.offset)
    }
}

extension Float: CBORDirect {
    @inlinable
    package func encode(to writer: inout CBORWriter) { writer.float(self) }

    @inlinable
    package init(from reader: inout CBORReader) throws(CBORError) {
        self = try reader.message.float(&reader.offset)
    }
}

extension CBORDirect where Self: FixedWidthInteger & SignedInteger {
    @inlinable
    package func encode(to writer: inout CBORWriter) { writer.signed(Int64(self)) }

    @inlinable
    package init(from reader: inout CBORReader) throws(CBORError) {
        self = try reader.message.integer(Self.self, &reader.offset)
    }
}

extension CBORDirect where Self: FixedWidthInteger & UnsignedInteger {
    @inlinable
    package func encode(to writer: inout CBORWriter) { writer.unsigned(UInt64(self)) }

    @inlinable
    package init(from reader: inout CBORReader) throws(CBORError) {
        self = try reader.message.integer(Self.self, &reader.offset)
    }
}

extension Int: CBORDirect {}
extension Int8: CBORDirect {}
extension Int16: CBORDirect {}
extension Int32: CBORDirect {}
extension Int64: CBORDirect {}
extension UInt: CBORDirect {}
extension UInt8: CBORDirect {}
extension UInt16: CBORDirect {}
extension UInt32: CBORDirect {}
extension UInt64: CBORDirect {}

extension UUID: CBORDirect {
    @inlinable
    package func encode(to writer: inout CBORWriter) { writer.uuid(self) }

    @inlinable
    package init(from reader: inout CBORReader) throws(CBORError) {
        self = try reader.message.uuid(&reader.offset)
    }
}

extension Date: CBORDirect {
    @inlinable
    package func encode(to writer: inout CBORWriter) { writer.date(self) }

    @inlinable
    package init(from reader: inout CBORReader) throws(CBORError) {
        self = try reader.message.date(&reader.offset)
    }
}

extension Data: CBORDirect {
    @inlinable
    package func encode(to writer: inout CBORWriter) { writer.data(self) }

    @inlinable
    package init(from reader: inout CBORReader) throws(CBORError) {
        self = try reader.message.data(&reader.offset)
    }
}

extension ByteBuffer: CBORDirect {
    @inlinable
    package func encode(to writer: inout CBORWriter) { writer.byteBuffer(self) }

    @inlinable
    package init(from reader: inout CBORReader) throws(CBORError) {
        self = try reader.message.byteBuffer(&reader.offset)
    }
}

extension Duration: CBORDirect {
    @inlinable
    package func encode(to writer: inout CBORWriter) throws(CBORError) { try writer.duration(self) }

    @inlinable
    package init(from reader: inout CBORReader) throws(CBORError) {
        self = try reader.message.duration(&reader.offset)
    }
}

/// Bytes are a byte string; anything else is a list.
extension Array: CBORDirect where Element: CBORDirect {
    @inlinable
    package func encode(to writer: inout CBORWriter) throws(CBORError) {
        if Element.self == UInt8.self {
            writer.byteString(unsafeBitCast(self, to: [UInt8].self))
            return
        }
        writer.head(0x80, UInt64(count))
        for element in self { try element.encode(to: &writer) }
    }

    @inlinable
    package init(from reader: inout CBORReader) throws(CBORError) {
        if Element.self == UInt8.self {
            self = unsafeBitCast(try reader.message.byteArray(&reader.offset), to: Self.self)
            return
        }
        self = try reader.list { (reader) throws(CBORError) in try Element(from: &reader) }
    }
}
