internal import CBOR
internal import Crypto
internal import FoundationEssentials
internal import Logging
internal import NIOCore
internal import Vocabulary

/// Where a stored record lies: what its sealed parts are bound to.
struct StoredPlace: Sendable {
    let noun: String
    let key: UUID
    /// The position in the journal at which the record became what it is; 0 for a copy.
    let version: Int64

    fileprivate var keyBytes: [UInt8] { withUnsafeBytes(of: key.uuid) { Array($0) } }
}

/// A stored record as it can be read.
enum OpenedBody {
    case whole([UInt8])
    /// Something stands in the place of fields that were erased.
    case erased([UInt8])
    /// What is left says nothing any more.
    case leftOut
}

/// Seals what is stored and opens what is read.
package struct Seals: Sendable {
    let keys: KeyRing
    let logger: Logger
    /// What the commit under way destroys: gone already for whoever reads in it.
    var pending = PendingErasures()

    // MARK: Records

    /// A record as it is stored.
    ///
    /// `version`: the position of its entry in the journal; 0 for a copy of a peer's record.
    func body<Record: StoredRecord>(of record: Record, version: Int64) throws -> [UInt8] {
        let map = Array(try CBOREncoder().encode(record).readableBytesView)
        let declared = Record.sealed
        guard !declared.isEmpty else { return map }
        let fields = try CBORMaps.divided(map, into: declared.count + 1) { name in
            declared.firstIndex { $0.fields.contains(name) }.map { $0 + 1 } ?? 0
        }
        // A part without fields is left out, but for the first: what is clear must be bound too.
        let used = declared.indices.filter { $0 == 0 || !fields[$0 + 1].names.isEmpty }
        let keys = try used.map { index in
            let name = KeyName(owner: record.keyOwner, section: declared[index].section)
            return try self.keys.key(of: name, beyond: pending)
        }
        var body = SealedBody(
            clear: fields[0].map,
            parts: zip(used, keys).map { index, key in
                SealedBody.Part(
                    section: declared[index].section.rawValue, names: fields[index + 1].names,
                    key: key.number)
            })
        let place = StoredPlace(noun: "\(Record.noun)", key: record.key, version: version)
        for (number, (index, key)) in zip(used, keys).enumerated() {
            let bound = body.authenticated(number, at: place)
            body.parts[number].box = try seal(fields[index + 1].map, with: key, bound)
        }
        return Array(try CBOREncoder().encode(body).readableBytesView)
    }

    /// A stored record with its sealed fields in their places.
    ///
    /// - Throws: ``StorageError/tampered(noun:)`` where it is not what was stored at this place.
    func open(
        _ stored: [UInt8], _ declared: [SealedPart], at place: StoredPlace
    ) throws -> OpenedBody {
        guard SealedBody.isForm(of: stored) else {
            let isPlain = place.version > 0 && place.version <= keys.plainThrough
            guard declared.isEmpty || isPlain else { throw tampered(place) }
            return .whole(stored)
        }
        guard let body = try? CBORDecoder().decode(SealedBody.self, from: stored),
            !body.parts.isEmpty
        else { throw tampered(place) }
        var maps = [body.clear]
        var isErased = false
        for (number, part) in body.parts.enumerated() {
            if let key = key(part.key) {
                let bound = body.authenticated(number, at: place)
                guard let map = Self.open(part.box, with: key, bound) else { throw tampered(place) }
                maps.append(map)
            } else {
                guard let map = try Self.standIn(for: part, declared) else { return .leftOut }
                maps.append(map)
                isErased = true
            }
        }
        let whole = try CBORMaps.merged(maps)
        return isErased ? .erased(whole) : .whole(whole)
    }

    private func key(_ number: UInt64) -> SymmetricKey? {
        pending.numbers.contains(number) ? nil : keys.key(number)
    }

    /// What stands for a destroyed part; nil where nothing can.
    private static func standIn(
        for part: SealedBody.Part, _ declared: [SealedPart]
    ) throws -> [UInt8]? {
        let declared = declared.first { $0.section.rawValue == part.section }
        guard let erased = declared?.erased else { return nil }
        let fields = try part.names.compactMap { name -> (name: String, value: [UInt8])? in
            guard case .value(let value)? = erased[name] else { return nil }
            return (name, Array(try CBOREncoder().encode(value).readableBytesView))
        }
        return CBORMaps.map(fields)
    }

    /// Says in the log which record it is; whoever asked for it hears only of which kind.
    func tampered(_ place: StoredPlace) -> StorageError {
        logger.critical(
            "a stored record is not what was stored: it was altered, moved or put back",
            metadata: [
                "noun": "\(place.noun)", "key": "\(place.key)", "position": "\(place.version)",
            ])
        return .tampered(noun: place.noun)
    }

    // MARK: Bytes

    /// Nonce, encrypted bytes and tag.
    func seal(_ bytes: [UInt8], with key: DataKey, _ bound: [UInt8]) throws -> [UInt8] {
        let box = try AES.GCM.seal(bytes, using: key.key, authenticating: bound)
        return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    /// What was sealed; nil where it was not sealed with this key and what is bound.
    static func open(_ box: [UInt8], with key: SymmetricKey, _ bound: [UInt8]) -> [UInt8]? {
        guard let box = try? AES.GCM.SealedBox(combined: box) else { return nil }
        return (try? AES.GCM.open(box, using: key, authenticating: bound)).map(Array.init)
    }

    // MARK: Look-up

    /// Values as they may stand in a column.
    func bound(_ values: [SQLValue]) -> [SQLValue] {
        values.map { value in
            guard case .fingerprint(let use, let text) = value else { return value }
            return .blob(keys.fingerprint(of: Array(text.utf8), use: use))
        }
    }
}

extension SealedBody {
    fileprivate func authenticated(_ part: Int, at place: StoredPlace) -> [UInt8] {
        authenticated(part, noun: place.noun, key: place.keyBytes, version: place.version)
    }
}
