/// The eight kinds of item of RFC 8949, §3.1, by the top three bits of an item's first byte.
enum MajorType: UInt8 {
    case unsigned = 0
    case negative = 1
    case bytes = 2
    case text = 3
    case array = 4
    case map = 5
    case tag = 6
    case simple = 7
}

/// The first byte of an item and the number that follows it.
struct ItemHead {
    let major: MajorType
    /// The low five bits of the first byte.
    let info: UInt8
    /// A value, a length, a count or a tag, by the major type; the bits of a float.
    let argument: UInt64
    /// Where the item's content begins.
    let end: Int

    /// Reads a head, and refuses what the strict profile does not allow.
    init(_ bytes: [UInt8], at offset: Int) throws(CBORError) {
        guard offset < bytes.count else {
            throw CBORError(.truncated, at: offset, "the message ends where an item must begin")
        }
        let first = bytes[offset]
        // Three bits have eight values, and each is a case.
        major = MajorType(rawValue: first >> 5) ?? .simple
        info = first & 0x1f
        if info < 24 {
            argument = UInt64(info)
            end = offset + 1
            return
        }
        guard info < 28 else {
            throw info == 31
                ? CBORError(.indefiniteLength, at: offset, "indefinite lengths are not allowed")
                : CBORError(.reserved, at: offset, "the item's head is reserved")
        }
        let width = 1 << Int(info - 24)
        guard bytes.count - offset > width else {
            throw CBORError(.truncated, at: offset, "the message ends inside an item's head")
        }
        var value: UInt64 = 0
        for index in 1...width { value = value << 8 | UInt64(bytes[offset + index]) }
        argument = value
        end = offset + 1 + width
        if major == .simple {
            guard info != 24 else {
                throw CBORError(.invalidSimple, at: offset, "the simple value is not allowed")
            }
        } else if Self.info(for: value) != info {
            throw CBORError(.notShortest, at: offset, "numbers and lengths take the shortest form")
        }
    }

    /// The low five bits under which `argument` is shortest.
    static func info(for argument: UInt64) -> UInt8 {
        switch argument {
        case 0..<24: UInt8(argument)
        case 0...0xff: 24
        case 0...0xffff: 25
        case 0...0xffff_ffff: 26
        default: 27
        }
    }

    /// The length or count as an Int that fits the bytes left; nil where it cannot.
    ///
    /// Every item takes a byte at least, so a count beyond the bytes left is a lie: it is found
    /// before anything is reserved for it.
    func length(in bytes: [UInt8], perItem: Int = 1) -> Int? {
        let left = UInt64(bytes.count - end)
        guard argument <= left / UInt64(perItem) else { return nil }
        return Int(argument)
    }
}

/// Checks a whole message before anything is made of it.
///
/// After it has passed, the decoder may rely on what is here: every item is complete, every
/// container closed, no deeper than allowed, its keys integers or texts and no two the same.
struct WellFormedness {
    let bytes: [UInt8]
    let limits: DecodingLimits
    /// Whether tags beyond those the decoder reads may occur; they are skipped where unknown.
    private(set) var offset = 0

    /// Checks that `bytes` is one item and nothing else.
    static func check(_ bytes: [UInt8], limits: DecodingLimits) throws(CBORError) {
        guard bytes.count <= limits.bytes else {
            throw CBORError(
                .tooLarge, "the message has \(bytes.count) bytes; the limit is \(limits.bytes)")
        }
        var walk = WellFormedness(bytes: bytes, limits: limits)
        try walk.item(depth: 0)
        guard walk.offset == bytes.count else {
            throw CBORError(.trailingBytes, at: walk.offset, "bytes follow the message's one item")
        }
    }

    private init(bytes: [UInt8], limits: DecodingLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    private mutating func item(depth: Int) throws(CBORError) {
        let start = offset
        let head = try ItemHead(bytes, at: offset)
        offset = head.end
        switch head.major {
        case .unsigned, .negative:
            break
        case .simple:
            guard (20...22).contains(head.info) || (25...27).contains(head.info) else {
                throw CBORError(.invalidSimple, at: start, "the simple value is not allowed")
            }
        case .bytes:
            offset = try contentEnd(head, at: start)
        case .text:
            let end = try contentEnd(head, at: start)
            guard Self.isUTF8(bytes[head.end..<end]) else {
                throw CBORError(.invalidUTF8, at: head.end, "the text is not UTF-8")
            }
            offset = end
        case .array, .map, .tag:
            guard depth < limits.depth else {
                throw CBORError(
                    .depthExceeded, at: start, "more than \(limits.depth) levels of nesting")
            }
            try contents(head, at: start, depth: depth + 1)
        }
    }

    private mutating func contents(
        _ head: ItemHead, at start: Int, depth: Int
    ) throws(CBORError) {
        switch head.major {
        case .tag:
            try item(depth: depth)
        case .array:
            guard let count = head.length(in: bytes) else { throw Self.tooLong(start) }
            for _ in 0..<count { try item(depth: depth) }
        default:
            guard let count = head.length(in: bytes, perItem: 2) else { throw Self.tooLong(start) }
            var keys = KeySet()
            for _ in 0..<count {
                let keyStart = offset
                let key = try ItemHead(bytes, at: keyStart)
                switch key.major {
                case .unsigned, .negative, .text: break
                default:
                    throw CBORError(.keyType, at: keyStart, "a key is an integer or a text")
                }
                try item(depth: depth)
                guard keys.insert(bytes[keyStart..<offset]) else {
                    throw CBORError(.duplicateKey, at: keyStart, "the key occurs twice in its map")
                }
                try item(depth: depth)
            }
        }
    }

    private func contentEnd(_ head: ItemHead, at start: Int) throws(CBORError) -> Int {
        guard let length = head.length(in: bytes) else { throw Self.tooLong(start) }
        return head.end + length
    }

    private static func tooLong(_ offset: Int) -> CBORError {
        CBORError(.truncated, at: offset, "the declared length is more than the bytes that follow")
    }

    private static func isUTF8(_ slice: ArraySlice<UInt8>) -> Bool {
        if slice.allSatisfy({ $0 < 0x80 }) { return true }
        return String(validating: slice, as: UTF8.self) != nil
    }
}

/// The keys seen in one map: compared one by one while few, hashed when many.
private struct KeySet {
    private var few: [ArraySlice<UInt8>] = []
    private var many: Set<ArraySlice<UInt8>> = []

    /// False where the key is there already.
    mutating func insert(_ key: ArraySlice<UInt8>) -> Bool {
        if few.count < 24 {
            if few.contains(where: { $0.elementsEqual(key) }) { return false }
            few.append(key)
            return true
        }
        if many.isEmpty { many = Set(few) }
        return many.insert(key).inserted
    }
}
