import Foundation
import NIOCore
import NIOPosix
import TestKit

/// Ends of connections in another program, which keeps no rule of ours.
final class ForeignPeers: Sendable {
    struct Peer: Encodable {
        let side: String
        let habit: String
        let host: String
        let certificate: String
        let key: String
        let authorities: String
        let port: Int
    }

    /// What became of one.
    struct End: Decodable {
        /// Bytes of the application that it got.
        let got: Int
        let end: String
    }

    private let process = Process()
    private let output: String
    private let directory: TemporaryDirectory

    /// Starts them; each does its part when those before it have ended.
    init(_ peers: [Peer]) throws {
        directory = try TemporaryDirectory()
        let input = try directory.write(
            "peers.json", String(decoding: JSONEncoder().encode(peers), as: UTF8.self))
        // Files, because a pipe may be inherited by what other tests start, and then never ends.
        output = try directory.write("ends", "")
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("peers.py").path
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [script]
        process.standardInput = FileHandle(forReadingAtPath: input)
        process.standardOutput = FileHandle(forWritingAtPath: output)
        try process.run()
    }

    deinit { process.terminate() }

    /// Where each listens that does; 0 for the others.
    func ports() async throws -> [Int] { try await line(0) }

    /// What became of the peer with this number.
    func end(_ number: Int) async throws -> End { try await line(number + 1) }

    /// A line of the output, as soon as it is whole.
    private func line<Value: Decodable>(_ number: Int) async throws -> Value {
        while true {
            let text = try String(contentsOfFile: output, encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            // What follows the last line's end is not a line.
            if lines.count > number + 1 {
                return try JSONDecoder().decode(Value.self, from: Data(lines[number].utf8))
            }
            guard process.isRunning else { throw CocoaError(.fileReadUnknown) }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
