internal import GRDB
internal import Glibc
internal import Synchronization

/// Counts the writer's checkpoints, the only thing by which the database file may change.
final class Checkpoints: Sendable {
    /// Odd while one is being made.
    private let moves = Atomic<Int>(0)

    var count: Int { moves.load(ordering: .sequentiallyConsistent) }

    func making(_ checkpoint: () throws -> Void) rethrows {
        moves.add(1, ordering: .sequentiallyConsistent)
        defer { moves.add(1, ordering: .sequentiallyConsistent) }
        try checkpoint()
    }
}

/// What the file system says of the database file, between two checkpoints.
///
/// The time of the last change is the system's own: unlike that of the last writing it cannot be
/// set by whoever writes.
struct FileTrace: Sendable {
    private let device: UInt
    private let number: UInt
    private let changedSeconds: Int
    private let changedNanoseconds: Int
    private let checkpoints: Int

    /// Nil where a checkpoint is made meanwhile, or the system does not say.
    ///
    /// - Throws: ``StorageError/fileReplaced(path:)`` where there is no file.
    init?(path: String, _ checkpoints: Checkpoints) throws(StorageError) {
        let before = checkpoints.count
        var found = stat()
        guard stat(path, &found) == 0 else {
            if errno == ENOENT { throw .fileReplaced(path: path) }
            return nil
        }
        guard before % 2 == 0, checkpoints.count == before else { return nil }
        device = UInt(found.st_dev)
        number = UInt(found.st_ino)
        changedSeconds = Int(found.st_ctim.tv_sec)
        changedNanoseconds = Int(found.st_ctim.tv_nsec)
        self.checkpoints = before
    }

    func isSameFile(as other: FileTrace) -> Bool {
        (device, number) == (other.device, other.number)
    }

    /// Whether the file was changed since, and not by the writer.
    func isForeign(after other: FileTrace) -> Bool {
        checkpoints == other.checkpoints
            && (changedSeconds, changedNanoseconds)
                != (other.changedSeconds, other.changedNanoseconds)
    }
}

extension DatabaseError {
    /// Whether the file has other contents than this program gave it: its statements are good.
    var isOfForgery: Bool {
        [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR].contains(resultCode)
    }
}
