/// A record as it lies on the disk where parts of it are sealed.
///
/// Written as a list; a record without sealed parts is a map.
struct SealedBody: Hashable, Sendable {
    /// The fields of one section.
    struct Part: Hashable, Sendable {
        let section: String
        /// Which fields the record has here, so that it is known what was erased.
        let names: [String]
        /// Of the data key.
        let key: UInt64
        /// Nonce, the encrypted map of the fields, and tag.
        var box: [UInt8] = []
    }

    /// The map of the other fields.
    let clear: [UInt8]
    var parts: [Part]

    /// Whether stored bytes have this form.
    static func isForm(of body: [UInt8]) -> Bool { body.first.map { $0 >> 5 == 4 } ?? false }

    /// Everything that one part must go with to be opened: what moved, was altered or comes from
    /// another time does not open.
    ///
    /// `version`: the position in the journal at which the record became what it is; 0 for a copy
    ///   of a peer's record.
    func authenticated(
        _ part: Int, noun: String, key: [UInt8], version: Int64
    ) -> [UInt8] {
        var bytes = Array("pulih-sealed-1\n".utf8)
        func add(_ more: [UInt8]) {
            withUnsafeBytes(of: UInt64(more.count).bigEndian) { bytes += $0 }
            bytes += more
        }
        func add(_ number: UInt64) { withUnsafeBytes(of: number.bigEndian) { bytes += $0 } }
        add(Array(noun.utf8))
        add(key)
        add(UInt64(bitPattern: version))
        add(UInt64(part))
        add(UInt64(parts.count))
        for part in parts {
            add(Array(part.section.utf8))
            add(UInt64(part.names.count))
            for name in part.names { add(Array(name.utf8)) }
            add(part.key)
        }
        add(clear)
        return bytes
    }
}

extension SealedBody: Codable {
    init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        clear = try list.decode([UInt8].self)
        parts = try list.decode([Part].self)
    }

    func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        try list.encode(clear)
        try list.encode(parts)
    }
}

extension SealedBody.Part: Codable {
    init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        section = try list.decode(String.self)
        names = try list.decode([String].self)
        key = try list.decode(UInt64.self)
        box = try list.decode([UInt8].self)
    }

    func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        try list.encode(section)
        try list.encode(names)
        try list.encode(key)
        try list.encode(box)
    }
}
