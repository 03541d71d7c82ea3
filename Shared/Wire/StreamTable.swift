/// Finds what belongs to an open stream by the stream's number.
///
/// Numbers only rise and few are open at once, so the low bits of a number find its place: one
/// look and no hashing. A stream that stays open while hundreds pass makes another one step aside.
/// A place is good until the next insertion or removal.
@usableFromInline
package struct StreamTable<Value> {
    /// 0 where the place is free: no stream has that number.
    @usableFromInline var numbers: [UInt32]
    @usableFromInline var values: [Value]
    /// What stands in free places.
    @usableFromInline let blank: Value
    @usableFromInline package internal(set) var count = 0

    /// Makes an empty table; `blank` stands where nothing is, and holds nothing alive.
    @inlinable
    package init(blank: Value) {
        self.blank = blank
        numbers = Array(repeating: 0, count: 8)
        values = Array(repeating: blank, count: 8)
    }

    /// Where the stream is; nil where it is not open.
    @inlinable
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
    @inlinable
    @discardableResult
    package mutating func insert(_ value: consuming Value, for number: UInt32) -> Int {
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

    /// Takes a stream out, and returns what belonged to it; nil where it is not open.
    @inlinable
    package mutating func take(_ number: UInt32) -> Value? {
        guard let place = place(of: number) else { return nil }
        let value = values[place]
        empty(place)
        return value
    }

    /// Takes a stream out, and returns whether it was open.
    @inlinable
    @discardableResult
    package mutating func remove(_ number: UInt32) -> Bool {
        guard let place = place(of: number) else { return false }
        empty(place)
        return true
    }

    @inlinable
    mutating func empty(_ place: Int) {
        var hole = place
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
    }

    /// What is at a place that ``place(of:)`` or ``insert(_:for:)`` has just given.
    @inlinable
    package subscript(place: Int) -> Value {
        _read { yield values[place] }
        _modify { yield &values[place] }
    }

    /// The open streams' numbers, in no order.
    @inlinable
    package var streams: [UInt32] { numbers.filter { $0 != 0 } }

    /// Takes out everything.
    @inlinable
    package mutating func removeAll() -> [Value] {
        let all = zip(numbers, values).compactMap { $0 == 0 ? nil : $1 }
        self = StreamTable(blank: blank)
        return all
    }

    @inlinable
    mutating func grow() {
        let old = (numbers, values)
        numbers = Array(repeating: 0, count: old.0.count * 2)
        values = Array(repeating: blank, count: numbers.count)
        count = 0
        for (number, value) in zip(old.0, old.1) where number != 0 { insert(value, for: number) }
    }
}

extension StreamTable: Sendable where Value: Sendable {}
