internal import FoundationEssentials
internal import GRDB
internal import Logging
internal import Vocabulary

/// Opens a store's key file, or makes it with a new store, before anything is sealed or opened.
struct KeyStart {
    let pool: DatabasePool
    let file: KeyFile
    let encryption: EncryptionKey
    /// The encryption key of before, where it is being changed.
    let before: EncryptionKey?
    /// The journal's end, up to which nothing is sealed where there are no keys yet.
    let plainThrough: Int64
    let logger: Logger

    /// The keys, and whether the database has noted that these are its own.
    func open() throws(StorageError) -> (keys: KeyRing, isNoted: Bool) {
        do {
            let needed = try pool.read(Self.neededFile)
            guard file.exists else {
                guard needed == nil else { throw StorageError.keysMissing(path: file.path) }
                let content = KeyFileContent(plainThrough: plainThrough)
                try file.write(content, under: encryption)
                return (KeyRing(file, content, under: encryption), false)
            }
            let content = try read()
            guard let needed else {
                // The process ended before the note, so nothing is sealed yet; or the database is
                // of a time before there were keys.
                return (KeyRing(file, content, under: encryption), false)
            }
            guard needed == content.id else { throw StorageError.keysOfAnother(path: file.path) }
            return (KeyRing(file, content, under: encryption), true)
        } catch {
            throw StorageError(error)
        }
    }

    private func read() throws -> KeyFileContent {
        if let content = try file.read(encryption) { return content }
        guard let before, var content = try file.read(before) else {
            throw StorageError.keysUnderAnother(path: file.path)
        }
        content.destroyedSinceChange = 0
        try file.write(content, under: encryption)
        logger.notice("the encryption key is changed; the one of before opens nothing any more")
        return content
    }

    /// Notes in the database whose keys it needs, and makes its tables anew where they are from
    /// before there were keys: with fingerprints, and no plain text, in their columns.
    func note(
        _ keys: KeyRing, in transaction: borrowing Transaction, at time: Timestamp
    ) throws {
        if transaction.journal.head.position > 0 { _ = try transaction.rebuild(at: time) }
        try run(
            transaction.database, "INSERT INTO key_file (id) VALUES (?)", [.blob(keys.id)])
    }

    /// Does what an earlier end has left undone, once the database has noted its keys.
    func finish(_ keys: KeyRing) throws(StorageError) {
        do {
            try finishErasures(keys)
            warnOfCopies(keys)
        } catch {
            throw StorageError(error)
        }
    }

    private func warnOfCopies(_ keys: KeyRing) {
        guard keys.destroyedSinceChange > 0 else { return }
        logger.warning(
            """
            keys were destroyed since the encryption key was changed; older copies of the key file \
            still have them until it is
            """,
            metadata: ["destroyed": "\(keys.destroyedSinceChange)"])
    }

    /// Destroys what the journal says is destroyed: a crash came in between, or an older key file
    /// was put back.
    private func finishErasures(_ keys: KeyRing) throws {
        let names = try pool.read { database in
            try fetch(
                database, "SELECT owner, section, MAX(generation) FROM erasure GROUP BY 1, 2", []
            ) { row in
                (
                    KeyName(owner: row.uuid(0), section: Section(rawValue: row.text(1))),
                    row.integer(2)
                )
            }
        }
        var numbers: Set<UInt64> = []
        for (name, last) in names {
            for generation in 0...max(0, last) {
                let number = keys.number(of: name, generation)
                if keys.key(number) != nil { numbers.insert(number) }
            }
        }
        guard !numbers.isEmpty else { return }
        let count = numbers.count
        let answers = keys.generation(of: .answers, beyond: PendingErasures())
        numbers.insert(keys.number(of: .answers, answers))
        try keys.destroy(numbers)
        logger.warning(
            "erasures that the journal tells of were finished", metadata: ["keys": "\(count)"])
    }

    private static func neededFile(_ database: Database) throws -> [UInt8]? {
        try fetch(database, "SELECT id FROM key_file", []) { $0.blob(0) }.first
    }
}
