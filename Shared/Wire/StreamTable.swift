/// Finds what belongs to an open stream by the stream's number.
///
/// Numbers only rise and few are open at once, so the low bits of a number find its place: one
/// look and no hashing. A stream that stays open while hundreds pass makes another one step aside.
/// A place is good until the next insertion or removal.
package struct StreamTable<Value> {
    /// 0 where the place is free: no stream has that number.
    private var numbers: [UInt32]
    private var values: [Value]
    /// What stands in free places.
    private let blank: Value
    package private(set) var count = 0

    /// Makes an empty table; `blank` stands where nothing is, and holds nothing alive.
    package init(blank: Value) {
        self.blank = blank
        numbers = Array(repeating: 0, count: 8)
        values = Array(repeating: blank, count: 8)
    }

    /// Where the stream is; nil where it is not open.
    @inline(__always)
    package func place(of number: UInt32) -> Int? {
        let mask = numbers.count - 1
        var place = Int(truncatingIfNeeded: number >> 1) & mask
        while numbers[place] != number {
            guard numbers[place] != 0 else { return nil }
            place = (place + 1) & mask
        }
        return place
    }

    /// Adds a stream that is not in the table, and returns its place.
    @discardableResult
    package mutating func insert(_ value: Value, for number: UInt32) -> Int {
        precondition(number != 0, "stream 0 is the connection's")
        if (count + 1) * 2 > numbers.count { grow() }
        let mask = numbers.count - 1
        var place = Int(truncatingIfNeeded: number >> 1) & mask
        while numbers[place] != 0 { place = (place + 1) & mask }
        numbers[place] = number
        values[place] = value
        count += 1
        return place
    }

    /// Takes a stream out; nil where it is not open.
    @discardableResult
    package mutating func remove(_ number: UInt32) -> Value? {
        guard var hole = place(of: number) else { return nil }
        let removed = values[hole]
        count -= 1
        let mask = numbers.count - 1
        var next = (hole + 1) & mask
        // Those that stepped aside for it move up, so that a search never meets a gap.
        while numbers[next] != 0 {
            let home = Int(truncatingIfNeeded: numbers[next] >> 1) & mask
            if (next - home) & mask >= (next - hole) & mask {
                numbers[hole] = numbers[next]
                values.swapAt(hole, next)
                hole = next
            }
            next = (next + 1) & mask
        }
        numbers[hole] = 0
        values[hole] = blank
        return removed
    }

    /// What is at a place that ``place(of:)`` or ``insert(_:for:)`` has just given.
    package subscript(place: Int) -> Value {
        @inline(__always) _read { yield values[place] }
        @inline(__always) _modify { yield &values[place] }
    }

    /// The open streams' numbers, in no order.
    package var streams: [UInt32] { numbers.filter { $0 != 0 } }

    /// Takes out everything.
    package mutating func removeAll() -> [Value] {
        let all = zip(numbers, values).compactMap { $0 == 0 ? nil : $1 }
        self = StreamTable(blank: blank)
        return all
    }

    private mutating func grow() {
        let old = (numbers, values)
        numbers = Array(repeating: 0, count: old.0.count * 2)
        values = Array(repeating: blank, count: numbers.count)
        count = 0
        for (number, value) in zip(old.0, old.1) where number != 0 { insert(value, for: number) }
    }
}

extension StreamTable: Sendable where Value: Sendable {}
