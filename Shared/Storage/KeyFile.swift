internal import Crypto
internal import FoundationEssentials

/// What the key file of a store holds.
struct KeyFileContent: Sendable {
    /// Names this file's line: the database notes whose keys it needs.
    let id: [UInt8]
    /// Keys the look-up columns and the numbers of data keys; never changed.
    let lookUp: [UInt8]
    /// Up to this position the journal was written before anything in it was sealed.
    let plainThrough: Int64
    /// How many keys were destroyed since the encryption key was last changed.
    var destroyedSinceChange: Int64 = 0
    var tree: KeyTree

    static let idLength = 16
    static let lookUpLength = 32

    /// Draws the keys of a new store.
    init(plainThrough: Int64) {
        id = Self.random(Self.idLength)
        lookUp = Self.random(Self.lookUpLength)
        self.plainThrough = plainThrough
        tree = KeyTree(root: Self.random(KeyTree.seedLength))
    }

    private static func random(_ count: Int) -> [UInt8] {
        SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes(Array.init)
    }

    /// Reads what ``bytes`` has written; nil where it is anything else.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        func take(_ count: Int) -> [UInt8]? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        func number() -> UInt64? { take(8)?.reduce(0) { $0 << 8 | UInt64($1) } }
        guard let id = take(Self.idLength), let lookUp = take(Self.lookUpLength),
            let plain = number(), let destroyed = number()
        else { return nil }
        var seeds: [KeyTree.Place: [UInt8]] = [:]
        while !rest.isEmpty {
            guard let depth = take(1)?.first, depth <= KeyTree.depth, let path = number(),
                let seed = take(KeyTree.seedLength)
            else { return nil }
            seeds[KeyTree.Place(depth: depth, path: path)] = seed
        }
        self.id = id
        self.lookUp = lookUp
        plainThrough = Int64(bitPattern: plain)
        destroyedSinceChange = Int64(bitPattern: destroyed)
        tree = KeyTree(seeds: seeds)
    }

    var bytes: [UInt8] {
        func bytes(_ number: UInt64) -> [UInt8] {
            withUnsafeBytes(of: number.bigEndian) { Array($0) }
        }
        var result =
            id + lookUp + bytes(UInt64(bitPattern: plainThrough))
            + bytes(UInt64(bitPattern: destroyedSinceChange))
        for (place, seed) in tree.seeds {
            result.append(place.depth)
            result += bytes(place.path) + seed
        }
        return result
    }
}

/// The key file: a small file beside the store, sealed under the encryption key, from which every
/// data key of the store is made.
///
/// It is written, and on the disk, before the first record is sealed; and again only when a key is
/// destroyed or the encryption key is changed, each time in one step. New people make no
/// difference to it. So a record is never committed whose key could be lost, a copy of the file
/// from any day lacks no key, and what opens a store is three things: the database, this file and
/// the encryption key.
///
/// What a destroyed key is gone from, exactly:
/// - from this file, and with it from every copy of the database, the oldest too, at once;
/// - not from older copies of this file: with the encryption key of their time they still give it.
///   Nothing that must be able to restore a store after its host is lost could be otherwise while
///   that secret stays the same. So one copy of this file is kept, apart from the backups of the
///   database, and the new one put over it after each erasure; and the encryption key is changed,
///   and the one before destroyed, where an older copy may lie anywhere: from then on those are
///   dead. ``KeyRing/destroyedSinceChange`` counts what waits for that.
struct KeyFile: Sendable {
    private static let mark = Array("pulih-keys-1\n".utf8)
    private static let nameLength = 8

    private let directory: String
    private let name: String
    let path: String

    /// Names the file of the store `name` in `directory`.
    init(directory: String, name: String) {
        self.directory = directory
        self.name = name
        path = "\(directory)/\(name).keys"
    }

    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// Opens the file with an encryption key; nil where it is sealed under another.
    ///
    /// - Throws: ``StorageError/keysUnreadable(path:)`` where it was altered or is of another store.
    func read(_ key: EncryptionKey) throws(StorageError) -> KeyFileContent? {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .keysUnreadable(path: path)
        }
        let head = Self.mark.count + Self.nameLength
        guard data.count > head, data.starts(with: Self.mark) else {
            throw .keysUnreadable(path: path)
        }
        guard data[Self.mark.count..<head].elementsEqual(key.name) else { return nil }
        guard let box = try? AES.GCM.SealedBox(combined: data[head...]),
            let bytes = try? AES.GCM.open(box, using: key.wrapping, authenticating: aad(key)),
            let content = KeyFileContent(Array(bytes))
        else { throw .keysUnreadable(path: path) }
        return content
    }

    /// Puts new content in the place of the old, and waits until it is on the disk.
    func write(
        _ content: KeyFileContent, under key: EncryptionKey
    ) throws(DurableFile.WriteFailure) {
        guard
            let box = try? AES.GCM.seal(
                content.bytes, using: key.wrapping, authenticating: aad(key)
            ).combined
        else { throw .postponed("the key file could not be sealed") }
        try DurableFile.replace(
            "\(name).keys", in: directory, with: Self.mark + key.name + Array(box), wiping: true)
    }

    private func aad(_ key: EncryptionKey) -> [UInt8] { Self.mark + key.name + Array(name.utf8) }
}

/// The key-encryption key, which comes from the operator and is never stored by the service.
struct EncryptionKey: Sendable {
    /// Tells one key from another, and nothing about either.
    let name: [UInt8]
    let wrapping: SymmetricKey

    init(_ bytes: [UInt8]) throws(StorageError) {
        guard bytes.count == 32 else { throw .encryptionKeyLength }
        let key = SymmetricKey(data: bytes)
        func derived(_ use: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: key, info: Array(use.utf8), outputByteCount: 32)
        }
        name = derived("pulih encryption key name").withUnsafeBytes { Array($0.prefix(8)) }
        wrapping = derived("pulih key file")
    }
}
