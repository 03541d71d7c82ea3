internal import FoundationEssentials

/// A file beside the store that says: the next start shall check the whole journal and all tables
/// before it answers anything.
///
/// A start checks the end of the journal alone, and the rest while it answers already. Where a running
/// service has found journal or tables altered that would show what is altered once more.
struct AlarmFile: Sendable {
    let path: String

    /// Names the file of the store `name` in `directory`.
    init(directory: String, name: String) { path = "\(directory)/\(name).alarm" }

    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    func write(_ reason: String) throws {
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data((reason + "\n").utf8),
                attributes: [.posixPermissions: 0o600])
        else { throw StorageError.failed("the alarm file cannot be written") }
    }

    func remove() throws { if exists { try FileManager.default.removeItem(atPath: path) } }
}
