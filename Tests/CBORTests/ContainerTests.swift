import CBOR
import Foundation
import NIOCore
import Testing

/// Keeps whatever it is given beyond its own decoding.
private struct Keeper: Decodable {
    let decoder: any Decoder
    let map: KeyedDecodingContainer<Key>
    let list: any UnkeyedDecodingContainer
    let single: any SingleValueDecodingContainer

    enum Key: String, CodingKey {
        case list, name
    }

    init(from decoder: any Decoder) throws {
        self.decoder = decoder
        map = try decoder.container(keyedBy: Key.self)
        list = try map.nestedUnkeyedContainer(forKey: .list)
        single = try map.superDecoder(forKey: .name).singleValueContainer()
    }
}

@Suite("A container")
struct ContainerTests {
    private struct Record: Codable, Equatable {
        var list = [1, 2]
        var name = "n"
    }

    @Test("that is kept beyond the decoding reads nothing and says so")
    func keptDecoders() throws {
        let bytes = Array(try CBOREncoder().encode(Record()).readableBytesView)
        let kept = try CBORDecoder().decode(Keeper.self, from: bytes)
        #expect(throws: CBORError.self) { try kept.map.decode(String.self, forKey: .name) }
        #expect(throws: CBORError.self) { try kept.map.decodeIfPresent(Int.self, forKey: .name) }
        #expect(throws: CBORError.self) { try kept.map.decode([Int].self, forKey: .list) }
        #expect(throws: CBORError.self) { try kept.map.decodeNil(forKey: .name) }
        #expect(throws: CBORError.self) { try kept.map.nestedUnkeyedContainer(forKey: .list) }
        #expect(!kept.map.contains(.name))
        #expect(kept.map.allKeys.isEmpty)
        #expect(kept.map.codingPath.isEmpty)
        var list = kept.list
        #expect(throws: CBORError.self) { try list.decode(Int.self) }
        #expect(throws: CBORError.self) { try list.decodeNil() }
        #expect(throws: CBORError.self) { try list.nestedUnkeyedContainer() }
        #expect(throws: CBORError.self) { try kept.single.decode(String.self) }
        #expect(!kept.single.decodeNil())
        #expect(throws: CBORError.self) { try Record(from: kept.decoder) }
        #expect(throws: CBORError.self) { try String(from: kept.decoder) }
    }

    /// Lets what it is given out.
    private struct Leak: Encodable {
        let take: (any Encoder) -> Void

        func encode(to encoder: any Encoder) throws {
            take(encoder)
            var map = encoder.container(keyedBy: Keeper.Key.self)
            try map.encode(1, forKey: .name)
        }
    }

    @Test("that is kept beyond the encoding writes nothing and says so")
    func keptEncoders() throws {
        var kept: [any Encoder] = []
        let buffer = try CBOREncoder().encode(Leak { kept.append($0) })
        let encoder = try #require(kept.first)
        var map = encoder.container(keyedBy: Keeper.Key.self)
        #expect(throws: CBORError.self) { try map.encode("late", forKey: .name) }
        var inside = map.nestedContainer(keyedBy: Keeper.Key.self, forKey: .list)
        #expect(throws: CBORError.self) { try inside.encode("late", forKey: .name) }
        var list = encoder.unkeyedContainer()
        #expect(throws: CBORError.self) { try list.encode(1) }
        var single = encoder.singleValueContainer()
        let long = String(repeating: "late", count: 999)
        #expect(throws: CBORError.self) { try single.encode(long) }
        #expect(throws: CBORError.self) { try single.encode([1, 2]) }
        #expect(try CBORValue(buffer).diagnostic == #"{"name": 1}"#)
    }

    @Test("that is kept has no part in the calls that come after")
    func keptIntoTheNextCall() throws {
        struct Next: Codable {
            nonisolated(unsafe) static var meanwhile: () -> Void = {}  // one test uses it
            let name: String

            enum CodingKeys: String, CodingKey {
                case name
            }

            init() { name = "next" }

            init(from decoder: any Decoder) throws {
                let map = try decoder.container(keyedBy: CodingKeys.self)
                Self.meanwhile()
                name = try map.decode(String.self, forKey: .name)
            }

            func encode(to encoder: any Encoder) throws {
                var map = encoder.container(keyedBy: CodingKeys.self)
                Self.meanwhile()
                try map.encode(name, forKey: .name)
            }
        }
        let kept = try CBORDecoder().decode(Keeper.self, from: CBOREncoder().encode(Record()))
        var encoders: [any Encoder] = []
        _ = try CBOREncoder().encode(Leak { encoders.append($0) })
        var late = try #require(encoders.first).container(keyedBy: Keeper.Key.self)
        Next.meanwhile = {
            #expect(throws: CBORError.self) { try kept.map.decode(String.self, forKey: .name) }
            #expect(!kept.map.contains(.name))
            #expect(throws: CBORError.self) { try late.encode("late", forKey: .name) }
        }
        let buffer = try CBOREncoder().encode(Next())
        #expect(try CBORValue(buffer).diagnostic == #"{"name": "next"}"#)
        #expect(try CBORDecoder().decode(Next.self, from: buffer).name == "next")
    }

    @Test("may be used beside another, and read twice")
    func interleaved() throws {
        struct Twice: Decodable {
            let both: [String]

            init(from decoder: any Decoder) throws {
                let one = try decoder.container(keyedBy: Keeper.Key.self)
                let other = try decoder.container(keyedBy: Keeper.Key.self)
                var list = try other.nestedUnkeyedContainer(forKey: .list)
                let name = try one.decode(String.self, forKey: .name)
                let first = try list.decode(Int.self)
                let again = try one.decode([Int].self, forKey: .list)
                let second = try list.decode(Int.self)
                both =
                    [name, try other.decode(String.self, forKey: .name), "\(again)"]
                    + ["\(first)", "\(second)"]
                #expect(list.isAtEnd)
                #expect(throws: CBORError.self) { try list.decode(Int.self) }
            }
        }
        let buffer = try CBOREncoder().encode(Record())
        #expect(
            try CBORDecoder().decode(Twice.self, from: buffer).both
                == ["n", "n", "[1, 2]", "1", "2"])
    }

    @Test("that is written to after one around it is refused")
    func late() {
        struct Late: Encodable {
            func encode(to encoder: any Encoder) throws {
                var map = encoder.container(keyedBy: Keeper.Key.self)
                var list = map.nestedUnkeyedContainer(forKey: .list)
                try list.encode(1)
                try map.encode("n", forKey: .name)
                // The error may not be lost because nobody lets it through.
                try? list.encode(2)
            }
        }
        #expect(throws: CBORError.self) { try CBOREncoder().encode(Late()) }
    }

    @Test("of many keys in any order costs a few looks at each", .timeLimit(.minutes(1)))
    func sortedAgainstTheMessage() throws {
        let pairs = (0..<100_000).reversed().map {
            CBORPair(key: .text(String($0 + 100_000)), value: .unsigned(UInt64($0)))
        }
        let buffer = try CBOREncoder().encode(CBORValue.map(pairs))
        let value = try CBORDecoder().decode(Ascending.self, from: buffer)
        #expect(value.values == Array(0..<100_000))
    }

    /// Asks for its keys in their order, which is the other way round.
    private struct Ascending: Decodable {
        let values: [Int]

        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let map = try decoder.container(keyedBy: Key.self)
            let keys = map.allKeys.map(\.stringValue).sorted()
            values = try keys.map { try map.decode(Int.self, forKey: Key(stringValue: $0)) }
        }
    }

    @Test("is taken as a tree with its tags, its order and its widest numbers")
    func tree() throws {
        let tree = CBORValue.map([
            CBORPair(key: .text("b"), value: .tagged(37, .bytes([UInt8](repeating: 7, count: 16)))),
            CBORPair(key: .unsigned(1), value: .array([.null, .bool(true), .float(1.5)])),
            CBORPair(key: .text("a"), value: .array([.negative(.max), .unsigned(.max)])),
        ])
        let buffer = try CBOREncoder().encode(tree)
        #expect(try CBORValue(buffer) == tree)
        #expect(try CBORDecoder().decode(CBORValue.self, from: buffer) == tree)
        #expect(try CBORDecoder().decode([CBORValue].self, from: [0x81, 0xf6]) == [.null])
    }

    @Test("tells the way down to what is wrong, by number or by text")
    func paths() throws {
        struct Deep: Codable {
            var records: [[String: Record]]
            var last: UInt8

            enum CodingKeys: Int, CodingKey {
                case records = 1
                case last = 300
            }
        }
        func path(_ change: (inout [UInt8]) -> Void) throws -> String? {
            var bytes = Array(
                try CBOREncoder().encode(Deep(records: [[:], ["é": Record()]], last: 77))
                    .readableBytesView)
            change(&bytes)
            return #expect(throws: CBORError.self) {
                try CBORDecoder().decode(Deep.self, from: bytes)
            }?.path
        }
        // The two entries of the list are 01 and 02; the second becomes true.
        #expect(try path { $0[$0.firstIndex(of: 2) ?? 0] = 0xf5 } == "1.1.é.list.1")
        #expect(try path { $0[$0.firstIndex(of: 0x6c) ?? 0] = 0x6d } == "1.1.é.list")
        #expect(try path { $0.replace([0x18, 77], with: [0x19, 1, 0]) } == "300")
    }

    @Test("of any keys passes over integers that none of its keys can be")
    func hugeKeys() throws {
        // {18446744073709551615: 1, -18446744073709551616: 2, 3: 4}
        let most = [UInt8](repeating: 0xff, count: 8)
        let bytes = [0xa3, 0x1b] + most + [1, 0x3b] + most + [2, 3, 4]
        #expect(try CBORDecoder().decode([Int: Int].self, from: bytes) == [3: 4])
        #expect(try CBORDecoder().decode([String: Int].self, from: bytes) == ["3": 4])
        let twice = [0xa2, 0x3b] + most + [1, 0x3b] + most + [2]
        #expect(throws: CBORError.self) { try CBORDecoder().decode([Int: Int].self, from: twice) }
    }

    @Test("cannot be written to while a value inside it writes itself")
    func lent() {
        struct Late: CBORDirect {
            var before: () throws -> Void = {}

            init(_ before: @escaping () throws -> Void) { self.before = before }
            init(from decoder: any Decoder) throws {}
            init(from reader: inout CBORReader) throws(CBORError) {}
            func encode(to encoder: any Encoder) throws {}
            func encode(to writer: inout CBORWriter) throws(CBORError) {
                #expect(throws: CBORError.self) { try before() }
                try writer.map(keyedBy: Keeper.Key.self) { (map) throws(CBORError) in
                    #expect(throws: CBORError.self) { try before() }
                    try map.encode(1, forKey: .name)
                }
            }
        }
        struct Outer: Encodable {
            func encode(to encoder: any Encoder) throws {
                var map = encoder.container(keyedBy: Keeper.Key.self)
                let other = map
                try map.encode(
                    Late {
                        var other = other
                        #expect(encoder.codingPath.isEmpty)
                        try other.encode("late", forKey: .name)
                    }, forKey: .list)
            }
        }
        #expect(throws: CBORError.self) { try CBOREncoder().encode(Outer()) }
    }

    @Test("of optional values keeps those that are there")
    func optionals() throws {
        let value: [String?] = ["a", nil, "b"]
        let buffer = try CBOREncoder().encode(value)
        #expect(try CBORDecoder().decode([String?].self, from: buffer) == value)
        let dates: [String: Date?] = ["x": Date(timeIntervalSince1970: 1), "y": nil]
        #expect(
            try CBORDecoder().decode([String: Date?].self, from: CBOREncoder().encode(dates))
                == dates)
    }
}

@Suite("The bytes of a message")
struct MessageBytesTests {
    @Test(
        "grow past what was made ready, in the place where they belong",
        arguments: [0, 23, 24, 255, 256, 511, 512, 513, 70_000])
    func sizes(count: Int) throws {
        struct Sized: Codable, Equatable {
            var text: String
            var map: [String: Int]
            var list: [[Int]]
            var bytes: [UInt8]
        }
        let value = Sized(
            text: String(repeating: "é", count: count),
            map: Dictionary(uniqueKeysWithValues: (0..<min(count, 999)).map { ("k\($0)", $0) }),
            list: (0..<count).map { [$0] }, bytes: Array(repeating: 7, count: count))
        for deterministic in [false, true] {
            var buffer = ByteBuffer(string: "before")
            try CBOREncoder(deterministic: deterministic).encode(value, into: &buffer)
            #expect(buffer.readString(length: 6) == "before")
            #expect(try CBORDecoder().decode(Sized.self, from: buffer) == value)
        }
    }

    @Test("are taken back where a value cannot be encoded, and the error names the field")
    func failure() throws {
        struct Long: Encodable {
            var text = String(repeating: "x", count: 2_000)
            var waits = [["day": Duration.zero], ["night": .seconds(Int64.max)]]
        }
        var buffer = ByteBuffer(string: "before")
        let error = #expect(throws: CBORError.self) {
            try CBOREncoder().encode(Long(), into: &buffer)
        }
        #expect(error?.kind == .unsupported)
        #expect(error?.path == "waits.1.night")
        #expect(String(buffer: buffer) == "before")
    }
}
