import Foundation
import Shared

/// Writes files whole or not at all, as nobody else may read them where that is wanted.
enum SafeFile {
    /// For its owner alone.
    static let secret: mode_t = 0o600
    static let open: mode_t = 0o644

    /// Puts a file in its place at one moment, on the disk before this returns.
    ///
    /// It has its mode from its first byte on, whatever the process's umask is.
    /// `replacing`: whether a file that is there gives way; else it is refused.
    static func put(_ text: String, at path: String, mode: mode_t, replacing: Bool = true) throws {
        let new = "\(path).\(UInt64.random(in: .min ... .max)).new"
        let file = Foundation.open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0o600)
        guard file >= 0 else { throw problem(path) }
        defer { unlink(new) }
        let isWritten =
            write(Array(text.utf8), to: file) && fchmod(file, mode) == 0
            && fsync(file) == 0
        guard Foundation.close(file) == 0, isWritten else { throw problem(path) }
        // A link is refused where there is a file, a rename is not.
        guard (replacing ? rename(new, path) : link(new, path)) == 0 else {
            guard errno != EEXIST else {
                throw GatewayProblem("\(path) is there already, and is not overwritten")
            }
            throw problem(path)
        }
        sync(directoryOf: path)
    }

    /// Makes a directory for its owner alone where there is none.
    static func makeDirectory(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw GatewayProblem("cannot make the directory \(path)", .other)
        }
    }

    static func read(_ path: String) throws -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw GatewayProblem("\(path) cannot be read")
        }
        return text
    }

    private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func sync(directoryOf path: String) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let file = Foundation.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { return }
        fsync(file)
        Foundation.close(file)
    }

    private static func problem(_ path: String) -> GatewayProblem {
        GatewayProblem("cannot write \(path): \(String(cString: strerror(errno)))", .other)
    }
}
