/// Checks a whole message before anything is made of it.
///
/// After it has passed, a decoder may rely on what is here: every item is complete, every
/// container closed, no deeper than allowed, its keys integers or texts and no two the same.
/// ``CheckedMessage`` is the proof, and the only way to read without asking again.
struct WellFormedness {
    private let base: UnsafeRawPointer
    private let count: Int
    private let depthMax: Int
    private var offset = 0
    /// The keys of the maps that are open now, but for the smallest integers.
    private var seen: [KeyBytes] = []

    /// Checks that `bytes` is one item and nothing else.
    ///
    /// What is returned is good for as long as the memory of `bytes`.
    static func check(
        _ bytes: UnsafeRawBufferPointer, limits: DecodingLimits
    ) throws(CBORError) -> CheckedMessage {
        guard bytes.count <= limits.bytes else {
            throw CBORError(
                .tooLarge, "the message has \(bytes.count) bytes; the limit is \(limits.bytes)")
        }
        guard let base = bytes.baseAddress, !bytes.isEmpty else { throw missingItem(at: 0) }
        var walk = WellFormedness(base: base, count: bytes.count, depthMax: limits.depth)
        try walk.anyItem(depth: 0)
        guard walk.offset == bytes.count else {
            throw CBORError(.trailingBytes, at: walk.offset, "bytes follow the message's one item")
        }
        return CheckedMessage(base: base, count: bytes.count)
    }

    private init(base: UnsafeRawPointer, count: Int, depthMax: Int) {
        self.base = base
        self.count = count
        self.depthMax = depthMax
    }

    private func byte(_ offset: Int) -> UInt8 {
        base.load(fromByteOffset: offset, as: UInt8.self)
    }

    /// Goes past one item; the recursion is no deeper than the limit of depth.
    @inline(__always)
    private mutating func item(depth: Int) throws(CBORError) {
        let end = plainEnd(of: offset, depth: depth)
        if end >= 0 {
            offset = end
        } else {
            try anyItem(depth: depth)
        }
    }

    /// Where an item of the kinds that most are ends; negative where it needs a closer look.
    ///
    /// No sum here can overflow: offsets are within the message.
    @inline(__always)
    private func plainEnd(of start: Int, depth: Int) -> Int {
        guard start < count else { return -1 }
        let first = byte(start)
        if first & 0xe0 == 0x60 {
            let length = Int(first & 0x1f)
            if length < 24 { return endOfASCII(start &+ 1, length) }
            guard length == 24, count &- start > 1, byte(start &+ 1) >= 24 else { return -1 }
            return endOfASCII(start &+ 2, Int(byte(start &+ 1)))
        }
        switch first {
        case 0..<24, 0x20..<0x38, 0xf4...0xf6: return start &+ 1
        case 0xfb where count &- start > 8: return start &+ 9
        case 0x18, 0x38:
            return count &- start > 1 && byte(start &+ 1) >= 24 ? start &+ 2 : -1
        // A time and a UUID as they are written here; the tag is a level of nesting.
        case 0xc1 where count &- start > 9 && byte(start &+ 1) == 0xfb && depth < depthMax:
            return start &+ 10
        case 0xd8
        where count &- start > 18 && byte(start &+ 1) == 37 && byte(start &+ 2) == 0x50
            && depth < depthMax:
            return start &+ 19
        default: return -1
        }
    }

    @inline(__always)
    private func endOfASCII(_ start: Int, _ length: Int) -> Int {
        guard length <= count &- start else { return -1 }
        let text = UnsafeRawBufferPointer(start: base + start, count: length)
        return text.isASCII ? start &+ length : -1
    }

    private mutating func anyItem(depth: Int) throws(CBORError) {
        let start = offset
        guard start < count else { throw Self.missingItem(at: start) }
        let first = byte(start)
        offset = start + 1
        var argument = UInt64(first & 0x1f)
        if argument >= 24 { argument = try wideArgument(first, at: start) }
        switch first >> 5 {
        case 0, 1:
            break
        case 2:
            offset += try length(argument, at: start)
        case 3:
            let length = try length(argument, at: start)
            let text = UnsafeRawBufferPointer(start: base + offset, count: length)
            guard text.isUTF8 else {
                throw CBORError(.invalidUTF8, at: offset, "the text is not UTF-8")
            }
            offset += length
        case 7:
            guard first >= 0xf9 || (0xf4...0xf6).contains(first) else {
                throw CBORError(.invalidSimple, at: start, "the simple value is not allowed")
            }
        default:
            try contents(first >> 5, argument, at: start, depth: depth)
        }
    }

    private mutating func contents(
        _ major: UInt8, _ argument: UInt64, at start: Int, depth: Int
    ) throws(CBORError) {
        guard depth < depthMax else {
            throw CBORError(.depthExceeded, at: start, "more than \(depthMax) levels of nesting")
        }
        switch major {
        case 4: try list(of: length(argument, at: start), depth: depth + 1)
        case 5: try map(of: length(argument, at: start, perItem: 2), depth: depth + 1)
        default: try item(depth: depth + 1)
        }
    }

    private mutating func list(of entries: Int, depth: Int) throws(CBORError) {
        var left = entries
        while left > 0 {
            // Most lists are of small numbers, which are whole in one byte.
            let start = offset
            var end = start
            while end &- start < left, end < count, byte(end) < 24 { end &+= 1 }
            offset = end
            left &-= end &- start
            if left > 0 {
                try item(depth: depth)
                left &-= 1
            }
        }
    }

    private mutating func map(of entries: Int, depth: Int) throws(CBORError) {
        let outer = seen.count
        // Keys of one byte, which most fields have, are noted as bits.
        var small: UInt32 = 0
        var many: Set<KeyBytes> = []
        for _ in 0..<entries {
            let key = offset
            guard key < count else { throw Self.missingItem(at: key) }
            let first = byte(key)
            if first < 24 {
                guard small & 1 &<< UInt32(first) == 0 else { throw Self.duplicate(at: key) }
                small |= 1 &<< UInt32(first)
                offset = key &+ 1
            } else {
                try wideKey(first, depth: depth, outer: outer, &many)
            }
            try item(depth: depth)
        }
        if seen.count > outer { seen.removeLast(seen.count - outer) }
    }

    private mutating func wideKey(
        _ first: UInt8, depth: Int, outer: Int, _ many: inout Set<KeyBytes>
    ) throws(CBORError) {
        let start = offset
        guard first >> 5 <= 1 || first >> 5 == 3 else {
            // A head that is itself wrong is told before the kind of key.
            if first & 0x1f >= 24 {
                offset = start + 1
                _ = try wideArgument(first, at: start)
            }
            throw CBORError(.keyType, at: start, "a key is an integer or a text")
        }
        try anyItem(depth: depth)
        let key = KeyBytes(UnsafeRawBufferPointer(start: base + start, count: offset - start))
        // Few are compared one by one; many are hashed, with a seed that no sender knows.
        if seen.count - outer < 24 {
            for other in outer..<seen.count where seen[other] == key {
                throw Self.duplicate(at: start)
            }
            seen.append(key)
            return
        }
        if many.isEmpty { many = Set(seen[outer...]) }
        guard many.insert(key).inserted else { throw Self.duplicate(at: start) }
    }

    /// The number behind a head of more than one byte.
    @inline(__always)
    private mutating func wideArgument(
        _ first: UInt8, at start: Int
    ) throws(CBORError) -> UInt64 {
        // Most are of one byte.
        if first & 0x1f == 24, first < 0xe0, count - start > 1, byte(start + 1) >= 24 {
            offset = start + 2
            return UInt64(byte(start + 1))
        }
        return try widestArgument(first, at: start)
    }

    private mutating func widestArgument(
        _ first: UInt8, at start: Int
    ) throws(CBORError) -> UInt64 {
        let info = first & 0x1f
        guard info < 28 else {
            throw info == 31
                ? CBORError(.indefiniteLength, at: start, "indefinite lengths are not allowed")
                : CBORError(.reserved, at: start, "the item's head is reserved")
        }
        let width = 1 << Int(info - 24)
        guard count - start > width else {
            throw CBORError(.truncated, at: start, "the message ends inside an item's head")
        }
        offset = start + 1 + width
        let argument = base.bigEndian(at: start + 1, width: info)
        if first >> 5 == 7 {
            guard info != 24 else {
                throw CBORError(.invalidSimple, at: start, "the simple value is not allowed")
            }
        } else if MajorType.info(for: argument) != info {
            throw CBORError(.notShortest, at: start, "numbers and lengths take the shortest form")
        }
        return argument
    }

    /// A declared length or count as an Int that the bytes left can hold.
    ///
    /// Every item takes a byte at least, so a count beyond the bytes left is a lie: it is found
    /// before anything is done for it.
    private func length(
        _ argument: UInt64, at start: Int, perItem: UInt64 = 1
    ) throws(CBORError) -> Int {
        guard argument <= UInt64(count - offset) / perItem else {
            throw CBORError(
                .truncated, at: start, "the declared length is more than the bytes that follow")
        }
        return Int(argument)
    }

    private static func missingItem(at offset: Int) -> CBORError {
        CBORError(.truncated, at: offset, "the message ends where an item must begin")
    }

    private static func duplicate(at offset: Int) -> CBORError {
        CBORError(.duplicateKey, at: offset, "the key occurs twice in its map")
    }
}

extension UnsafeRawBufferPointer {
    /// Whether no byte has its highest bit set.
    var isASCII: Bool {
        guard let base = baseAddress else { return true }
        let high: UInt64 = 0x8080_8080_8080_8080
        guard count >= 8 else {
            var bits: UInt8 = 0
            for at in 0..<count { bits |= base.load(fromByteOffset: at, as: UInt8.self) }
            return bits < 0x80
        }
        // The last word lies over the one before it where the length is no multiple of eight.
        let last = count &- 8
        var bits = base.loadUnaligned(fromByteOffset: last, as: UInt64.self)
        var at = 0
        while at < last {
            bits |= base.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            at &+= 8
        }
        return bits & high == 0
    }

    var isUTF8: Bool {
        isASCII || (try? UTF8Span(validating: assumingMemoryBound(to: UInt8.self).span)) != nil
    }
}

/// A key by its bytes, which are compared as they are: two spellings of a letter are two keys.
struct KeyBytes: Hashable {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    static func == (one: KeyBytes, other: KeyBytes) -> Bool {
        let count = one.bytes.count
        guard count == other.bytes.count else { return false }
        guard let here = one.bytes.baseAddress, let there = other.bytes.baseAddress else {
            return true
        }
        var at = 0
        while count - at >= 8 {
            guard
                here.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                    == there.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            else { return false }
            at += 8
        }
        while at < count {
            guard
                here.load(fromByteOffset: at, as: UInt8.self)
                    == there.load(fromByteOffset: at, as: UInt8.self)
            else { return false }
            at += 1
        }
        return true
    }

    func hash(into hasher: inout Hasher) { hasher.combine(bytes: bytes) }
}
