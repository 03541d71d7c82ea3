internal import Crypto
internal import FoundationEssentials

/// One secret from which 2⁶⁴ keys are made, such that single keys can be destroyed for good.
///
/// The tree of Goldreich, Goldwasser and Micali ("How to construct random functions", 1986): every
/// node is a random-looking 32 bytes, its two children are HMAC-SHA256 under it of a 0 and of a 1,
/// and a key is a leaf, named by the 64 turns from the root. To destroy a leaf, the nodes on the
/// way to it are thrown away and their other children kept: those give every other leaf and say
/// nothing about this one (a *puncturable* function: Boneh and Waters, 2013; Green and Miers,
/// 2015). So the tree changes only when something is destroyed, by at most 64 nodes each time,
/// and an older copy of it lacks no key.
struct KeyTree: Sendable {
    /// A node by its place: `path` has the turns from the root in its lowest `depth` bits.
    struct Place: Hashable, Sendable {
        let depth: UInt8
        let path: UInt64
    }

    static let depth: UInt8 = 64
    static let seedLength = 32

    /// The nodes that are kept; no one lies below another.
    private(set) var seeds: [Place: [UInt8]]

    /// Begins with every key; `root` has 32 random bytes.
    init(root: [UInt8]) { seeds = [Place(depth: 0, path: 0): root] }

    /// Goes on with what was kept.
    init(seeds: [Place: [UInt8]]) { self.seeds = seeds }

    /// The key of a number; nil where it is destroyed.
    func key(_ number: UInt64) -> [UInt8]? {
        guard let place = place(above: number), var seed = seeds[place] else { return nil }
        for depth in place.depth..<Self.depth {
            seed = Self.child(of: seed, Self.turn(number, depth))
        }
        return seed
    }

    /// Destroys the key of a number; one that is destroyed already stays so.
    mutating func destroy(_ number: UInt64) {
        guard let place = place(above: number), var seed = seeds.removeValue(forKey: place) else {
            return
        }
        for depth in place.depth..<Self.depth {
            let turn = Self.turn(number, depth)
            let other = Place(depth: depth + 1, path: Self.path(number, depth + 1) ^ 1)
            seeds[other] = Self.child(of: seed, turn ^ 1)
            seed = Self.child(of: seed, turn)
        }
    }

    private func place(above number: UInt64) -> Place? {
        for depth in 0...Self.depth {
            let place = Place(depth: depth, path: Self.path(number, depth))
            if seeds[place] != nil { return place }
        }
        return nil
    }

    private static func path(_ number: UInt64, _ depth: UInt8) -> UInt64 {
        depth == 0 ? 0 : number >> (64 - UInt64(depth))
    }

    private static func turn(_ number: UInt64, _ depth: UInt8) -> UInt8 {
        UInt8(number >> (63 - UInt64(depth)) & 1)
    }

    private static func child(of seed: [UInt8], _ turn: UInt8) -> [UInt8] {
        Array(
            HMAC<SHA256>.authenticationCode(for: [turn], using: SymmetricKey(data: seed)))
    }
}
