import CBOR
import Foundation
import NIOCore
import Testing

private struct Inner: Codable, Equatable {
    var name: String
    var days: [Int]
}

private enum Choice: Codable, Equatable {
    case plain
    case with(number: Int)
}

private struct Everything: Codable, Equatable {
    var flag = true
    var small: Int8 = -128
    var large: UInt64 = .max
    var least: Int64 = .min
    var double = 0.1
    var float: Float = 1.5
    var text = "Pulih — ✓"
    var bytes: [UInt8] = [0, 255]
    var data = Data([1, 2])
    var uuid = UUID()
    var date = Date(timeIntervalSince1970: 1_700_000_000.25)
    var duration = Duration.microseconds(1_234_567)
    var absent: Int?
    var inner = Inner(name: "fase 1", days: [1, 23, 24, 255, 256, 65_536, -1, -25])
    var list = (0..<30).map { Inner(name: "\($0)", days: []) }
    var map = ["b": 1, "a": 2]
    var choices = [Choice.plain, .with(number: 3)]
    var nested: [[String]] = [[], ["x"]]

    enum CodingKeys: Int, CodingKey {
        case flag = 1
        case small, large, least, double, float, text, bytes, data, uuid, date, duration, absent
        case inner, list, map, choices, nested
    }
}

@Suite("CBOR")
struct RoundTripTests {
    @Test("gives back every kind of value", arguments: [false, true])
    func everything(deterministic: Bool) throws {
        let value = Everything()
        let bytes = try CBOREncoder(deterministic: deterministic).encode(value)
        #expect(try CBORDecoder().decode(Everything.self, from: bytes) == value)
    }

    @Test("reads a key by its text where the message has no integers")
    func textKeys() throws {
        let value = Everything()
        let bytes = try CBOREncoder(keys: .text).encode(value)
        #expect(try CBORDecoder().decode(Everything.self, from: bytes) == value)
        #expect(try CBOREncoder().encode(value).readableBytes < bytes.readableBytes)
    }

    @Test("finds keys in any order, skips unknown ones, and lets optional ones be absent")
    func evolution() throws {
        struct New: Encodable {
            var extra = ["deep": [1, 2, 3]]
            var days = [7]
            var name = "n"
        }
        let bytes = try CBOREncoder().encode(New())
        #expect(
            try CBORDecoder().decode(Inner.self, from: bytes) == Inner(name: "n", days: [7]))
        struct Newer: Decodable {
            var name: String
            var since: Int?
        }
        #expect(try CBORDecoder().decode(Newer.self, from: bytes).since == nil)
    }

    @Test("sorts keys by their bytes when asked to, whatever order they were set in")
    func deterministic() throws {
        let encoder = CBOREncoder(deterministic: true)
        let one = try encoder.encode(["z": 1, "aa": 2, "b": 3])
        #expect(try CBORValue(one).diagnostic == #"{"b": 3, "z": 1, "aa": 2}"#)
    }

    @Test("names the field that is missing or of another type, and not its value")
    func errors() throws {
        let bytes = try CBOREncoder().encode(["name": "secret-word"])
        let missing = #expect(throws: CBORError.self) {
            try CBORDecoder().decode(Inner.self, from: bytes)
        }
        #expect(missing?.kind == .missing)
        #expect(missing?.path == "days")
        let wrong = #expect(throws: CBORError.self) {
            try CBORDecoder().decode([String: Int].self, from: bytes)
        }
        #expect(wrong?.kind == .typeMismatch)
        #expect("\(wrong?.description ?? "")".contains("secret-word") == false)
    }

    @Test("refuses integers that do not fit, and floats that 32 bits do not hold")
    func ranges() throws {
        let encoder = CBOREncoder()
        let big = try encoder.encode(300)
        #expect(throws: CBORError.self) { try CBORDecoder().decode(UInt8.self, from: big) }
        #expect(try CBORDecoder().decode(Int16.self, from: big) == 300)
        let minus = try encoder.encode(-1)
        #expect(throws: CBORError.self) { try CBORDecoder().decode(UInt.self, from: minus) }
        let tenth = try encoder.encode(0.1)
        #expect(throws: CBORError.self) { try CBORDecoder().decode(Float.self, from: tenth) }
    }
}
