internal import NIOCore

/// Where a ``CBORDirect`` value writes itself: the bytes of one message while it is being made.
///
/// It writes into memory that it is lent, and moves into its own where that is too small. A value
/// writes exactly one item; what it writes is in the profile of `Shared/PROTOCOL.md`.
@usableFromInline
package struct CBORWriter: ~Copyable {
    @usableFromInline var base: UnsafeMutableRawPointer?
    @usableFromInline var capacity = 0
    /// Bytes written so far.
    @usableFromInline private(set) var count = 0
    /// The memory it has moved into, where what was lent was too small.
    private var own: ByteBuffer?

    init() {}

    /// Takes memory to write into, which must not go while anything is written.
    mutating func lend(_ memory: UnsafeMutableRawBufferPointer) {
        base = memory.baseAddress
        capacity = memory.count
    }

    /// Whether what was written fits into the memory that was lent.
    var fits: Bool { own == nil }

    /// Gives up what has been written, where it did not fit; nothing is written after this.
    mutating func takeOverflow() -> ByteBuffer? {
        own?.moveWriterIndex(to: count)
        return own.take()
    }

    @inlinable
    mutating func reserve(_ bytes: Int) {
        if capacity &- count < bytes { grow(by: bytes) }
    }

    @inline(never)
    @usableFromInline
    mutating func grow(by bytes: Int) {
        var larger = ByteBufferAllocator().buffer(
            capacity: max(2 * capacity, count + bytes, 1024))
        if let base, count > 0 {
            larger.writeBytes(UnsafeRawBufferPointer(start: base, count: count))
        }
        // Nobody else has the buffer, so its memory stays in its place as long as it is kept.
        let memory = larger.withVeryUnsafeBytesWithStorageManagement { memory, _ in memory }
        lend(UnsafeMutableRawBufferPointer(mutating: memory))
        own = larger
    }

    /// Writes the bytes of a number as they lie in memory; room has been reserved for them.
    @inlinable
    mutating func store<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number) {
        base.unsafelyUnwrapped.storeBytes(of: number, toByteOffset: count, as: Number.self)
        count &+= MemoryLayout<Number>.size
    }

    @inlinable
    mutating func byte(_ byte: UInt8) {
        reserve(1)
        store(byte)
    }

    /// Writes a head in its shortest form: `major` in the top three bits.
    @inlinable
    mutating func head(_ major: UInt8, _ argument: UInt64) {
        reserve(9)
        if argument < 24 {
            store(major | UInt8(truncatingIfNeeded: argument))
        } else {
            wideHead(major, argument)
        }
    }

    @usableFromInline
    mutating func wideHead(_ major: UInt8, _ argument: UInt64) {
        if argument < 0x100 {
            store(major | 24)
            store(UInt8(truncatingIfNeeded: argument))
            return
        }
        let info = MajorType.info(for: argument)
        store(major | info)
        switch info {
        case 25: store(UInt16(truncatingIfNeeded: argument).bigEndian)
        case 26: store(UInt32(truncatingIfNeeded: argument).bigEndian)
        default: store(argument.bigEndian)
        }
    }

    @inlinable
    mutating func signed(_ value: Int64) {
        if value < 0 {
            head(0x20, UInt64(bitPattern: ~value))
        } else {
            head(0, UInt64(bitPattern: value))
        }
    }

    @inlinable
    mutating func unsigned(_ value: UInt64) { head(0, value) }

    @inlinable
    mutating func bool(_ value: Bool) { byte(value ? 0xf5 : 0xf4) }

    @inlinable
    mutating func null() { byte(0xf6) }

    @usableFromInline
    mutating func double(_ value: Double) {
        reserve(9)
        store(0xfb as UInt8)
        store(value.bitPattern.bigEndian)
    }

    @usableFromInline
    mutating func float(_ value: Float) {
        reserve(5)
        store(0xfa as UInt8)
        store(value.bitPattern.bigEndian)
    }

    /// Writes a head and the bytes behind it.
    @usableFromInline
    mutating func content(_ major: UInt8, _ bytes: UnsafeRawBufferPointer) {
        reserve(9 + bytes.count)
        if bytes.count < 24 {
            store(major | UInt8(truncatingIfNeeded: bytes.count))
        } else {
            wideHead(major, UInt64(bytes.count))
        }
        guard let start = bytes.baseAddress else { return }
        (base.unsafelyUnwrapped + count).copyMemory(from: start, byteCount: bytes.count)
        count &+= bytes.count
    }

    @usableFromInline
    mutating func text(_ value: String) {
        // Every text but one from Objective-C lies in one piece.
        let done: Void? = value.utf8.withContiguousStorageIfAvailable {
            content(0x60, UnsafeRawBufferPointer($0))
        }
        if done == nil { Array(value.utf8).withUnsafeBytes { content(0x60, $0) } }
    }

    /// Sets the count of the list or map whose head was written as one byte at `start`.
    @inlinable
    mutating func setCount(_ entries: Int, at start: Int, major: UInt8) {
        if entries < 24 {
            base.unsafelyUnwrapped.storeBytes(
                of: major | UInt8(truncatingIfNeeded: entries), toByteOffset: start,
                as: UInt8.self)
        } else {
            widen(entries, at: start, major: major)
        }
    }

    /// Moves the entries up, because more came than a head of one byte can say.
    @usableFromInline
    mutating func widen(_ entries: Int, at start: Int, major: UInt8) {
        reserve(8)
        let end = count
        let info = MajorType.info(for: UInt64(entries))
        let width = 1 << Int(info - 24)
        let content = base.unsafelyUnwrapped + start + 1
        (content + width).copyMemory(from: content, byteCount: end - start - 1)
        count = start
        wideHead(major, UInt64(entries))
        count = end + width
    }
}
