public import FoundationEssentials
public import NIOCore

// Each of these reads one item and moves past it; where it throws, it has not moved.

extension CheckedMessage {
    @usableFromInline
    func bool(_ offset: inout Int) throws(CBORError) -> Bool {
        switch first(offset) {
        case 0xf4:
            offset += 1
            return false
        case 0xf5:
            offset += 1
            return true
        default:
            throw mismatch(offset, "true or false")
        }
    }

    /// An integer that its type can hold.
    @inlinable
    func integer<Value: FixedWidthInteger>(
        _ type: Value.Type, _ offset: inout Int
    ) throws(CBORError) -> Value {
        let first = first(offset)
        guard first >= 24 else {
            offset &+= 1
            return Value(truncatingIfNeeded: first)
        }
        var end = offset
        let bits = try wideInteger(first, &end)
        let value =
            first < 0x20
            ? Value(exactly: bits) : Int64(exactly: bits).flatMap { Value(exactly: ~$0) }
        guard let value else { throw outOfRange(offset, type) }
        offset = end
        return value
    }

    /// The number of an integer whose first byte is `first`: n, or −1 − n where it is negative.
    @usableFromInline
    func wideInteger(_ first: UInt8, _ offset: inout Int) throws(CBORError) -> UInt64 {
        guard first < 0x40 else { throw mismatch(offset, "an integer") }
        return argument(first, &offset)
    }

    @inline(never)
    @usableFromInline
    func outOfRange(_ offset: Int, _ type: any Any.Type) -> CBORError {
        CBORError(
            .typeMismatch, at: offset, from: offset, "an integer within \(type) is expected here")
    }

    /// The integer whose first byte is `first`; nil where 64 bits with a sign do not hold it.
    func wideInt64(_ first: UInt8, _ offset: inout Int) -> Int64? {
        var end = offset
        let bits = argument(first, &end)
        guard let value = Int64(exactly: bits) else { return nil }
        offset = end
        return first < 0x20 ? value : ~value
    }

    @usableFromInline
    func double(_ offset: inout Int) throws(CBORError) -> Double {
        let start = offset
        let first = first(start)
        switch first {
        case 0xfb:
            return Double(bitPattern: argument(first, &offset))
        case 0xfa:
            return Double(
                Float(bitPattern: UInt32(truncatingIfNeeded: argument(first, &offset))))
        case 0xf9:
            return Double(Self.half(UInt16(truncatingIfNeeded: argument(first, &offset))))
        case 0..<0x40:
            // JSON has no difference between 1 and 1.0, so a whole number may stand for a float.
            if let whole = wideInt64(first, &offset), let value = Double(exactly: whole) {
                return value
            }
            offset = start
            fallthrough
        default:
            throw mismatch(start, "a number")
        }
    }

    @usableFromInline
    func float(_ offset: inout Int) throws(CBORError) -> Float {
        let start = offset
        let wide = try double(&offset)
        if wide.isNaN { return .nan }
        guard let value = Float(exactly: wide) else {
            offset = start
            throw mismatch(start, "a number that 32 bits hold exactly")
        }
        return value
    }

    /// IEEE 754 binary16, spelled out because Float16 does not exist on every processor.
    private static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 0x1f)
        let fraction = Float(bits & 0x3ff)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default:
            return sign * (1 + fraction / 1024)
                * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }

    @usableFromInline
    func text(_ offset: inout Int) throws(CBORError) -> String {
        let content = try content(.text, &offset, expected: "a text")
        let span = content.assumingMemoryBound(to: UInt8.self).span
        return String(copying: UTF8Span(unchecked: span, isKnownASCII: content.isASCII))
    }

    @usableFromInline
    func byteArray(_ offset: inout Int) throws(CBORError) -> [UInt8] {
        Array(try content(.bytes, &offset, expected: "bytes"))
    }

    @usableFromInline
    func data(_ offset: inout Int) throws(CBORError) -> Data {
        Data(try content(.bytes, &offset, expected: "bytes"))
    }

    @usableFromInline
    func byteBuffer(_ offset: inout Int) throws(CBORError) -> ByteBuffer {
        ByteBuffer(bytes: try content(.bytes, &offset, expected: "bytes"))
    }

    @usableFromInline
    func date(_ offset: inout Int) throws(CBORError) -> Date {
        let start = offset
        // Tag 1 around 64 bits, as every message of this project has it.
        if first(start) == 0xc1, first(start + 1) == 0xfb {
            offset = start + 10
            return Date(
                timeIntervalSince1970: Double(
                    bitPattern: base.bigEndian(at: start + 2, width: 27)))
        }
        try tag(1, &offset, expected: "a time (tag 1)")
        do throws(CBORError) {
            return Date(timeIntervalSince1970: try double(&offset))
        } catch {
            offset = start
            throw error
        }
    }

    @usableFromInline
    func duration(_ offset: inout Int) throws(CBORError) -> Duration {
        .microseconds(try integer(Int64.self, &offset))
    }

    @usableFromInline
    func uuid(_ offset: inout Int) throws(CBORError) -> UUID {
        let start = offset
        // Tag 37 around 16 bytes, as every message of this project has it.
        if first(start) == 0xd8, first(start + 1) == 37, first(start + 2) == 0x50 {
            offset = start + 19
            return UUID(uuid: base.loadUnaligned(fromByteOffset: start + 3, as: uuid_t.self))
        }
        let expected: StaticString = "a UUID (tag 37 with 16 bytes, or its 36 characters)"
        guard first(start) >> 5 == MajorType.text.rawValue else {
            try tag(37, &offset, expected: expected)
            let inside = offset
            offset = start
            // Whatever the tag is around, it is not 16 bytes.
            guard first(inside) >> 5 == MajorType.bytes.rawValue else {
                throw mismatch(inside, expected)
            }
            throw mismatch(start, expected)
        }
        guard let uuid = UUID(uuidString: try text(&offset)) else {
            offset = start
            throw mismatch(start, expected)
        }
        return uuid
    }

    private func tag(
        _ tag: UInt64, _ offset: inout Int, expected: StaticString
    ) throws(CBORError) {
        let start = offset
        let first = first(start)
        guard first >> 5 == MajorType.tag.rawValue else { throw mismatch(start, expected) }
        guard argument(first, &offset) == tag else {
            offset = start
            throw CBORError(
                .tagNotAllowed, at: start, from: start,
                "\(expected) is expected here, not another tag")
        }
    }

    /// A list of items that are all read the same way.
    ///
    /// Room grows with what is read, not with what is declared: an entry may be larger than its item.
    func list<Element>(
        _ offset: inout Int, of element: (inout Int) throws(CBORError) -> Element
    ) throws(CBORError) -> [Element] {
        let start = offset
        let count = try entries(.array, &offset, expected: "a list")
        var list: [Element] = []
        list.reserveCapacity(min(count, 64))
        do throws(CBORError) {
            for _ in 0..<count { list.append(try element(&offset)) }
        } catch {
            offset = start
            throw error
        }
        return list
    }

    func integers<Value: FixedWidthInteger>(
        _ type: Value.Type, _ offset: inout Int
    ) throws(CBORError) -> [Value] {
        try list(&offset) { (offset) throws(CBORError) in try integer(type, &offset) }
    }
}
