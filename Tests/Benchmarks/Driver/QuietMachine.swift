import Foundation

/// Tells whether something else uses the processors.
enum QuietMachine {
    /// More than this share of all processors in use means that figures are not to be trusted.
    private static let bearable = 0.08

    /// Waits up to a minute for the machine to be quiet; false where it is not.
    static func await() -> Bool {
        for attempt in 0..<60 {
            let share = busyShare()
            if share <= bearable { return true }
            if attempt == 0 {
                Console.note(
                    "Something else uses \(Int(share * 100)) % of this machine;"
                        + " waiting up to a minute.")
            }
        }
        Console.note("The machine is not quiet: the figures will be marked as disturbed.")
        return false
    }

    /// Whether it is quiet during one second.
    static func isQuiet() -> Bool { busyShare() <= bearable }

    /// The share of processor time that was used over one second; what a hypervisor took counts.
    private static func busyShare() -> Double {
        let before = times()
        Thread.sleep(forTimeInterval: 1)
        let after = times()
        guard before.count > 4, after.count == before.count else { return 0 }
        let passed = zip(after, before).map { $0 - $1 }
        let total = passed.reduce(0, +)
        // The fourth and fifth are idle and waiting for a disk.
        return total > 0 ? 1 - (passed[3] + passed[4]) / total : 0
    }

    private static func times() -> [Double] {
        let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8)
        let line = text?.split(separator: "\n").first ?? ""
        // The last two, of guests, are contained in the first two.
        return line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
    }
}

/// Notes go to standard error, results to standard output.
enum Console {
    static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
