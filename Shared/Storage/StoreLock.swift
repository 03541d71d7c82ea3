internal import Glibc
internal import Synchronization

/// Keeps every other process away from a store for as long as it lives.
///
/// SQLite before 3.51.3 can lose acknowledged commits where one connection checkpoints while
/// another commits; with one process and one writer that cannot happen.
final class StoreLock: Sendable {
    private let descriptor: Mutex<Int32?>

    init(path: String) throws(StorageError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .failed("cannot open the lock file: errno \(errno)") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .locked(path: path)
        }
        self.descriptor = Mutex(descriptor)
    }

    /// Lets others in; a second time does nothing.
    func release() {
        if let open = descriptor.withLock({ $0.take() }) { close(open) }
    }

    deinit { release() }
}
