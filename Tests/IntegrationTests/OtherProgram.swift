import Foundation
import TestKit

/// A program of the system, run to its end.
struct OtherProgram {
    let status: Int32
    /// Standard output and standard error, as they came.
    let output: String

    /// Runs a command, whose first word is the path of its program.
    init(_ command: String...) async throws {
        let directory = try TemporaryDirectory()
        // A file, because a pipe that nobody empties would stop the program.
        let file = try directory.write("output", "")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardOutput = FileHandle(forWritingAtPath: file)
        process.standardError = process.standardOutput
        // A blocked thread would keep other tests from running: there are as few as cores.
        status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        output = try String(contentsOfFile: file, encoding: .utf8)
    }
}
