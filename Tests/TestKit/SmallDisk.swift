internal import Foundation

/// A file system in memory that is soon full; it needs root.
package final class SmallDisk: Sendable {
    private let path: String

    package init(at path: String, megabytes: Int) throws {
        self.path = path
        try Self.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path)
    }

    /// Takes all room there is.
    package func fill() {
        let ballast = path + "/ballast"
        if !FileManager.default.fileExists(atPath: ballast) {
            _ = FileManager.default.createFile(atPath: ballast, contents: nil)
        }
        guard let file = FileHandle(forWritingAtPath: ballast) else { return }
        _ = try? file.seekToEnd()
        for size in [65_536, 4096] {
            while (try? file.write(contentsOf: Data(count: size))) != nil {}
        }
        try? file.close()
    }

    /// Whoever has files open there closes them first.
    package func unmount() { try? Self.run("umount", path) }

    private static func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/\(arguments[0])")
        process.arguments = Array(arguments.dropFirst())
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CocoaError(.fileWriteUnknown)
        }
    }
}
