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

    /// A journal that fits its chain.
    struct Found {
        let end: JournalHead
        /// What the head file has; nil where there is none that can be read.
        let sealed: StoreMark?
        /// What stands between the two and was accepted; nil where they fit.
        let problem: StorageError?
    }

    /// Checks the end of the journal, and that the journal reaches as far as was sealed.
    func found() throws(StorageError) -> Found {
        do {
            let sealed = Result { try file.read() }
            let (end, problem): (JournalHead, StorageError?) = try pool.read { database in
                let end = try JournalRows.end(database)
                let known = try? sealed.get()?.head.position
                let from = max(0, min(end.position - checked, known ?? end.position))
                guard let anchor = try JournalRows.head(database, at: from) else {
                    throw StorageError.chainBroken(position: from)
                }
                var check = ChainCheck(chain, after: anchor)
                try check.finish(database)
                return (end, try misfit(sealed, end, database))
            }
            if let problem, acceptedAt == nil { throw problem }
            return Found(end: end, sealed: try? sealed.get(), problem: problem)
        } catch {
            throw StorageError(error)
        }
    }

    /// What stands between the sealed head and this journal; nil where they fit.
    private func misfit(
        _ sealed: Result<StoreMark?, any Error>, _ end: JournalHead, _ database: Database
    ) throws -> StorageError? {
        switch sealed {
        case .failure(let error): return StorageError(error)
        case .success(nil):
            return end.position == 0 ? nil : .headMissing(path: file.path)
        case .success(let mark?):
            let sealed = mark.head
            guard sealed.position <= end.position else {
                return .cutOff(sealed: sealed.position, found: end.position)
            }
            let found = try JournalRows.head(database, at: sealed.position)
            return found == sealed ? nil : .replaced(position: sealed.position)
        }
    }

    /// Notes in the journal that the store was restored, where that was accepted.
    ///
    /// `problem`: what was accepted; nil where there is nothing.
    func note(
        _ problem: StorageError?, _ found: Found, _ database: Database, _ journal: JournalAppender
    ) throws {
        guard let acceptedAt else { return }
        guard let problem else {
            return logger.warning(
                "a restored store was accepted in advance, and none was found; take that back")
        }
        let sealed = found.sealed?.head.position
        try journal.appendOwn(
            database, RestoreNote(sealed: sealed, found: found.end.position),
            verb: StoreWords.restored, at: acceptedAt)
        logger.warning(
            "a restored store was accepted",
            metadata: [
                "sealed": "\(sealed.map { "\($0)" } ?? "unknown")",
                "found": "\(found.end.position)", "reason": "\(problem)",
            ])
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
