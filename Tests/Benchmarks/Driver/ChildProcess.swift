import Foundation

/// A process of the driver, with its lines as they come.
final class ChildProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let log: String
    private var received: [UInt8] = []

    var id: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// Starts it.
    ///
    /// `program`: the path of the executable.
    /// `pinned`: on the first processor alone.
    /// `log`: the file for what it says on standard error.
    init(
        _ program: String, _ arguments: [String], pinned: Bool, environment: [String: String],
        log: String
    ) throws {
        self.log = log
        try Data().write(to: URL(fileURLWithPath: log))
        let errors = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        // Where the driver is interrupted, what it has started ends too.
        process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
        process.arguments =
            ["--pdeathsig", "KILL"] + (pinned ? ["taskset", "-c", "0"] : []) + [program]
            + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
    }

    /// The next line of its standard output; nil at the end, or when the time is over.
    func line(within seconds: Double) -> String? {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while true {
            if let end = received.firstIndex(of: 0x0a) {
                defer { received.removeSubrange(...end) }
                return String(decoding: received[..<end], as: UTF8.self)
            }
            let file = output.fileHandleForReading.fileDescriptor
            var ready = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            let left = Int32(max(0, deadline.timeIntervalSinceNow * 1000))
            guard poll(&ready, 1, left) > 0 else { return nil }
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = read(file, &chunk, chunk.count)
            guard count > 0 else { return nil }
            received.append(contentsOf: chunk[..<count])
        }
    }

    /// Ends its standard input, waits so many seconds at most, and returns its exit code.
    func finish(within seconds: Double = 10) -> Int32 {
        try? input.fileHandleForWriting.close()
        return leave(within: seconds)
    }

    /// Asks it to end, and ends it where it does not within two seconds.
    @discardableResult
    func stop() -> Int32 {
        if process.isRunning { process.terminate() }
        return leave(within: 2)
    }

    /// The end of what it said on standard error.
    var lastWords: String {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(3).joined(separator: "; ")
    }

    private func leave(within seconds: Double) -> Int32 {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while process.isRunning, Date() < deadline { usleep(2000) }
        if process.isRunning { kill(id, SIGKILL) }
        process.waitUntilExit()
        return process.terminationStatus
    }
}
