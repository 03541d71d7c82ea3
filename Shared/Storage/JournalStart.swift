internal import CBOR
internal import FoundationEssentials
internal import GRDB
internal import Logging
internal import NIOCore
internal import Vocabulary

/// Holds a journal against its chain and its sealed head before anything is answered from it.
struct JournalStart {
    let pool: DatabasePool
    let chain: JournalChain
    let file: HeadFile
    /// Entries at the end that are checked, beside all since the last seal.
    let checked: Int64
    /// When somebody accepted that the store was restored from a backup; nil where nobody did.
    let acceptedAt: Timestamp?
    let logger: Logger

    /// The end of the journal and of what is sealed of it.
    struct Heads {
        var journal: JournalHead
        var sealed: JournalHead
    }

    /// Checks the end of the journal, and that the journal reaches as far as was sealed.
    func heads() throws(StorageError) -> Heads {
        do {
            let sealed = Result { try file.read() }
            let (end, problem): (JournalHead, StorageError?) = try pool.read { database in
                let end = try JournalRows.end(database)
                let known = try? sealed.get()?.position
                let from = max(0, min(end.position - checked, known ?? end.position))
                guard let anchor = try JournalRows.head(database, at: from) else {
                    throw StorageError.chainBroken(position: from)
                }
                var check = ChainCheck(chain, after: anchor)
                try check.finish(database)
                return (end, try misfit(sealed, end, database))
            }
            if let problem {
                guard let acceptedAt else { throw problem }
                return try accept(problem, sealed: try? sealed.get(), end: end, at: acceptedAt)
            }
            if acceptedAt != nil {
                logger.warning(
                    "a restored store was accepted in advance, and none was found; take that back")
            }
            if let sealed = try sealed.get() { return Heads(journal: end, sealed: sealed) }
            // Only an empty journal comes here: a new store.
            try seal(end)
            return Heads(journal: end, sealed: end)
        } catch {
            throw StorageError(error)
        }
    }

    /// What stands between the sealed head and this journal; nil where they fit.
    private func misfit(
        _ sealed: Result<JournalHead?, any Error>, _ end: JournalHead, _ database: Database
    ) throws -> StorageError? {
        switch sealed {
        case .failure(let error): return StorageError(error)
        case .success(nil):
            return end.position == 0 ? nil : .headMissing(path: file.path)
        case .success(let sealed?):
            guard sealed.position <= end.position else {
                return .cutOff(sealed: sealed.position, found: end.position)
            }
            let found = try JournalRows.head(database, at: sealed.position)
            return found == sealed ? nil : .replaced(position: sealed.position)
        }
    }

    /// Notes in the journal that it was restored, and seals it as it is.
    private func accept(
        _ problem: StorageError, sealed: JournalHead?, end: JournalHead, at time: Timestamp
    ) throws -> Heads {
        let note = RestoreNote(sealed: sealed?.position, found: end.position)
        let head = try pool.write { database in
            let journal = JournalAppender(chain: chain, head: end)
            let body = Array(try CBOREncoder().encode(note).readableBytesView)
            try journal.append(
                database, noun: StoreWords.noun, verb: StoreWords.restored,
                key: IdempotencyKey.random(at: time).uuid, subject: nil, body: body,
                actor: "store", at: time)
            return journal.head
        }
        logger.warning(
            "a restored store was accepted",
            metadata: [
                "sealed": "\(sealed.map { "\($0.position)" } ?? "unknown")",
                "found": "\(end.position)", "reason": "\(problem)",
            ])
        try seal(head)
        return Heads(journal: head, sealed: head)
    }

    private func seal(_ head: JournalHead) throws(StorageError) {
        do {
            try file.write(head)
        } catch {
            throw .failed(error.description)
        }
    }
}

/// What the journal says of a restore: how far it had got before, as far as that is known.
struct RestoreNote: Codable {
    let sealed: Int64?
    let found: Int64
    /// The witness that had held `sealed`; nil where it was the sealed head beside the store.
    var witness: String?

    private enum CodingKeys: Int, CodingKey {
        case sealed = 1
        case found = 2
        case witness = 3
    }
}
