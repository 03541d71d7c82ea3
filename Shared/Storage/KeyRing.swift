internal import Crypto
internal import FoundationEssentials
internal import Synchronization
internal import Vocabulary

/// What a data key is for: one section of what is kept about one person.
struct KeyName: Hashable, Sendable {
    /// The participant; or what else it speaks of, such as a session of several; nil for neither.
    let owner: UUID?
    /// Nil for the answers of keyed calls.
    let section: Section?

    static let answers = KeyName(owner: nil, section: nil)

    fileprivate func bytes(_ generation: Int64) -> [UInt8] {
        let owner = owner.map { owner in withUnsafeBytes(of: owner.uuid) { Array($0) } } ?? []
        let generation = withUnsafeBytes(of: generation.bigEndian) { Array($0) }
        return [UInt8(owner.count)] + owner + generation + Array((section?.rawValue ?? "").utf8)
    }
}

/// A data key and the number by which what it has sealed names it.
struct DataKey: Sendable {
    let number: UInt64
    let key: SymmetricKey
}

/// The data keys of a store.
///
/// A key is the leaf of the ``KeyTree`` whose number is the first 64 bits of HMAC-SHA256 over its
/// name: nothing says which keys there are, and none is stored. Where the key of a name was
/// destroyed and something new is written about that person, the name's next generation is used.
/// Two names share a number, and would be destroyed together, with a chance of n²/2⁶⁵: for a
/// million keys 3 in 10⁸.
///
/// Nonces are random. NIST SP 800-38D (§8.3) allows 2³² uses of a key with such; no person's
/// section comes near, nor do the answers, whose key at the 21 writes a second of a national
/// program would take six and a half years without an erasure in between.
final class KeyRing: Sendable {
    private struct State {
        var encryption: EncryptionKey
        var content: KeyFileContent
        /// Keys by number, made once; nil for destroyed ones.
        var made: [UInt64: SymmetricKey?] = [:]
        /// The generation in use.
        var current: [KeyName: Int64] = [:]
    }

    /// How many keys are held in memory: some ten megabytes.
    private static let madeMax = 65_536

    private let file: KeyFile
    private let state: Mutex<State>
    private let lookUp: SymmetricKey
    let plainThrough: Int64
    let id: [UInt8]

    init(_ file: KeyFile, _ content: KeyFileContent, under encryption: EncryptionKey) {
        self.file = file
        lookUp = SymmetricKey(data: content.lookUp)
        plainThrough = content.plainThrough
        id = content.id
        state = Mutex(State(encryption: encryption, content: content))
    }

    /// Keys destroyed since the encryption key was last changed, which copies of the key file from
    /// before still have.
    var destroyedSinceChange: Int64 { state.withLock { $0.content.destroyedSinceChange } }

    /// The key that seals what is written now.
    ///
    /// `pending`: what is destroyed with the commit under way.
    func key(of name: KeyName, beyond pending: PendingErasures) throws(StorageError) -> DataKey {
        let generation = generation(of: name, beyond: pending)
        let number = number(of: name, generation)
        guard let key = key(number) else { throw .failed("a key in use is destroyed") }
        return DataKey(number: number, key: key)
    }

    /// The key of a number; nil where it is destroyed.
    func key(_ number: UInt64) -> SymmetricKey? { state.withLock { Self.key(number, &$0) } }

    private static func key(_ number: UInt64, _ state: inout State) -> SymmetricKey? {
        if let known = state.made[number] { return known }
        let key = state.content.tree.key(number).map { SymmetricKey(data: $0) }
        if state.made.count >= madeMax { state.made.removeAll(keepingCapacity: true) }
        state.made[number] = .some(key)
        return key
    }

    /// The generation of a name that is in use; 0 where none was destroyed.
    func generation(of name: KeyName, beyond pending: PendingErasures) -> Int64 {
        if let destroyed = pending.generations[name] { return destroyed + 1 }
        if let known = state.withLock({ $0.current[name] }) { return known }
        var generation: Int64 = 0
        while key(number(of: name, generation)) == nil { generation += 1 }
        state.withLock { state in
            if state.current.count >= Self.madeMax { state.current.removeAll() }
            state.current[name] = generation
        }
        return generation
    }

    func number(of name: KeyName, _ generation: Int64) -> UInt64 {
        HMAC<SHA256>.authenticationCode(
            for: Array("key".utf8) + name.bytes(generation), using: lookUp
        ).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Destroys keys; on the disk when it returns.
    func destroy(_ numbers: Set<UInt64>) throws(DurableFile.WriteFailure) {
        try state.withLock { (state) throws(DurableFile.WriteFailure) in
            let alive = numbers.filter { Self.key($0, &state) != nil }
            guard !alive.isEmpty else { return }
            var content = state.content
            for number in alive { content.tree.destroy(number) }
            content.destroyedSinceChange += Int64(alive.count)
            try file.write(content, under: state.encryption)
            state.content = content
            state.current.removeAll()
            state.made.removeAll()
        }
    }

    /// Seals the key file under another encryption key; on the disk when it returns.
    ///
    /// Everything goes on meanwhile: data keys stay what they are. What copies of the key file still
    /// had of destroyed keys is gone with the encryption key of before.
    ///
    /// Returns whether it is another than before.
    func change(to encryption: EncryptionKey) throws(DurableFile.WriteFailure) -> Bool {
        try state.withLock { (state) throws(DurableFile.WriteFailure) in
            guard encryption.name != state.encryption.name else { return false }
            var content = state.content
            content.destroyedSinceChange = 0
            try file.write(content, under: encryption)
            state.content = content
            state.encryption = encryption
            return true
        }
    }

    /// A keyed fingerprint of a text by which it can be looked up, and not be told.
    func fingerprint(of text: [UInt8], use: String) -> [UInt8] {
        var hash = HMAC<SHA256>(key: lookUp)
        hash.update(data: Array("look-up".utf8) + [UInt8(truncatingIfNeeded: use.utf8.count)])
        hash.update(data: Array(use.utf8))
        hash.update(data: text)
        return Array(hash.finalize())
    }
}

/// Keys that are destroyed once the commit under way is on the disk.
struct PendingErasures: Hashable, Sendable {
    /// The generation of each name that goes.
    var generations: [KeyName: Int64] = [:]
    /// What goes, as sealed fields name it.
    var numbers: Set<UInt64> = []
}
