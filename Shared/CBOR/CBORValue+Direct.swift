/// A tree reads and writes its items as they are, tags, order and all.
///
/// So a program that only shows a message needs no type for it, and loses nothing of it.
extension CBORValue: CBORDirect {
    package init(from reader: inout CBORReader) throws(CBORError) {
        self = try Self.read(reader.message, &reader.offset)
    }

    package func encode(to writer: inout CBORWriter) throws(CBORError) {
        switch self {
        case .unsigned(let value): writer.unsigned(value)
        case .negative(let value): writer.head(0x20, value)
        case .bytes(let bytes): writer.byteString(bytes)
        case .text(let text): writer.text(text)
        case .array(let items):
            writer.head(0x80, UInt64(items.count))
            for item in items { try item.encode(to: &writer) }
        case .map(let pairs):
            writer.head(0xa0, UInt64(pairs.count))
            for pair in pairs {
                try pair.key.encode(to: &writer)
                try pair.value.encode(to: &writer)
            }
        case .tagged(let tag, let item):
            writer.head(0xc0, tag)
            try item.encode(to: &writer)
        case .bool(let value): writer.bool(value)
        case .null: writer.null()
        case .float(let value): writer.double(value)
        }
    }
}
