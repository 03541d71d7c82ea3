private import FoundationEssentials
private import NIOCore
private import Synchronization

/// What the containers of one encoding share: the bytes, and what is in the containers still open.
///
/// The count of a container is not known before its contents are written, so a head of one byte
/// is left for it, and widened at the end where more than 23 came.
///
/// A writer serves one call after the other and is never let go, as a ``MessageReader`` does.
final class ItemWriter: @unchecked Sendable {  // one call has it at a time
    private static let idle = Mutex<[ItemWriter]>([])

    /// Where the bytes go; good only until the call has ended.
    private(set) var out: UnsafeMutablePointer<CBORWriter>
    /// The number of the call that is being served, or comes next.
    private(set) var call = 1
    private var isOpen = true
    private(set) var failure: CBORError?
    private var keys = CBOREncoder.KeyForm.declared
    private var deterministic = false

    /// How many containers are open.
    private(set) var level = 0
    /// The level at which an entry needs no more than being counted.
    private var plainLevel = -1
    private var current = OpenContainer()
    private var outer: [OpenContainer] = []
    /// Where each entry of the maps that are open begins; kept only for sorting.
    private var entries: [Int] = []

    private struct OpenContainer {
        var head = 0
        var isMap = false
        var count = 0
        /// Where the entry written last begins.
        var last = 0
        /// The first of its own in `entries`.
        var firstEntry = 0
    }

    private init(_ out: UnsafeMutablePointer<CBORWriter>) { self.out = out }

    /// One for a call; `out` must not go before ``end()`` has been called.
    static func begin(
        _ out: UnsafeMutablePointer<CBORWriter>, deterministic: Bool, keys: CBOREncoder.KeyForm
    ) -> ItemWriter {
        let writer = idle.withLock { $0.popLast() } ?? ItemWriter(out)
        writer.out = out
        writer.deterministic = deterministic
        writer.keys = keys
        writer.setLevel(0)
        return writer
    }

    /// Refuses whatever a container that somebody has kept still tries to write.
    func end() {
        call += 1
        if failure != nil { failure = nil }
        if !outer.isEmpty { outer = [] }
        if !entries.isEmpty { entries = [] }
        Self.idle.withLock { $0.append(self) }
    }

    private func setLevel(_ level: Int) {
        self.level = level
        plainLevel = deterministic || !isOpen ? -1 : level
    }

    /// Refuses what comes while a value writes itself.
    func checkOpen() throws(CBORError) {
        guard !isOpen else { return }
        throw fail("a container was written to while another value writes itself")
    }

    /// Keeps the first error for the end of the call: not every method of a container can throw.
    private func fail(_ detail: String) -> CBORError {
        let error = CBORError(.unsupported, detail)
        if failure == nil { failure = error }
        return error
    }

    // MARK: Containers

    /// Opens a container and returns its level.
    func begin(map isMap: Bool) -> Int {
        // No entry can come at a level that is never reached.
        guard isOpen else { return .max }
        if level > 0 { outer.append(current) }
        current = OpenContainer(head: out.pointee.count, isMap: isMap)
        if deterministic { current.firstEntry = entries.count }
        setLevel(level + 1)
        out.pointee.byte(isMap ? 0xa0 : 0x80)
        return level
    }

    /// Notes one more entry of the container at `level`, and closes those inside it.
    @inline(__always)
    func entry(at level: Int) throws(CBORError) {
        if level != plainLevel { try prepareEntry(at: level) }
        current.count &+= 1
        current.last = out.pointee.count
    }

    @inline(never)
    private func prepareEntry(at level: Int) throws(CBORError) {
        try checkOpen()
        guard level <= self.level else {
            throw fail("a container was written to after one outside it")
        }
        close(to: level)
        if deterministic, current.isMap { entries.append(out.pointee.count) }
    }

    func close(to level: Int) {
        while self.level > level {
            if deterministic, current.isMap {
                if current.count > 1 { sort() }
                entries.removeLast(entries.count - current.firstEntry)
            }
            out.pointee.setCount(
                current.count, at: current.head, major: current.isMap ? 0xa0 : 0x80)
            setLevel(self.level - 1)
            if self.level > 0, let around = outer.popLast() { current = around }
        }
    }

    /// Puts the entries of the current map in the order of their keys.
    private func sort() {
        guard let base = out.pointee.base else { return }
        let starts = entries[current.firstEntry...]
        let sorted = zip(starts, starts.dropFirst() + [out.pointee.count])
            .map { Array(UnsafeRawBufferPointer(start: base + $0, count: $1 - $0)) }
            // A whole entry sorts as its key does, because no key is the beginning of another.
            .sorted { $0.lexicographicallyPrecedes($1) }
        var place = base + current.head + 1
        for entry in sorted {
            entry.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(start: place, count: $0.count).copyMemory(from: $0)
            }
            place += entry.count
        }
    }

    /// The keys and places of the entries that are being written, down to the container at `level`.
    func codingPath(to level: Int) -> [any CodingKey] {
        guard self.level > 0, let base = out.pointee.base else { return [] }
        let written = CheckedMessage(base: UnsafeRawPointer(base), count: out.pointee.count)
        // An entry of a map has its key, unless that is being made just now.
        return (outer + [current]).prefix(max(level, 0))
            .filter { $0.count > 0 && $0.last < written.count }
            .map { $0.isMap ? written.key(at: $0.last) : FoundKey(intValue: $0.count - 1) }
    }

    // MARK: Items

    @inline(__always)
    func key(_ key: some CodingKey) {
        if keys == .declared, let number = key.intValue {
            // Most are whole in one byte.
            if 0..<24 ~= number {
                out.pointee.byte(UInt8(truncatingIfNeeded: number))
            } else {
                out.pointee.signed(Int64(number))
            }
        } else {
            out.pointee.text(key.stringValue)
        }
    }

    /// Writes any value: those with a form of their own by type, the rest through Codable.
    @inline(never)
    func write<Value: Encodable>(_ value: Value) throws {
        if try special(value) { return }
        if !deterministic, keys == .declared, let direct = DirectTypes.direct(Value.self) {
            try write(value, as: direct)
            return
        }
        let level = level
        let start = out.pointee.count
        try value.encode(to: ItemEncoder(place: WriterPlace(self, level: level)))
        close(to: level)
        // A value that writes nothing, such as one without fields, is an empty map.
        if out.pointee.count == start { out.pointee.byte(0xa0) }
    }

    /// Lends the bytes to a value that writes itself; nothing else may write meanwhile.
    private func write<Value: Encodable>(
        _ value: Value, as direct: any CBORDirect.Type
    ) throws(CBORError) {
        let level = level
        isOpen = false
        plainLevel = -1
        defer {
            isOpen = true
            setLevel(level)
        }
        try out.pointee.direct(value, as: direct)
    }

    /// The types are compared, never the value cast: a failing cast is slow, a comparison is not.
    @inline(__always)
    private func special<Value: Encodable>(_ value: Value) throws(CBORError) -> Bool {
        // The two types are the same one, so the value already is what it is called.
        func own<Special>(_ type: Special.Type) -> Special { unsafeBitCast(value, to: type) }
        if Value.self == UUID.self {
            out.pointee.uuid(own(UUID.self))
        } else if Value.self == Date.self {
            out.pointee.date(own(Date.self))
        } else if Value.self == String.self {
            out.pointee.text(own(String.self))
        } else if Value.self == [UInt8].self {
            out.pointee.byteString(own([UInt8].self))
        } else if Value.self == [String].self {
            out.pointee.list(own([String].self)) { $0.text($1) }
        } else if Value.self == [Int32].self {
            out.pointee.list(own([Int32].self)) { $0.signed(Int64($1)) }
        } else if Value.self == [Int].self {
            out.pointee.list(own([Int].self)) { $0.signed(Int64($1)) }
        } else if Value.self == [Int64].self {
            out.pointee.list(own([Int64].self)) { $0.signed($1) }
        } else if Value.self == [Double].self {
            out.pointee.list(own([Double].self)) { $0.double($1) }
        } else if Value.self == Data.self {
            out.pointee.data(own(Data.self))
        } else if Value.self == ByteBuffer.self {
            out.pointee.byteBuffer(own(ByteBuffer.self))
        } else if Value.self == Duration.self {
            try out.pointee.duration(own(Duration.self))
        } else {
            return false
        }
        return true
    }
}

/// Where a container writes, for as long as its call lasts.
struct WriterPlace {
    private let writer: Unmanaged<ItemWriter>
    private let call: Int
    /// How many containers are open around what is written, or with it where it is a container.
    let level: Int

    init(_ writer: ItemWriter, level: Int) {
        self.writer = .passUnretained(writer)
        call = writer.call
        self.level = level
    }

    /// Lends the writer, if the call has not ended.
    @inline(__always)
    func use<Value>(_ body: (ItemWriter) throws -> Value) throws -> Value {
        try writer._withUnsafeGuaranteedRef { writer in
            guard writer.call == call else { throw Self.ended() }
            return try body(writer)
        }
    }

    @inline(never)
    private static func ended() -> CBORError {
        CBORError(.unsupported, "a container was written to after its value")
    }

    /// Empty where the call has ended.
    func codingPath(to level: Int) -> [any CodingKey] {
        (try? use { $0.codingPath(to: level) }) ?? []
    }

    /// Opens a container here; what is written to one of a call that has ended is refused.
    func begin(map isMap: Bool) -> WriterPlace {
        (try? use { WriterPlace($0, level: $0.begin(map: isMap)) }) ?? self
    }
}
