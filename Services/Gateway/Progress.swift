import Foundation

/// How far a long piece of work has come, on a terminal; silent elsewhere.
struct Progress {
    private let label: String
    private let total: Int
    private var done = 0
    private let isShown = isatty(STDERR_FILENO) == 1

    init(label: String, total: Int) {
        self.label = label
        self.total = total
    }

    mutating func advance(by count: Int) {
        done += count
        show("\r\(label): \(done) of \(total)")
    }

    func finish() {
        if done > 0 { show("\n") }
    }

    private func show(_ text: String) {
        if isShown { FileHandle.standardError.write(Data(text.utf8)) }
    }
}
