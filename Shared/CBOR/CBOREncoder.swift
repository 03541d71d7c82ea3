private import FoundationEssentials
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
        var buffer = ByteBuffer()
        try encode(value, into: &buffer)
        return buffer
    }

    /// Appends to `buffer`, which is left as it was where the value cannot be encoded.
    package func encode<Value: Encodable>(
        _ value: Value, into buffer: inout ByteBuffer
    ) throws(CBORError) {
        let writer = ItemWriter(buffer, deterministic: deterministic, keys: keys)
        let start = buffer.writerIndex
        buffer = ByteBuffer()
        do {
            try writer.write(value, path: nil)
            writer.close(to: 0)
            if let failure = writer.failure { throw failure }
            buffer = writer.buffer
        } catch {
            buffer = writer.buffer
            buffer.moveWriterIndex(to: start)
            throw CBORError(encoding: error)
        }
    }
}

extension CBORError {
    fileprivate init(encoding error: any Error) {
        switch error {
        case let error as CBORError:
            self = error
        case EncodingError.invalidValue(_, let context):
            self = CBORError(
                .unsupported, path: PathNode.join(context.codingPath), context.debugDescription)
        default:
            self = CBORError(.unsupported, "the value does not encode itself")
        }
    }
}

/// The fields down to a place, kept as a chain and put together only for an error.
final class PathNode: Sendable {
    let key: any CodingKey & Sendable
    let parent: PathNode?

    init(_ key: any CodingKey & Sendable, in parent: PathNode?) {
        self.key = key
        self.parent = parent
    }

    static func codingPath(_ node: PathNode?) -> [any CodingKey] {
        var keys: [any CodingKey] = []
        var next = node
        while let current = next {
            keys.append(current.key)
            next = current.parent
        }
        return keys.reversed()
    }

    static func join(_ path: [any CodingKey]) -> String {
        path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
}

/// A position in an array as a key.
struct IndexKey: CodingKey {
    let index: Int

    init(_ index: Int) { self.index = index }
    init?(intValue: Int) { index = intValue }
    init?(stringValue: String) { nil }
    var intValue: Int? { index }
    var stringValue: String { String(index) }
}

/// Writes items into one buffer and counts what is in the containers still open.
///
/// The count of a container is not known before its contents are written, so a head of one byte
/// is left for it, and widened at the end where more than 23 came.
final class ItemWriter {
    private(set) var buffer: ByteBuffer
    private(set) var failure: CBORError?
    let keys: CBOREncoder.KeyForm
    private let deterministic: Bool
    private var open: [OpenContainer] = []

    private struct OpenContainer {
        let head: Int
        let isMap: Bool
        var count = 0
        /// Where each entry begins; kept only for sorting.
        var entries: [Int] = []
    }

    init(_ buffer: ByteBuffer, deterministic: Bool, keys: CBOREncoder.KeyForm) {
        self.buffer = buffer
        self.deterministic = deterministic
        self.keys = keys
    }

    var depth: Int { open.count }

    func fail(_ error: CBORError) {
        if failure == nil { failure = error }
    }

    // MARK: Containers

    /// Opens a container and returns its level.
    func begin(map isMap: Bool) -> Int {
        open.append(OpenContainer(head: buffer.writerIndex, isMap: isMap))
        buffer.writeInteger(UInt8(isMap ? 0xa0 : 0x80))
        return open.count
    }

    /// Notes one more entry of the container at `level`, and closes those inside it.
    func entry(at level: Int) {
        guard level <= open.count else {
            fail(CBORError(.unsupported, "a container was written to after one outside it"))
            return
        }
        close(to: level)
        open[level - 1].count += 1
        if deterministic, open[level - 1].isMap {
            open[level - 1].entries.append(buffer.writerIndex)
        }
    }

    func close(to level: Int) {
        while open.count > level {
            let container = open.removeLast()
            if container.count > 1, !container.entries.isEmpty { sort(container) }
            let base: UInt8 = container.isMap ? 0xa0 : 0x80
            let count = UInt64(container.count)
            guard count > 23 else {
                buffer.setInteger(base | UInt8(count), at: container.head)
                continue
            }
            let tail = bytes(from: container.head + 1, to: buffer.writerIndex)
            buffer.moveWriterIndex(to: container.head)
            head(container.isMap ? .map : .array, count)
            buffer.writeBytes(tail)
        }
    }

    private func bytes(from start: Int, to end: Int) -> [UInt8] {
        buffer.getBytes(at: start, length: end - start) ?? []
    }

    private func sort(_ container: OpenContainer) {
        let ends = container.entries.dropFirst() + [buffer.writerIndex]
        let entries = zip(container.entries, ends).map { bytes(from: $0, to: $1) }
        buffer.moveWriterIndex(to: container.head + 1)
        // A whole entry sorts as its key does, because no key is the beginning of another.
        for entry in entries.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            buffer.writeBytes(entry)
        }
    }

    // MARK: Items

    func head(_ major: MajorType, _ argument: UInt64) {
        let info = ItemHead.info(for: argument)
        buffer.writeInteger(major.rawValue << 5 | info)
        switch info {
        case 24: buffer.writeInteger(UInt8(argument))
        case 25: buffer.writeInteger(UInt16(argument))
        case 26: buffer.writeInteger(UInt32(argument))
        case 27: buffer.writeInteger(argument)
        default: break
        }
    }

    func signed(_ value: Int64) {
        if value < 0 {
            head(.negative, UInt64(bitPattern: ~value))
        } else {
            head(.unsigned, UInt64(value))
        }
    }

    func text(_ value: String) {
        head(.text, UInt64(value.utf8.count))
        buffer.writeString(value)
    }

    func byteString(_ value: some Collection<UInt8> & Sequence<UInt8>) {
        head(.bytes, UInt64(value.count))
        buffer.writeBytes(value)
    }

    func null() { buffer.writeInteger(UInt8(0xf6)) }
    func bool(_ value: Bool) { buffer.writeInteger(UInt8(value ? 0xf5 : 0xf4)) }

    func double(_ value: Double) {
        buffer.writeInteger(UInt8(0xfb))
        buffer.writeInteger(value.bitPattern)
    }

    func float(_ value: Float) {
        buffer.writeInteger(UInt8(0xfa))
        buffer.writeInteger(value.bitPattern)
    }

    func key(_ key: some CodingKey) {
        if keys == .declared, let number = key.intValue {
            signed(Int64(number))
        } else {
            text(key.stringValue)
        }
    }

    /// Writes any value: those with a form of their own by type, the rest through Codable.
    func write<Value: Encodable>(_ value: Value, path: PathNode?) throws {
        if try writeByType(value) { return }
        let level = open.count
        let start = buffer.writerIndex
        try value.encode(to: ItemEncoder(writer: self, path: path))
        close(to: level)
        // A value that writes nothing, such as one without fields, is an empty map.
        if buffer.writerIndex == start { buffer.writeInteger(UInt8(0xa0)) }
    }

    /// The type is compared before the value is cast: a failing cast is slow, a comparison is not.
    private func writeByType<Value: Encodable>(_ value: Value) throws -> Bool {
        if Value.self == String.self, let value = value as? String {
            text(value)
        } else if Value.self == UUID.self, let value = value as? UUID {
            head(.tag, 37)
            byteString(withUnsafeBytes(of: value.uuid) { Array($0) })
        } else if Value.self == [UInt8].self, let value = value as? [UInt8] {
            byteString(value)
        } else if Value.self == Data.self, let value = value as? Data {
            byteString(value)
        } else if Value.self == ByteBuffer.self, let value = value as? ByteBuffer {
            byteString(value.readableBytesView)
        } else if Value.self == Date.self, let value = value as? Date {
            head(.tag, 1)
            double(value.timeIntervalSince1970)
        } else if Value.self == Duration.self, let value = value as? Duration {
            try duration(value)
        } else {
            return false
        }
        return true
    }

    private func duration(_ value: Duration) throws {
        let (seconds, attoseconds) = value.components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, overflow2) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        guard !overflow, !overflow2 else {
            throw CBORError(.unsupported, "the duration does not fit 64 bits of microseconds")
        }
        signed(sum)
    }
}
