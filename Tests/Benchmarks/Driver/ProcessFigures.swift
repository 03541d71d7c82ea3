import Foundation

/// What the system tells of a running process.
enum ProcessFigures {
    /// The process is gone, or the system is not Linux.
    struct Unreadable: Error, CustomStringConvertible {
        let file: String

        var description: String { "\(file) cannot be read" }
    }

    /// Processor time used so far by all its threads, in seconds.
    static func cpuSeconds(_ process: Int32) throws -> Double {
        let file = "/proc/\(process)/stat"
        // The name of the program, in parentheses, may hold spaces.
        guard let text = try? String(contentsOfFile: file, encoding: .utf8),
            let name = text.lastIndex(of: ")")
        else { throw Unreadable(file: file) }
        let fields = text[name...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13])
        else { throw Unreadable(file: file) }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The most memory it has had, in KiB.
    static func peakKiB(_ process: Int32) throws -> Int { try status(process, "VmHWM") }

    /// The memory it has now, in KiB.
    static func residentKiB(_ process: Int32) throws -> Int { try status(process, "VmRSS") }

    private static func status(_ process: Int32, _ field: String) throws -> Int {
        let file = "/proc/\(process)/status"
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw Unreadable(file: file)
        }
        for line in text.split(separator: "\n") where line.hasPrefix(field + ":") {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count > 1, let number = Int(words[1]) { return number }
        }
        throw Unreadable(file: file)
    }
}
