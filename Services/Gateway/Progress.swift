import Foundation
import Synchronization

/// Shows on a terminal how far long work has come: `importing 12/432`.
///
/// Nothing is drawn where standard error is not a terminal, so logs stay clean.
final class Progress: Sendable {
    private let label: String
    private let total: Int
    private let draw: (@Sendable (String) -> Void)?
    private let done = Mutex(0)

    /// Says what is being done and how many steps it has.
    convenience init(label: String, total: Int) {
        let isTerminal = isatty(STDERR_FILENO) == 1
        self.init(label: label, total: total, draw: isTerminal ? Self.writeToTerminal : nil)
    }

    /// `draw`: shows a text in place of the one before; nil to show nothing.
    init(label: String, total: Int, draw: (@Sendable (String) -> Void)?) {
        self.label = label
        self.total = total
        self.draw = draw
        draw?(text(0))
    }

    func advance(by steps: Int = 1) {
        done.withLock { done in
            done = min(done + steps, total)
            draw?(text(done))
        }
    }

    /// Clears the line, so that what follows stands alone.
    func finish() { draw?("") }

    private func text(_ done: Int) -> String { "\(label) \(done)/\(total)" }

    /// Back to the start of the line, the text, and away with what was longer.
    private static func writeToTerminal(_ text: String) {
        FileHandle.standardError.write(Data("\r\(text)\u{1b}[K".utf8))
    }
}
