internal import FoundationEssentials
internal import Vocabulary

// Reads records that have sealed parts, from the tables and from the journal.

extension Reading where Self: ~Copyable {
    /// The records that a condition selects, each as its newest entry in the journal has it.
    ///
    /// What does not open is refused: a body that belongs to another row or table, that was altered,
    /// or that stood here before. Where fields are erased nothing is left to open, so such a body
    /// must be the very one of its entry.
    func sealedRecords<Record: StoredRecord>(
        _ type: Record.Type, where condition: StaticString, _ values: [SQLValue],
        order: StaticString, limit: Int
    ) throws -> [Record] {
        let noun = "\(type.noun)"
        let sql = ComposedSQL([
            "SELECT body, key, (SELECT MAX(entry.position) FROM journal AS entry WHERE entry.key =",
            type.noun, ".key AND entry.noun = ?) FROM", type.noun, "WHERE", condition,
            "ORDER BY", order, "LIMIT ?",
        ])
        let seals = seals
        let found = try composedRows(sql, [.text(noun)] + values + [.number(limit)]) {
            row -> (record: Record?, place: StoredPlace, erased: [UInt8]?) in
            guard let key = row.uuid(1) else { throw StorageError.unreadable(noun: noun) }
            let place = StoredPlace(noun: noun, key: key, version: row.integer(2))
            let body = row.blob(0)
            switch try seals.open(body, type.sealed, at: place) {
            case .whole(let map): return (try decodeRecord(type, map), place, nil)
            case .erased(let map): return (try decodeRecord(type, map), place, body)
            case .leftOut: return (nil, place, body)
            }
        }
        for (_, place, erased) in found where erased != nil && place.version > 0 {
            let entry = try rows(
                "SELECT body FROM journal WHERE position = ?", [.integer(place.version)]
            ) { $0.blob(0) }.first
            guard entry == erased else { throw seals.tampered(place) }
        }
        return found.compactMap(\.record)
    }
}

extension JournalEntry {
    var place: StoredPlace { StoredPlace(noun: noun, key: key, version: position) }

    /// The entry with its sealed fields in their places.
    func opened(by seals: Seals, _ types: [String: any StoredRecord.Type]) throws -> JournalEntry {
        guard let type = types[noun], !type.sealed.isEmpty else { return self }
        switch try seals.open(body, type.sealed, at: place) {
        case .whole(let map), .erased(let map): return with(body: map, isLeftOut: false)
        case .leftOut: return with(body: [], isLeftOut: true)
        }
    }

    private func with(body: [UInt8], isLeftOut: Bool) -> JournalEntry {
        JournalEntry(
            position: position, at: at, actor: actor, noun: noun, verb: verb, key: key,
            subject: subject, body: body, isLeftOut: isLeftOut, mac: mac)
    }
}
