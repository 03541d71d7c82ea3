import CBOR
import NIOCore

extension CBORValue {
    /// The item in the strict profile, with maps in the order they have here.
    ///
    /// The encoder of the project writes typed values; this one writes any tree, tags included, and
    /// shares no code with it.
    var bytes: ByteBuffer {
        var buffer = ByteBuffer()
        write(to: &buffer)
        return buffer
    }

    private func write(to buffer: inout ByteBuffer) {
        switch self {
        case .unsigned(let value): Self.head(0, value, &buffer)
        case .negative(let value): Self.head(1, value, &buffer)
        case .bytes(let bytes):
            Self.head(2, UInt64(bytes.count), &buffer)
            buffer.writeBytes(bytes)
        case .text(let text):
            Self.head(3, UInt64(text.utf8.count), &buffer)
            buffer.writeString(text)
        case .array(let items):
            Self.head(4, UInt64(items.count), &buffer)
            for item in items { item.write(to: &buffer) }
        case .map(let pairs):
            Self.head(5, UInt64(pairs.count), &buffer)
            for pair in pairs {
                pair.key.write(to: &buffer)
                pair.value.write(to: &buffer)
            }
        case .tagged(let tag, let item):
            Self.head(6, tag, &buffer)
            item.write(to: &buffer)
        case .bool(let value): buffer.writeInteger(value ? 0xf5 : 0xf4, as: UInt8.self)
        case .null: buffer.writeInteger(0xf6, as: UInt8.self)
        case .float(let value):
            buffer.writeInteger(0xfb, as: UInt8.self)
            buffer.writeInteger(value.bitPattern)
        }
    }

    private static func head(_ major: UInt8, _ argument: UInt64, _ buffer: inout ByteBuffer) {
        let first = major << 5
        switch argument {
        case 0..<24: buffer.writeInteger(first | UInt8(argument))
        case 24..<0x100:
            buffer.writeInteger(first | 24)
            buffer.writeInteger(UInt8(argument))
        case 0x100..<0x1_0000:
            buffer.writeInteger(first | 25)
            buffer.writeInteger(UInt16(argument))
        case 0x1_0000..<0x1_0000_0000:
            buffer.writeInteger(first | 26)
            buffer.writeInteger(UInt32(argument))
        default:
            buffer.writeInteger(first | 27)
            buffer.writeInteger(argument)
        }
    }

    /// The same with `change` made to every map, the innermost first; it is told the map's path.
    func changingMaps(
        at path: String = "", _ change: (String, [CBORPair]) -> [CBORPair]
    ) -> CBORValue {
        switch self {
        case .map(let pairs):
            let inside = pairs.map { pair in
                CBORPair(
                    key: pair.key,
                    value: pair.value.changingMaps(at: path + "." + pair.key.diagnostic, change))
            }
            return .map(change(path, inside))
        case .array(let items):
            return .array(items.map { $0.changingMaps(at: path, change) })
        case .tagged(let tag, let item):
            return .tagged(tag, item.changingMaps(at: path, change))
        default: return self
        }
    }

    /// The paths of all its fields; entries of a list have the list's.
    var paths: Set<String> {
        var found: Set<String> = []
        collect(into: &found, at: "")
        return found
    }

    private func collect(into found: inout Set<String>, at path: String) {
        switch self {
        case .map(let pairs):
            for pair in pairs {
                let inner = path + "." + pair.key.diagnostic
                found.insert(inner)
                pair.value.collect(into: &found, at: inner)
            }
        case .array(let items): for item in items { item.collect(into: &found, at: path) }
        default: break
        }
    }

    /// Where the other lacks something of this, or has it otherwise: as paths, `.a.2.b`.
    ///
    /// A field that is null is the same as one that is absent.
    func losses(in other: CBORValue, at path: String = "") -> [String] {
        switch (self, other) {
        case (.map(let mine), .map(let theirs)):
            return mine.flatMap { pair -> [String] in
                let inner = path + "." + pair.key.diagnostic
                guard let same = theirs.first(where: { $0.key == pair.key }) else {
                    return pair.value == .null ? [] : [inner]
                }
                return pair.value.losses(in: same.value, at: inner)
            }
        case (.array(let mine), .array(let theirs)) where mine.count == theirs.count:
            return zip(mine, theirs).enumerated().flatMap { index, items in
                items.0.losses(in: items.1, at: path + ".\(index)")
            }
        default: return self == other ? [] : [path]
        }
    }
}
