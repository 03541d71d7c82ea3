/// Why a store cannot be opened, or an operation on it was not done.
package enum StorageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process has the store open.
    case locked(path: String)
    /// The file was written by a later version of this program; it was not touched.
    case newerSchema(found: Int, known: Int)
    /// A setting that durability or integrity stands on did not take.
    case setting(name: String, found: String)
    /// The journal is not what was written: the first entry that does not fit its chain.
    case chainBroken(position: Int64)
    /// The journal ends before an entry that was sealed as written.
    case cutOff(sealed: Int64, found: Int64)
    /// The journal's entry at a sealed position is not the one that was sealed.
    case replaced(position: Int64)
    /// While the store was open, another file was put in the place of the database, or none.
    case fileReplaced(path: String)
    /// There is a journal, but no sealed head to hold it against.
    case headMissing(path: String)
    /// The sealed head was altered, or sealed with another key.
    case headUnreadable(path: String)
    /// Another program has altered these tables, or one of the objects that the store consists of.
    case tablesAltered([String])
    /// What the tables should hold is sealed nowhere, or otherwise than this program seals it.
    case tablesUnsealed
    /// The tables are of an earlier moment than was sealed: so often were they sealed.
    case tablesPutBack(sealed: Int64, found: Int64)
    /// A migration that was applied to this store reads otherwise in this program.
    case migrationEdited(owner: String, number: Int)
    /// The key of the journal is not 32 bytes long.
    case keyLength
    /// The encryption key is not 32 bytes long.
    case encryptionKeyLength
    /// The database needs a key file, and there is none.
    case keysMissing(path: String)
    /// The key file was altered, or belongs to a store of another name.
    case keysUnreadable(path: String)
    /// The key file is sealed under another encryption key.
    case keysUnderAnother(path: String)
    /// The key file is not the one that this database needs.
    case keysOfAnother(path: String)
    /// A stored record is not what was stored at its place.
    case tampered(noun: String)
    /// A call was carried out before, and its answer was erased since.
    case answerErased
    /// What was to be erased is under a legal hold.
    case held([String])
    /// More writes wait than the queue holds.
    case overloaded(limit: Int)
    /// The disk is full; nothing of the operation was kept.
    case diskFull
    /// The same idempotency key came with another call.
    case keyReused
    /// A constraint of the schema refused the row.
    case constraint(String)
    /// A row or entry is not readable by this version.
    case unreadable(noun: String)
    case closed
    /// Anything else, in SQLite's words; for the log, never for callers.
    case failed(String)

    /// The tables that it says are altered; nil where it speaks of something else.
    package var alteredTables: [String]? {
        switch self {
        case .tablesAltered(let tables): tables
        case .tablesUnsealed, .tablesPutBack: ["table_seal"]
        default: nil
        }
    }

    package var description: String {
        switch self {
        case .locked(let path):
            "the store at \(path) is in use by another process; stop that one first"
        case .newerSchema(let found, let known):
            "the store has schema \(found), this program knows \(known): run the newer program"
        case .setting(let name, let found):
            "the store's setting \(name) reads back as \(found); it must not be used like this"
        case .chainBroken(let position):
            "the journal's entry \(position) does not fit the chain: the store was altered, or "
                + "the journal key is another one"
        case .cutOff(let sealed, let found):
            "the journal ends at entry \(found), but entry \(sealed) was written: the newest "
                + "entries were cut off, or an older copy was put back. \(Self.restoring)"
        case .replaced(let position):
            "the journal's entry \(position) is not the one that was written: another copy of "
                + "the store was put in its place. \(Self.restoring)"
        case .fileReplaced(let path):
            "another file is in the place of \(path) than the one that this process has open: stop "
                + "the service, keep both the file and its copies, and find out who did it"
        case .headMissing(let path):
            "the sealed head \(path) is missing, so nobody can tell whether the journal is "
                + "whole. \(Self.restoring)"
        case .headUnreadable(let path):
            "the sealed head \(path) was altered, or sealed with another journal key. "
                + Self.restoring
        case .tablesAltered([TablesCheck.schema]):
            "another program has added, removed or altered a table, index, trigger or view of the "
                + "store: put a backup back"
        case .tablesAltered(let tables):
            "tables hold something else than was written: \(tables.joined(separator: ", ")). "
                + Self.remaking
        case .tablesUnsealed:
            "the seal of the tables is missing, altered, or of another moment than the journal. "
                + Self.remaking
        case .tablesPutBack(let sealed, let found):
            "the tables were sealed \(sealed) times, but are of the moment when it was the "
                + "\(found)th: older ones were put back. \(Self.remaking)"
        case .migrationEdited(let owner, let number):
            "change \(number) of the \(owner)'s tables was applied to this store in another "
                + "wording: run the program that wrote it; never edit a shipped migration"
        case .keyLength: "the journal key must have 32 bytes"
        case .encryptionKeyLength: "the encryption key must have 32 bytes"
        case .keysMissing(let path):
            "the key file \(path) is missing, and without it nothing sealed can be read: put its "
                + "copy back, which is kept apart from the backups of the database"
        case .keysUnreadable(let path):
            "the key file \(path) was altered, or is of another service: put its copy back"
        case .keysUnderAnother(let path):
            "the key file \(path) is sealed under another encryption key: give that one as "
                + "store.encryptionKey, or as store.encryptionKeyBefore where it is being changed"
        case .keysOfAnother(let path):
            "the key file \(path) is not that of this database: put the copy back that belongs "
                + "to it"
        case .tampered(let noun):
            "a stored \(noun) is not what was stored: it was altered, moved or put back; the "
                + "service's log says which"
        case .answerErased:
            "this call was carried out before, and its answer was erased since; look up what it did"
        case .held(let holds):
            "a legal hold forbids to erase this: \(holds.joined(separator: "; "))"
        case .overloaded(let limit): "more than \(limit) writes are waiting; try again shortly"
        case .diskFull: "the disk is full; nothing was stored"
        case .keyReused: "this idempotency key was used for another call; take a new one"
        case .constraint(let name): "the record contradicts one that is stored (\(name))"
        case .unreadable(let noun): "a stored \(noun) cannot be read by this version"
        case .closed: "the store is closed"
        case .failed: "the store failed"
        }
    }

    private static let remaking =
        "Another program has written to the store: keep a copy of the files, find out who did it, "
        + "and make the tables anew from the journal with --rebuild"

    package static let restoring =
        "If a backup was restored on purpose, start once with store.acceptRestored=true; that is "
        + "noted in the journal. If not, keep the files as they are and find out who did it"
}
