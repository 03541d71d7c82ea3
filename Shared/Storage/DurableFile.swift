internal import Glibc

/// Puts small files in the place of those before, in one step, and waits until they are on the disk.
enum DurableFile {
    /// Why a file was not written.
    enum WriteFailure: Error, CustomStringConvertible {
        /// Nothing was lost: the file is as it was, and may be written later.
        case postponed(String)
        /// The disk failed; what is on it is not known any more.
        case disk(String)

        var description: String {
            switch self {
            case .postponed(let reason), .disk(let reason): reason
            }
        }
    }

    /// Writes `bytes` to `name` in `directory`; its owner alone can read it.
    ///
    /// `wiping`: whether what stood there before is overwritten on the disk, as far as the file
    ///   system writes in place.
    static func replace(
        _ name: String, in directory: String, with bytes: [UInt8], wiping: Bool = false
    ) throws(WriteFailure) {
        let path = "\(directory)/\(name)"
        let draft = path + ".new"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .postponed(reason("open", name)) }
        do throws(WriteFailure) {
            defer { close(file) }
            try writeAll(bytes, to: file, name)
            guard fsync(file) == 0 else { throw .disk(reason("fsync", name)) }
        } catch {
            unlink(draft)
            throw error
        }
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .postponed(reason("open", name)) }
        defer { close(folder) }
        let before = wiping ? open(path, O_WRONLY | O_CLOEXEC) : -1
        defer { if before >= 0 { close(before) } }
        guard rename(draft, path) == 0 else { throw failure("rename", name) }
        guard fsync(folder) == 0 else { throw .disk(reason("fsync", name)) }
        if before >= 0 { wipe(before) }
    }

    /// Overwrites a file that has no name any more; that it is gone does not hang on this.
    private static func wipe(_ file: Int32) {
        let size = lseek(file, 0, SEEK_END)
        guard size > 0, lseek(file, 0, SEEK_SET) == 0 else { return }
        let zeros = [UInt8](repeating: 0, count: 4096)
        var left = Int(size)
        while left > 0 {
            let written = Glibc.write(file, zeros, min(left, zeros.count))
            guard written > 0 else { return }
            left -= written
        }
        fdatasync(file)
    }

    private static func writeAll(
        _ bytes: [UInt8], to file: Int32, _ name: String
    ) throws(WriteFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw failure("write", name) }
            rest = rest.dropFirst(written)
        }
    }

    private static func failure(_ call: String, _ name: String) -> WriteFailure {
        [ENOSPC, EDQUOT, EFBIG].contains(errno)
            ? .postponed(reason(call, name)) : .disk(reason(call, name))
    }

    private static func reason(_ call: String, _ name: String) -> String {
        "\(call) of the file \(name): \(String(cString: strerror(errno)))"
    }
}
