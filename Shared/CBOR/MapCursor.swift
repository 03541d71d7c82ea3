/// Finds the keys of one map, fastest where they come in the order they are asked for.
///
/// A value asks for its keys in the order in which it wrote them, so the next key is compared
/// first. Where keys come in another order, the places of all keys are noted once: the values
/// between them, which may be large, are then never walked again.
final class MapCursor {
    private let reader: ItemReader
    private let count: Int
    private let start: Int
    /// The next pair: its index and where its key begins.
    private var next: (index: Int, offset: Int)
    /// Where each key begins; filled at the first miss.
    private var places: [Int] = []
    /// The item found last, so that asking twice for one key costs nothing.
    private var last: (key: Int, value: Int)?

    init(_ reader: ItemReader, at offset: Int, _ path: PathNode?) throws(CBORError) {
        let head = try reader.head(.map, at: offset, path, expected: "a map")
        self.reader = reader
        count = Int(clamping: head.argument)
        start = head.end
        next = (0, head.end)
    }

    enum FoundKey {
        case number(Int64)
        case text(String)
    }

    /// Where the value of `key` begins; nil where the map has no such key.
    func find(_ key: some CodingKey) -> Int? {
        if let last, let value = match(key, at: last.key) { return value }
        if next.index < count {
            let here = next.offset
            if let value = match(key, at: here) {
                last = (here, value)
                if let end = try? reader.end(of: value) { next = (next.index + 1, end) }
                return value
            }
        }
        for place in allPlaces() {
            if let value = match(key, at: place) {
                last = (place, value)
                return value
            }
        }
        return nil
    }

    func keys() -> [FoundKey] {
        allPlaces().compactMap { place in
            if let number = try? reader.integer(Int64.self, at: place, nil) {
                return .number(number)
            }
            return (try? reader.text(at: place, nil)).map(FoundKey.text)
        }
    }

    private func allPlaces() -> [Int] {
        guard places.isEmpty, count > 0 else { return places }
        var offset = start
        for _ in 0..<count {
            places.append(offset)
            guard let value = try? reader.end(of: offset), let end = try? reader.end(of: value)
            else { break }
            offset = end
        }
        return places
    }

    /// Where the value begins, if the key at `offset` is the one asked for, by number or by text.
    private func match(_ key: some CodingKey, at offset: Int) -> Int? {
        guard let head = try? ItemHead(reader.bytes, at: offset) else { return nil }
        switch head.major {
        case .unsigned:
            guard let number = key.intValue, number >= 0, UInt64(number) == head.argument else {
                return nil
            }
            return head.end
        case .negative:
            guard let number = key.intValue, number < 0,
                UInt64(bitPattern: Int64(~number)) == head.argument
            else { return nil }
            return head.end
        case .text:
            guard let length = head.length(in: reader.bytes),
                reader.bytes[head.end..<head.end + length].elementsEqual(key.stringValue.utf8)
            else { return nil }
            return head.end + length
        default:
            return nil
        }
    }
}
