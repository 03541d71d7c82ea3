import CBOR
import Foundation
import NIOCore
import Testing

@Suite("Hostile bytes")
struct HostileBytesTests {
    struct Vector: Decodable, Sendable, CustomTestStringConvertible {
        let hex: String
        let diagnostic: String?
        let error: String?

        var testDescription: String { hex }

        var bytes: [UInt8] {
            stride(from: 0, to: hex.utf8.count, by: 2).compactMap {
                UInt8(hex.dropFirst($0).prefix(2), radix: 16)
            }
        }
    }

    static var vectors: [Vector] {
        get throws {
            let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("Vectors/rfc8949.json")
            return try JSONDecoder().decode([Vector].self, from: Data(contentsOf: file))
        }
    }

    @Test("are read as RFC 8949 says, or refused by the right rule")
    func vectors() throws {
        for vector in try Self.vectors {
            let buffer = ByteBuffer(bytes: vector.bytes)
            if let expected = vector.diagnostic {
                #expect(try CBORValue(buffer).diagnostic == expected, "\(vector.hex)")
            } else {
                let error = #expect(throws: CBORError.self, "\(vector.hex)") {
                    try CBORValue(buffer)
                }
                #expect(error?.kind.rawValue == vector.error, "\(vector.hex)")
            }
        }
    }

    @Test(
        "nested deeper than 32 are refused, also by the hundred thousand", arguments: [33, 100_000])
    func depth(levels: Int) {
        for opening: UInt8 in [0x81, 0xc1] {
            let bytes = [UInt8](repeating: opening, count: levels) + [0]
            let error = #expect(throws: CBORError.self) {
                try CBORDecoder().decode(CBORValue.self, from: bytes)
            }
            #expect(error?.kind == .depthExceeded)
        }
        let allowed = [UInt8](repeating: 0x81, count: 32) + [0]
        #expect(throws: Never.self) { try CBORValue(ByteBuffer(bytes: allowed)) }
    }

    @Test("that each claim as many entries as bytes are left reserve nothing")
    func nestedLengths() {
        // Every list says it has as many entries as there are bytes; the depth ends it.
        var bytes: [UInt8] = []
        for _ in 0..<10_000 { bytes += [0x99, 0x75, 0x30] }
        bytes += [UInt8](repeating: 0, count: 20_000)
        #expect(throws: CBORError.self) { try CBORValue(ByteBuffer(bytes: bytes)) }
    }

    @Test("larger than the limit are refused before they are looked at")
    func size() {
        let bytes = [UInt8](repeating: 0x80, count: 101)
        let error = #expect(throws: CBORError.self) {
            try CBORDecoder(limits: DecodingLimits(bytes: 100)).decode([Int].self, from: bytes)
        }
        #expect(error?.kind == .tooLarge)
    }

    private struct Message: Codable {
        var id: UUID
        var name: String
        var days: [Int]
        var scores: [String: Double]
        var when: Date
    }

    private static func message() throws -> [UInt8] {
        let value = Message(
            id: UUID(), name: "Peserta 7", days: Array(0..<40), scores: ["a": 1.5, "b": -2],
            when: Date(timeIntervalSince1970: 1))
        return Array(try CBOREncoder().encode(value).readableBytesView)
    }

    @Test("cut off anywhere are refused")
    func truncation() throws {
        let bytes = try Self.message()
        for count in 0..<bytes.count {
            #expect(throws: CBORError.self) {
                try CBORDecoder().decode(Message.self, from: Array(bytes[..<count]))
            }
        }
    }

    @Test("changed at random never trap, and what is read can be written again")
    func mutation() throws {
        var random = Seeded(state: 42)
        let original = try Self.message()
        var accepted = 0
        for _ in 0..<50_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            if let value = try? CBORDecoder().decode(Message.self, from: bytes) {
                accepted += 1
                _ = try CBOREncoder().encode(value)
            }
            _ = try? CBORValue(ByteBuffer(bytes: bytes)).diagnostic
        }
        // Some mutations only change a value: a run in which none was read tested nothing.
        #expect(accepted > 100)
    }

    @Test("with keys in reverse order cost no more than a few looks at each")
    func reversedKeys() throws {
        let pairs = (0..<20_000).map { (String(format: "%06d", $0), $0) }
        let map = CBORValue.map(
            pairs.reversed().map { CBORPair(key: .text($0.0), value: .unsigned(UInt64($0.1))) })
        let bytes = try CBOREncoder().encode(map)
        let value = try CBORDecoder().decode([String: Int].self, from: bytes)
        #expect(value.count == 20_000)
        #expect(value["000017"] == 17)
    }
}

/// SplitMix64: the same numbers in every run.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
