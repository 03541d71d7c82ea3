import CBOR
import Foundation
import NIOCore
import RPC

/// One call as it was: its request, and all that came back.
struct RecordedCall: Codable, Hashable, Sendable {
    let method: String
    /// The role or the service that called; what a service tells depends on it.
    let by: String
    /// CBOR in hexadecimal digits.
    let request: String
    /// One for a method with one reply; those of a stream in their order.
    let replies: [String]
}

/// What one version of a service was asked and answered: a file of the corpus.
struct CorpusFile: Codable, Sendable {
    /// Of the program that encoded the messages, without the patch: `0.1`.
    let version: String
    let calls: [RecordedCall]

    /// One call a line, so that a difference shows what it is about.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lines = try calls.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        return "{\"version\":\"\(version)\",\"calls\":[\n" + lines.joined(separator: ",\n")
            + "\n]}\n"
    }
}

/// The folder beside this file: a folder for each version, a file for each service.
enum CorpusFolder {
    static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Corpus")

    /// Every call of every version, the oldest version first.
    static func calls() throws -> [VersionedCall] {
        let folders = try FileManager.default.contentsOfDirectory(
            at: path, includingPropertiesForKeys: nil
        ).sorted { $0.path < $1.path }
        return try folders.flatMap { folder in
            try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: nil
            ).sorted { $0.path < $1.path }.flatMap { file in
                let content = try JSONDecoder().decode(
                    CorpusFile.self, from: Data(contentsOf: file))
                return content.calls.enumerated().map { index, call in
                    VersionedCall(version: content.version, number: index, call: call)
                }
            }
        }
    }

    /// Writes the files of one version.
    static func write(_ calls: [RecordedCall], version: String) throws {
        let folder = path.appendingPathComponent("v\(version)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let services = Dictionary(grouping: calls) { $0.method.prefix { $0 != "." } }
        for (service, calls) in services {
            let text = try CorpusFile(version: version, calls: calls).text()
            try Data(text.utf8).write(to: folder.appendingPathComponent("\(service).json"))
        }
    }
}

/// A call of the corpus, with what finds it in the files.
struct VersionedCall: Sendable, CustomStringConvertible {
    let version: String
    let number: Int
    let call: RecordedCall

    var description: String { "v\(version) \(call.method) by \(call.by) (call \(number))" }
}

/// Bytes as hexadecimal digits, and back.
enum Hex {
    static func text(_ buffer: ByteBuffer) -> String {
        CBORValue.hex(Array(buffer.readableBytesView))
    }

    static func buffer(_ text: String) throws -> ByteBuffer {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let high = rest.popFirst() {
            guard let low = rest.popFirst(),
                let digits = String(bytes: [high, low], encoding: .utf8),
                let byte = UInt8(digits, radix: 16)
            else { throw CorpusProblem(description: "\(text.prefix(20))… is not hexadecimal") }
            bytes.append(byte)
        }
        return ByteBuffer(bytes: bytes)
    }
}

struct CorpusProblem: Error, CustomStringConvertible {
    let description: String
}
