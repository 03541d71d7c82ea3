internal import COpenSSL

/// How the process's allocator treats large buffers.
enum ProcessMemory {
    /// Keeps freed memory of large messages for the next ones, up to 16 MiB for each thread that
    /// allocates.
    ///
    /// By default it goes back to the system each time, which must then clear every page again: a
    /// message of 1 MiB cost more there than in all of TLS. Evaluated once.
    static let isKept: Bool = {
        pulih_keep_memory(8 * 1024 * 1024, 16 * 1024 * 1024) == 1
    }()
}
