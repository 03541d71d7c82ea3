import Foundation

/// The memory of the client and the server over the run.
struct SoakMemory {
    /// Shorter runs say nothing: allocators take a while to settle.
    static let secondsMin = 60.0
    private static let allowedShare = 0.1
    private static let allowedKiB = 8 * 1024.0

    private struct Sample {
        let second: Double
        /// Of the client and, where its process is known, of the server.
        let resident: [Int]
    }

    private let processes: [(name: String, id: Int32)]
    private let warmup: Double
    private var samples: [Sample] = []

    /// Watches this process and the server.
    ///
    /// `server`: its process; nil where it runs elsewhere. `warmup`: seconds that are not judged.
    init(server: Int32?, warmup: Double) {
        processes =
            [("client", ProcessInfo.processInfo.processIdentifier)]
            + (server.map { [("server", $0)] } ?? [])
        self.warmup = warmup
    }

    mutating func sample(at second: Double) {
        samples.append(
            Sample(second: second, resident: processes.map { Self.residentKiB($0.id) }))
    }

    var line: String {
        let last = samples.last?.resident ?? []
        return zip(processes, last).map { "\($0.name) \($1 / 1024) MiB" }.joined(separator: ", ")
    }

    /// What is wrong where the most memory of the last third is above that of the first.
    var growth: [String] {
        let judged = samples.filter { $0.second > warmup }
        let third = judged.count / 3
        guard third > 0 else { return ["the memory was not sampled"] }
        return processes.indices.compactMap { index in
            let all = judged.map { $0.resident[index] }
            let first = all.prefix(third).max() ?? 0
            let last = all.suffix(third).max() ?? 0
            let allowed = Double(first) * (1 + Self.allowedShare) + Self.allowedKiB
            print(
                "\(processes[index].name): at most \(first) KiB in the first third, "
                    + "\(last) KiB in the last")
            return Double(last) > allowed
                ? "the \(processes[index].name)'s memory grew from \(first) to \(last) KiB" : nil
        }
    }

    /// 0 where the process is gone; the calls tell of that.
    private static func residentKiB(_ process: Int32) -> Int {
        let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = text?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
            ?? 0
    }
}
