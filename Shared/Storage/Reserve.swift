internal import Foundation

/// Room beside the store that nothing else on the disk can take, for the few notes that must be
/// written when the disk is full: of reads in an emergency.
///
/// It is given back to the disk whole, and taken again at the next start.
struct Reserve: Sendable {
    /// Enough for some dozens of commits.
    private static let bytes: off_t = 512 * 1024

    private let path: String

    init(directory: String, name: String) { path = "\(directory)/\(name).reserve" }

    /// Takes the room; false where the disk has none.
    func take() -> Bool {
        let file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        guard posix_fallocate(file, 0, Self.bytes) == 0 else {
            // What was taken of it would only make the disk fuller.
            unlink(path)
            return false
        }
        return true
    }

    /// Gives the room to the store; false where it was given before.
    func release() -> Bool { unlink(path) == 0 }
}
