private import FoundationEssentials
private import NIOCore
private import Synchronization

/// What the containers of one decoding share: the message, for as long as the call lasts.
///
/// The bytes are borrowed. A reader serves one call after the other and is never let go, so its
/// containers need not hold it: they have the number of their call, and one that somebody has kept
/// finds nothing to read. There are as many readers as there were calls at one time.
final class MessageReader: @unchecked Sendable {  // one call has it at a time
    private static let idle = Mutex<[MessageReader]>([])

    /// To be read only by those whose call it is.
    private(set) var message: CheckedMessage
    /// Of the call that is being served, or comes next.
    private(set) var call = 1
    /// How many bytes may still be walked to tell where something is.
    private var walks = 0
    /// The map that is being read, and how far it has been.
    fileprivate var map: OpenMap
    /// Maps that were being read before, the last one last.
    private var around: [OpenMap] = []

    private init(_ message: CheckedMessage) {
        self.message = message
        map = OpenMap(message)
    }

    /// One for the message, until it is closed.
    static func open(_ message: CheckedMessage) -> MessageReader {
        let reader = idle.withLock { $0.popLast() } ?? MessageReader(message)
        reader.message = message
        reader.walks = 8 * message.count + 4096
        return reader
    }

    /// Lets the bytes go; nothing reads them after this.
    func close() {
        call += 1
        leave(to: -1)
        Self.idle.withLock { $0.append(self) }
    }

    /// The fields down to the item at `offset`, found by walking the message to there.
    ///
    /// Nothing is noted on the way down, because a path is asked for only to tell of an error.
    /// A value that goes on asking gets an empty one once this has cost more than the message.
    fileprivate func codingPath(to offset: Int) -> [any CodingKey] {
        guard walks > 0 else { return [] }
        walks -= offset
        return message.path(to: offset)
    }

    // MARK: Maps

    /// A map and how far it has been read, which is known only to read on faster.
    fileprivate struct OpenMap {
        /// Where the map begins; negative where there is none.
        var start = -1
        var cursor: MapCursor
        var index: KeyIndex?

        init(_ message: CheckedMessage) { cursor = MapCursor(empty: message) }
    }

    /// More than lie inside each other are read only by a value that goes to and fro between them.
    private static let mapsMax = 32

    /// Begins to read the map at `start`.
    fileprivate func open(at start: Int) throws(CBORError) {
        let cursor = try MapCursor(message, at: start)
        if map.start >= 0 {
            if around.count == Self.mapsMax { around.removeFirst() }
            around.append(map)
        }
        map.start = start
        map.cursor = cursor
        map.index = nil
    }

    /// Goes on with the map at `start`, after another has been read.
    @inline(never)
    fileprivate func turn(to start: Int) throws(CBORError) {
        guard let place = around.lastIndex(where: { $0.start == start }) else {
            return try open(at: start)
        }
        swap(&map, &around[place])
    }

    /// Goes back to the map that was being read before a value was.
    fileprivate func leave(to start: Int) {
        while map.start != start {
            guard let outer = around.popLast() else {
                map.start = -1
                map.index = nil
                return
            }
            map = outer
        }
    }

    /// Where the value of `key` begins in the map; negative where it has no such key.
    @inline(__always)
    fileprivate func find(_ key: some CodingKey) -> Int {
        let next = map.cursor.nextKey()
        if next >= 0 {
            let value = message.value(of: key, ifAt: next)
            if value >= 0 {
                map.cursor.take(next, value)
                return value
            }
        }
        return search(key)
    }

    /// No access to the cursor is open while code of a key runs: then none has to be checked.
    @inline(never)
    private func search(_ key: some CodingKey) -> Int {
        var cursor = map.cursor
        var index = map.index
        let value = cursor.search(key, &index)
        map.cursor = cursor
        map.index = index
        return value
    }

    /// Reads the value of a key that was found at `start` in the map at `outer`, and goes past it.
    @inline(__always)
    fileprivate func read<Value>(
        _ start: Int, in outer: Int, _ body: (MessageReader, inout Int) throws -> Value
    ) throws -> Value {
        var end = start
        let value = try body(self, &end)
        if map.start == outer { map.cursor.pass(start, to: end) }
        return value
    }
}

/// An item of a message, for as long as it is being decoded.
///
/// It consists of plain bits, because the standard library copies a container for each field.
struct ItemPlace {
    private let reader: Unmanaged<MessageReader>
    private let call: Int
    /// Where the item begins.
    let start: Int

    init(_ reader: MessageReader, at start: Int) {
        self.reader = .passUnretained(reader)
        call = reader.call
        self.start = start
    }

    /// Lends the reader, if the call has not ended.
    @inline(__always)
    func use<Value>(_ body: (MessageReader) throws -> Value) throws -> Value {
        try reader._withUnsafeGuaranteedRef { reader in
            guard reader.call == call else { throw Self.ended() }
            return try body(reader)
        }
    }

    @inline(never)
    private static func ended() -> CBORError {
        CBORError(.unsupported, "the message cannot be read after its decoding")
    }

    /// Empty where the call has ended.
    var codingPath: [any CodingKey] { (try? use { $0.codingPath(to: start) }) ?? [] }

    /// Lends the reader, which reads the map that the item is.
    @inline(__always)
    private func useMap<Value>(_ body: (MessageReader) throws -> Value) throws -> Value {
        try use { reader in
            if reader.map.start != start { try reader.turn(to: start) }
            return try body(reader)
        }
    }

    /// Begins to read the map that the item is.
    func open() throws { try use { try $0.open(at: start) } }

    /// Where the value of `key` begins; negative where the map has no such key.
    func find(_ key: some CodingKey) throws -> Int { try useMap { $0.find(key) } }

    /// Reads the value of `key`, which must be there.
    @inline(__always)
    func read<Value>(
        _ key: some CodingKey, _ body: (MessageReader, inout Int) throws -> Value
    ) throws -> Value {
        try useMap { reader in
            let value = reader.find(key)
            guard value >= 0 else { throw missing(key) }
            return try reader.read(value, in: start, body)
        }
    }

    /// Reads the value of `key`, or nothing where it is absent or null.
    @inline(__always)
    func readIfPresent<Value>(
        _ key: some CodingKey, _ body: (MessageReader, inout Int) throws -> Value
    ) throws -> Value? {
        try useMap { reader in
            let value = reader.find(key)
            guard value >= 0, reader.message.first(value) != 0xf6 else { return nil }
            return try reader.read(value, in: start, body)
        }
    }

    @inline(never)
    private func missing(_ key: some CodingKey) -> CBORError {
        CBORError(.missing, from: start, path: FoundKey.word(key), "the field is missing")
    }

    /// All keys of the map but integers that no key of a type can be.
    var keys: [FoundKey] {
        let keys = try? useMap { reader in
            var keys: [FoundKey] = []
            reader.map.cursor.forEachKey { key, _ in
                if let found = reader.message.key(ifInRange: key) { keys.append(found) }
            }
            return keys
        }
        return keys ?? []
    }
}

/// A key as it stands in a message, or the place of an entry in a list.
struct FoundKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = String(intValue)
        self.intValue = intValue
    }

    static func join(_ path: [any CodingKey]) -> String {
        path.map(word).joined(separator: ".")
    }

    static func word(_ key: any CodingKey) -> String {
        key.intValue.map(String.init) ?? key.stringValue
    }
}

extension CheckedMessage {
    /// The key at `offset`; nil where it is an integer beyond 64 bits.
    func key(ifInRange offset: Int) -> FoundKey? {
        var offset = offset
        let first = first(offset)
        if first < 0x40 {
            return wideInt64(first, &offset).flatMap { Int(exactly: $0) }
                .map(FoundKey.init(intValue:))
        }
        return FoundKey(stringValue: String(decoding: content(first, &offset), as: UTF8.self))
    }

    func key(at offset: Int) -> FoundKey {
        key(ifInRange: offset) ?? FoundKey(stringValue: "an integer beyond 64 bits")
    }

    /// The keys and places down to the item at `target`.
    func path(to target: Int) -> [FoundKey] {
        var path: [FoundKey] = []
        var offset = 0
        // Each turn goes one container or tag down, and the depth of those is limited.
        while offset < target {
            let first = first(offset)
            let entries = argument(first, &offset)
            switch first >> 5 {
            case 4, 5:
                guard let step = step(first >> 5 == 5, entries, &offset, to: target) else {
                    return path
                }
                path.append(step)
            case 6:
                break
            default:
                return path
            }
        }
        return path
    }

    /// Moves to the entry that holds `target`.
    private func step(
        _ isMap: Bool, _ entries: UInt64, _ offset: inout Int, to target: Int
    ) -> FoundKey? {
        for entry in 0..<Int(truncatingIfNeeded: entries) {
            let key = offset
            if isMap { offset = end(of: key) }
            let after = end(of: offset)
            if target < after {
                guard target >= offset else { return nil }
                return isMap ? self.key(at: key) : FoundKey(intValue: entry)
            }
            offset = after
        }
        return nil
    }
}

extension MessageReader {
    /// Reads any value: those with a form of their own by type, the rest through Codable.
    ///
    /// `offset` moves past the first kind, and stays where the second begins. The types are
    /// compared, never the values cast: a failing cast is slow, a comparison is not.
    func decode<Value: Decodable>(_ type: Value.Type, at offset: inout Int) throws -> Value {
        // Called where the two types are the same one: the value already is what it is called.
        @inline(__always)
        func own<Special>(_ value: Special) -> Value { unsafeBitCast(value, to: Value.self) }
        let message = message
        if type == UUID.self { return own(try message.uuid(&offset)) }
        if type == Date.self { return own(try message.date(&offset)) }
        if type == String.self { return own(try message.text(&offset)) }
        if type == [UInt8].self { return own(try message.byteArray(&offset)) }
        if type == [String].self { return own(try message.list(&offset, of: message.text)) }
        if type == [Int32].self { return own(try message.integers(Int32.self, &offset)) }
        if type == [Int].self { return own(try message.integers(Int.self, &offset)) }
        if type == [Int64].self { return own(try message.integers(Int64.self, &offset)) }
        if type == [Double].self { return own(try message.list(&offset, of: message.double)) }
        if type == Data.self { return own(try message.data(&offset)) }
        if type == ByteBuffer.self { return own(try message.byteBuffer(&offset)) }
        if type == Duration.self { return own(try message.duration(&offset)) }
        if let direct = DirectTypes.direct(type) {
            var reader = CBORReader(message, at: offset)
            let value = try reader.direct(direct, as: type)
            offset = reader.offset
            return value
        }
        let map = map.start
        let value = try type.init(from: ItemDecoder(item: ItemPlace(self, at: offset)))
        leave(to: map)
        return value
    }
}
