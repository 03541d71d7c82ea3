/// Finds the keys of one map, fastest where they come in the order they are asked for.
///
/// A value asks for its keys in the order in which it wrote them, so the next key is compared
/// first. Where another comes, the pairs are searched once around; where that has happened so often
/// that it costs, the places of all keys are noted in a ``KeyIndex``, and no pair is walked again.
@usableFromInline
struct MapCursor {
    @usableFromInline let message: CheckedMessage
    private let start: Int
    private let count: Int
    /// Pairs that come after the one found last.
    @usableFromInline var left: Int
    /// Where the next key begins; while `isPending`, where the value found last begins.
    @usableFromInline var next: Int
    @usableFromInline var isPending = false
    /// The pair found last, so that asking twice for one key costs nothing.
    @usableFromInline var lastKey = -1
    /// Pairs that have been searched.
    private var steps = 0

    /// Opens the map at `offset`.
    @usableFromInline
    init(_ message: CheckedMessage, at offset: Int) throws(CBORError) {
        var offset = offset
        count = try message.entries(.map, &offset, expected: "a map")
        self.message = message
        start = offset
        next = offset
        left = count
    }

    /// A map without pairs that is in no message.
    init(empty message: CheckedMessage) {
        self.message = message
        start = 0
        count = 0
        left = 0
        next = 0
    }

    /// Where the value of `key` begins; negative where the map has no such key.
    @inlinable
    mutating func find(_ key: some CodingKey, _ index: inout KeyIndex?) -> Int {
        let next = nextKey()
        if next >= 0 {
            let value = message.value(of: key, ifAt: next)
            if value >= 0 {
                take(next, value)
                return value
            }
        }
        return search(key, &index)
    }

    /// Where the key after the pair found last begins; negative where that was the last pair.
    @inlinable
    mutating func nextKey() -> Int {
        if isPending {
            next = message.end(of: next)
            isPending = false
        }
        return left > 0 ? next : -1
    }

    /// Notes that the next key is the one asked for.
    @inlinable
    mutating func take(_ key: Int, _ value: Int) {
        lastKey = key
        left &-= 1
        next = value
        isPending = true
    }

    /// Notes that the pair of the next key has been read whole, up to `end`.
    @inlinable
    mutating func skip(_ key: Int, to end: Int) {
        lastKey = key
        left -= 1
        next = end
    }

    /// Notes that the value found last has been read, up to `end`, if it has.
    @inlinable
    mutating func pass(_ value: Int, to end: Int) {
        if isPending, next == value, end > value {
            next = end
            isPending = false
        }
    }

    /// Where the map ends, whatever has been asked of it.
    @usableFromInline
    func end() -> Int {
        var offset = isPending ? message.end(of: next) : next
        for _ in 0..<left {
            offset = message.end(of: message.end(of: offset))
        }
        return offset
    }

    @inline(never)
    @usableFromInline
    mutating func search(_ key: some CodingKey, _ index: inout KeyIndex?) -> Int {
        if lastKey >= 0 {
            let value = message.value(of: key, ifAt: lastKey)
            if value >= 0 { return value }
        }
        guard steps <= 4 * count + 64 else { return lookUp(key, &index) }
        // From the cursor to the end, then from the start to the cursor.
        var offset = next
        var after = left
        for _ in 0..<count {
            if after == 0 {
                offset = start
                after = count
            }
            after -= 1
            steps += 1
            let value = message.value(of: key, ifAt: offset)
            if value >= 0 {
                found(offset, value, after: after)
                return value
            }
            offset = message.end(of: message.end(of: offset))
        }
        return -1
    }

    private mutating func lookUp(_ key: some CodingKey, _ index: inout KeyIndex?) -> Int {
        let places = index ?? KeyIndex(self)
        index = places
        guard let place = places.place(of: key) else { return -1 }
        let value = message.value(of: key, ifAt: place.key)
        found(place.key, value, after: place.after)
        return value
    }

    private mutating func found(_ key: Int, _ value: Int, after: Int) {
        lastKey = key
        left = after
        next = value
        isPending = true
    }

    /// Calls with the place of each key in turn, and with how many pairs come after it.
    func forEachKey(_ body: (_ key: Int, _ after: Int) -> Void) {
        var offset = start
        for entry in 0..<count {
            body(offset, count - entry - 1)
            offset = message.end(of: message.end(of: offset))
        }
    }
}

/// The places of all keys of one map.
@usableFromInline
final class KeyIndex {
    struct Place {
        let key: Int
        /// How many pairs come after.
        let after: Int
    }

    private var numbers: [Int64: Place] = [:]
    private var texts: [KeyBytes: Place] = [:]

    init(_ cursor: MapCursor) {
        let message = cursor.message
        cursor.forEachKey { key, after in
            var offset = key
            let place = Place(key: key, after: after)
            let first = message.first(key)
            if first < 0x40 {
                if let number = message.wideInt64(first, &offset) { numbers[number] = place }
            } else {
                texts[KeyBytes(message.content(first, &offset))] = place
            }
        }
    }

    /// Of a key that is there in both forms, the place that comes first.
    func place(of key: some CodingKey) -> Place? {
        let number = key.intValue.flatMap { numbers[Int64($0)] }
        var text = key.stringValue
        let named = text.withUTF8 { bytes in
            texts[KeyBytes(UnsafeRawBufferPointer(bytes))]
        }
        guard let number, let named else { return number ?? named }
        return number.after > named.after ? number : named
    }
}

extension CheckedMessage {
    /// Where the value begins, if the key at `offset` is `key`, by number or by text; else negative.
    @inlinable
    @inline(__always)
    func value(of key: some CodingKey, ifAt offset: Int) -> Int {
        let first = first(offset)
        guard first < 24 else { return value(ofWide: key, ifAt: offset) }
        guard let number = key.intValue, number == Int(first) else { return -1 }
        return offset + 1
    }

    @usableFromInline
    func value(ofWide key: some CodingKey, ifAt offset: Int) -> Int {
        let first = first(offset)
        var offset = offset
        if first < 0x40 {
            guard let number = key.intValue, let found = wideInt64(first, &offset),
                Int64(number) == found
            else { return -1 }
            return offset
        }
        let content = content(first, &offset)
        var name = key.stringValue
        let isSame = name.withUTF8 { KeyBytes(UnsafeRawBufferPointer($0)) == KeyBytes(content) }
        return isSame ? offset : -1
    }
}
