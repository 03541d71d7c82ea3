import CBOR
import Foundation
import NIOCore
import RPC
import Testing
import Vocabulary

@Suite("A failure")
struct FailureTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test("has for every status the outcome and the advice that the specification's table says")
    func table() throws {
        let text = try String(
            contentsOf: Self.root.appendingPathComponent("Shared/PROTOCOL.md"), encoding: .utf8)
        let outcomes: [String: Outcome] = [
            "processed": .processed, "not processed": .notProcessed, "unknown": .unknown,
        ]
        let advice: [String: RetryAdvice] = ["never": .never, "later": .later]
        var found: Set<StatusCode> = []
        for line in text.split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count >= 4, let number = UInt8(cells[0]), outcomes[cells[2]] != nil else {
                continue
            }
            let code = try #require(StatusCode(rawValue: number))
            #expect("\(code)" == cells[1])
            #expect(code.usualOutcome == outcomes[cells[2]], "\(code)")
            #expect(code.usualRetry == advice[cells[3]], "\(code)")
            let failure = RPCFailure(code, "x")
            #expect(failure.outcome == code.usualOutcome)
            #expect(failure.retry == code.usualRetry)
            found.insert(code)
        }
        #expect(found == Set(StatusCode.allCases))
    }

    private struct Vector: Decodable {
        struct Fields: Decodable {
            let status: UInt8?
            let message: String?
            let outcome: UInt8?
            let retry: UInt8?
            let wait: Int?
            let rule: String?
            let field: String?
            let origin: [String]?
            let call: String?
            let position: Int64?
            let microseconds: Int64?
            let waited: Int64?
            let details: [[String]]?
        }
        let name: String
        let kind: String
        let payload: String
        let fields: Fields
        let canonical: Bool?

        var bytes: [UInt8] {
            stride(from: 0, to: payload.utf8.count, by: 2).compactMap {
                UInt8(payload.dropFirst($0).prefix(2), radix: 16)
            }
        }
    }

    private struct File: Decodable {
        let vectors: [Vector]
    }

    @Test("is read from the vectors, as are notes, and written as the same bytes")
    func vectors() throws {
        let file = Self.root.appendingPathComponent("Tests/WireTests/Vectors/replies.json")
        let vectors = try JSONDecoder().decode(File.self, from: Data(contentsOf: file)).vectors
        #expect(vectors.count >= 8)
        for vector in vectors {
            let fields = vector.fields
            var written: ByteBuffer
            if vector.kind == "failure" {
                let failure = try CBORDecoder().decode(RPCFailure.self, from: vector.bytes)
                #expect(failure.code.rawValue == fields.status, "\(vector.name)")
                #expect(failure.message == fields.message, "\(vector.name)")
                #expect(failure.outcome.rawValue == fields.outcome, "\(vector.name)")
                #expect(failure.retry.rawValue == fields.retry, "\(vector.name)")
                #expect(failure.retryAfterMilliseconds == fields.wait, "\(vector.name)")
                #expect(failure.rule == fields.rule, "\(vector.name)")
                #expect(failure.field == fields.field, "\(vector.name)")
                #expect(failure.origin == fields.origin, "\(vector.name)")
                #expect(failure.call == fields.call, "\(vector.name)")
                let details = failure.details?.map { [$0.type, ByteBuffer(bytes: $0.value).hex] }
                #expect(details == fields.details, "\(vector.name)")
                written = try CBOREncoder().encode(failure)
            } else {
                let notes = try CBORDecoder().decode(ReplyNotes.self, from: vector.bytes)
                #expect(notes.position == fields.position, "\(vector.name)")
                #expect(notes.serverMicroseconds == fields.microseconds, "\(vector.name)")
                #expect(notes.queueMicroseconds == fields.waited, "\(vector.name)")
                written = try CBOREncoder().encode(notes)
            }
            guard vector.canonical == true else { continue }
            #expect(written == ByteBuffer(bytes: vector.bytes), "\(vector.name)")
        }
    }
}

extension ByteBuffer {
    fileprivate var hex: String {
        readableBytesView.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
