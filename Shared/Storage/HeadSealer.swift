internal import Dispatch
internal import Logging

/// Seals the store's mark every few seconds while it moves; on the writer's thread alone.
///
/// A commit never waits for a seal of its own: one seal stands for all commits since the last.
final class HeadSealer {
    private let file: HeadFile
    private let interval: DispatchTimeInterval
    private let logger: Logger
    private var sealed: StoreMark
    private var last = DispatchTime.now()
    private var isBehind = false

    /// `sealed`: what the file holds now.
    init(_ file: HeadFile, sealed: StoreMark, every interval: Duration, logger: Logger) {
        self.file = file
        self.sealed = sealed
        self.interval = .milliseconds(
            Int(clamping: interval.components.seconds) * 1000
                + Int(interval.components.attoseconds / 1_000_000_000_000_000))
        self.logger = logger
    }

    /// When to seal next; nil while nothing has moved.
    func due(_ mark: StoreMark) -> DispatchTime? {
        mark == sealed ? nil : last + interval
    }

    /// Seals where the time has come, or at once where `now` is given.
    ///
    /// - Throws: ``DurableFile/WriteFailure`` only where the disk failed; a full one is tried again.
    func seal(_ mark: StoreMark, now: Bool = false) throws(DurableFile.WriteFailure) {
        guard let due = due(mark), now || due <= .now() else { return }
        last = .now()
        do throws(DurableFile.WriteFailure) {
            try file.write(mark)
            sealed = mark
            isBehind = false
        } catch {
            guard case .postponed(let reason) = error else { throw error }
            if !isBehind {
                logger.warning(
                    "the journal's head could not be sealed; trying again",
                    metadata: ["reason": "\(reason)"])
            }
            isBehind = true
        }
    }
}
