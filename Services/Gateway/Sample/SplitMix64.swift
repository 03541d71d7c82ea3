/// Random numbers that are the same everywhere for the same seed.
///
/// After Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014). The
/// system's generator cannot be seeded, and the sample must be the same on every machine.
struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A stream of its own for each thing that is named, so that a number more or less for one of
    /// them changes nothing of the others.
    init(seed: UInt64, for name: String) {
        // FNV-1a: the standard library's hashes differ from run to run.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01b3 }
        var seeded = Self(seed: seed)
        self.init(seed: seeded.next() ^ hash)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// True in a share of all cases, 0 to 1.
    mutating func chance(_ share: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < share
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// One of several; the first where there is nothing to choose from.
    mutating func pick<Value>(_ first: Value, _ others: Value...) -> Value {
        pick(from: [first] + others) ?? first
    }

    mutating func pick<Value>(from values: [Value]) -> Value? {
        values.randomElement(using: &self)
    }
}
