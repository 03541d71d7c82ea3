/// The eight kinds of item of RFC 8949, §3.1, by the top three bits of an item's first byte.
@usableFromInline
enum MajorType: UInt8 {
    case unsigned = 0
    case negative = 1
    case bytes = 2
    case text = 3
    case array = 4
    case map = 5
    case tag = 6
    case simple = 7

    /// The low five bits of a first byte under which `argument` is shortest.
    static func info(for argument: UInt64) -> UInt8 {
        switch argument {
        case 0..<24: UInt8(truncatingIfNeeded: argument)
        case 0...0xff: 24
        case 0...0xffff: 25
        case 0...0xffff_ffff: 26
        default: 27
        }
    }
}

extension UnsafeRawPointer {
    /// The number of 1, 2, 4 or 8 bytes that the low bits 24 to 27 of a head announce.
    @inline(__always)
    func bigEndian(at offset: Int, width info: UInt8) -> UInt64 {
        switch info {
        case 24: UInt64(load(fromByteOffset: offset, as: UInt8.self))
        case 25: UInt64(UInt16(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
        case 26: UInt64(UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        default: UInt64(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
    }
}

/// The bytes of a message that has passed ``WellFormedness``, read without asking again whether
/// they are well formed.
///
/// An offset is that of an item, and comes from walking the message from its start. Whoever holds
/// this must let it go before the memory goes.
@usableFromInline
struct CheckedMessage {
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let count: Int

    init(base: UnsafeRawPointer, count: Int) {
        self.base = base
        self.count = count
    }

    /// The first byte of the item at `offset`; past the end one that no message contains.
    @inlinable
    func first(_ offset: Int) -> UInt8 {
        offset < count ? base.load(fromByteOffset: offset, as: UInt8.self) : 0xf7
    }

    /// Reads a head and moves past it.
    @inline(__always)
    func argument(_ first: UInt8, _ offset: inout Int) -> UInt64 {
        let info = first & 0x1f
        guard info >= 24 else {
            offset &+= 1
            return UInt64(info)
        }
        let argument = base.bigEndian(at: offset &+ 1, width: info)
        offset &+= 1 &+ 1 &<< Int(info &- 24)
        return argument
    }

    /// Where the item at `offset` ends.
    @usableFromInline
    func end(of offset: Int) -> Int {
        var offset = offset
        var left = 1
        repeat {
            left -= 1
            let first = first(offset)
            let argument = argument(first, &offset)
            switch first >> 5 {
            case 2, 3: offset += Int(truncatingIfNeeded: argument)
            case 4: left += Int(truncatingIfNeeded: argument)
            case 5: left += 2 * Int(truncatingIfNeeded: argument)
            case 6: left += 1
            default: break
            }
        } while left > 0
        return offset
    }

    /// How many entries the list or map at `offset` has; moves past its head.
    @usableFromInline
    func entries(
        _ major: MajorType, _ offset: inout Int, expected: StaticString
    ) throws(CBORError) -> Int {
        let first = first(offset)
        guard first >> 5 == major.rawValue else { throw mismatch(offset, expected) }
        return Int(truncatingIfNeeded: argument(first, &offset))
    }

    /// The bytes of a text or a byte string; moves past it.
    @inline(__always)
    func content(
        _ major: MajorType, _ offset: inout Int, expected: StaticString
    ) throws(CBORError) -> UnsafeRawBufferPointer {
        let first = first(offset)
        guard first >> 5 == major.rawValue else { throw mismatch(offset, expected) }
        return content(first, &offset)
    }

    /// The bytes of the text or byte string that begins with `first`; moves past it.
    @inline(__always)
    func content(_ first: UInt8, _ offset: inout Int) -> UnsafeRawBufferPointer {
        let length = Int(truncatingIfNeeded: argument(first, &offset))
        let content = UnsafeRawBufferPointer(start: base + offset, count: length)
        offset &+= length
        return content
    }

    @inline(never)
    @usableFromInline
    func mismatch(_ offset: Int, _ expected: StaticString) -> CBORError {
        CBORError(.typeMismatch, at: offset, from: offset, "\(expected) is expected here")
    }
}
