import CBOR
import EchoAPI
import Foundation
import NIOCore
import Testing

/// A value whose type has a form of its own, made to go through Codable all the same.
private struct Plain<Value: Codable>: Codable {
    let value: Value

    init(_ value: Value) { self.value = value }
    init(from decoder: any Decoder) throws { value = try Value(from: decoder) }
    func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}

/// What came of reading: a value or the rule that was broken, and where.
private func read<Value: Codable & Equatable>(
    _ type: Value.Type, _ bytes: [UInt8]
) -> Result<Value, CBORError> {
    Result { () throws(CBORError) in try CBORDecoder().decode(type, from: bytes) }
}

private func readPlain<Value: Codable & Equatable>(
    _ type: Value.Type, _ bytes: [UInt8]
) -> Result<Value, CBORError> {
    Result { () throws(CBORError) in
        try CBORDecoder().decode(Plain<Value>.self, from: bytes).value
    }
}

private func bytes(
    _ value: some Encodable, deterministic: Bool = false, keys: CBOREncoder.KeyForm = .declared
) throws -> [UInt8] {
    let encoder = CBOREncoder(deterministic: deterministic, keys: keys)
    return Array(try encoder.encode(value).readableBytesView)
}

/// A record with what the message of the benchmarks lacks.
private struct Row: CBORDirect, Equatable {
    struct Place: Codable, Equatable {
        var name: String
        var floors: [Int]
    }

    var name: String
    var note: String?
    var count: UInt16?
    var raw: [UInt8]
    var data: Data
    var share: Float
    var wait: Duration
    var place: Place
    var former: Place?
    var rows: [Row]
    var flags: [Bool]

    enum CodingKeys: String, CodingKey {
        case name, note, count, raw, data, share, wait, place, former, rows, flags
    }
}

extension Row {
    func encode(to writer: inout CBORWriter) throws(CBORError) {
        try writer.map(keyedBy: CodingKeys.self) { (map) throws(CBORError) in
            try map.encode(name, forKey: .name)
            try map.encodeIfPresent(note, forKey: .note)
            try map.encodeIfPresent(count, forKey: .count)
            try map.encode(raw, forKey: .raw)
            try map.encode(data, forKey: .data)
            try map.encode(share, forKey: .share)
            try map.encode(wait, forKey: .wait)
            try map.encode(place, forKey: .place)
            try map.encodeIfPresent(former, forKey: .former)
            try map.encode(rows, forKey: .rows)
            try map.encode(flags, forKey: .flags)
        }
    }

    init(from reader: inout CBORReader) throws(CBORError) {
        self = try reader.map(keyedBy: CodingKeys.self) { (map) throws(CBORError) in
            Row(
                name: try map.decode(String.self, forKey: .name),
                note: try map.decodeIfPresent(String.self, forKey: .note),
                count: try map.decodeIfPresent(UInt16.self, forKey: .count),
                raw: try map.decode([UInt8].self, forKey: .raw),
                data: try map.decode(Data.self, forKey: .data),
                share: try map.decode(Float.self, forKey: .share),
                wait: try map.decode(Duration.self, forKey: .wait),
                place: try map.decode(Place.self, forKey: .place),
                former: try map.decodeIfPresent(Place.self, forKey: .former),
                rows: try map.decode([Row].self, forKey: .rows),
                flags: try map.decode([Bool].self, forKey: .flags))
        }
    }

    static func random(_ random: inout Seeded, depth: Int = 0) -> Row {
        let place = Place(name: .random(&random), floors: [1, -300, 70_000])
        return Row(
            name: .random(&random), note: Bool.random(using: &random) ? .random(&random) : nil,
            count: Bool.random(using: &random) ? .random(in: 0...(.max), using: &random) : nil,
            raw: Array(String.random(&random).utf8), data: Data(String.random(&random).utf8),
            share: .random(in: -1...1, using: &random),
            wait: .microseconds(Int64.random(in: -9...1_000_000, using: &random)), place: place,
            former: Bool.random(using: &random) ? place : nil,
            rows: depth > 1
                ? []
                : (0..<Int.random(in: 0...3, using: &random)).map { _ in
                    .random(&random, depth: depth + 1)
                },
            flags: (0..<Int.random(in: 0...30, using: &random)).map { _ in
                .random(using: &random)
            })
    }
}

extension String {
    fileprivate static func random(_ random: inout Seeded) -> String {
        let letters = Array("abc é✓𝄞\u{0}z")
        return String(
            (0..<Int.random(in: 0...40, using: &random)).map { _ in
                letters[Int.random(in: letters.indices, using: &random)]
            })
    }
}

extension EchoMessage {
    fileprivate static func random(_ random: inout Seeded) -> EchoMessage {
        var message = EchoMessage.sample(.random(in: (.min)...(.max), using: &random))
        message.participant = .random(&random)
        message.facility = .random(&random)
        message.program = .random(&random)
        message.author = .random(&random)
        message.remark = .random(&random)
        message.startedAt = Date(timeIntervalSince1970: .random(in: -1e9...1e9, using: &random))
        message.score = .random(in: -9...9, using: &random)
        message.minutes = .random(in: -300...70_000, using: &random)
        message.isClosed = .random(using: &random)
        message.answers = (0..<Int.random(in: 0...40, using: &random)).map { _ in
            .random(in: -300...300, using: &random)
        }
        return message
    }
}

@Suite("A type that writes and reads itself")
struct DirectFormTests {
    @Test("has the same bytes as through Codable, and is the same again")
    func sameBytes() throws {
        var random = Seeded(state: 1)
        for _ in 0..<2_000 {
            let message = EchoMessage.random(&random)
            let written = try bytes(message)
            #expect(try written == bytes(Plain(message)))
            #expect(try CBORDecoder().decode(EchoMessage.self, from: written) == message)
            #expect(
                try CBORDecoder().decode(Plain<EchoMessage>.self, from: written).value == message)
        }
    }

    @Test("may hold absent fields, types that have only Codable, and itself")
    func nested() throws {
        var random = Seeded(state: 2)
        for _ in 0..<300 {
            let row = Row.random(&random)
            let written = try bytes(row)
            #expect(try written == bytes(Plain(row)))
            #expect(try read(Row.self, written).get() == row)
            #expect(try readPlain(Row.self, written).get() == row)
        }
        let rows = (0..<100).map { _ in Row.random(&random) }
        #expect(try bytes(rows) == bytes(Plain(rows)))
        #expect(try read([Row].self, bytes(rows)).get() == rows)
    }

    @Test("is sorted or has its keys as text where that is asked for")
    func otherForms() throws {
        let message = EchoMessage.sample(7)
        for deterministic in [false, true] {
            let text = try bytes(message, deterministic: deterministic, keys: .text)
            #expect(
                try text == bytes(Plain(message), deterministic: deterministic, keys: .text))
            #expect(try text != bytes(message))
            #expect(try read(EchoMessage.self, text).get() == message)
        }
    }

    /// The fields of a message in any order, with others among them.
    private func shuffled(
        _ message: EchoMessage, keys: CBOREncoder.KeyForm, _ random: inout Seeded
    ) throws -> [UInt8] {
        let buffer = try CBOREncoder(keys: keys).encode(message)
        guard case .map(var pairs) = try CBORValue(buffer) else { return [] }
        pairs.shuffle(using: &random)
        for key: CBORValue in [.unsigned(14), .unsigned(500), .negative(3), .text("other")] {
            let unknown = CBORPair(key: key, value: .array([.null, .map([])]))
            pairs.insert(unknown, at: Int.random(in: 0...pairs.count, using: &random))
        }
        return Written.map(pairs)
    }

    @Test("finds its fields in any order, by number or by text, and skips unknown ones")
    func anyOrder() throws {
        var random = Seeded(state: 3)
        for round in 0..<500 {
            let message = EchoMessage.random(&random)
            let keys: CBOREncoder.KeyForm = round.isMultiple(of: 2) ? .declared : .text
            let bytes = try shuffled(message, keys: keys, &random)
            #expect(try read(EchoMessage.self, bytes).get() == message)
            #expect(try readPlain(EchoMessage.self, bytes).get() == message)
        }
    }

    @Test("refuses whatever breaks the profile, in a field or in one that nobody asked for")
    func malformed() throws {
        let pairs = try Written.pairs(EchoMessage.sample(7))
        var refused = 0
        for vector in try HostileBytesTests.vectors {
            // In the place of each field in turn, and as a field that is not known.
            for place in 0...pairs.count {
                var changed = pairs
                if place < pairs.count {
                    changed[place].value = vector.bytes
                } else {
                    changed.append((key: [0x18, 0x63], value: vector.bytes))
                }
                let bytes = Written.map(of: changed)
                let result = read(EchoMessage.self, bytes)
                // As words, because one of the vectors is not a number and equals nothing.
                let plain = readPlain(EchoMessage.self, bytes)
                #expect("\(result)" == "\(plain)", "\(vector.hex) at \(place)")
                guard vector.error != nil else { continue }
                refused += 1
                #expect(throws: CBORError.self, "\(vector.hex) at \(place)") { try result.get() }
            }
        }
        #expect(refused > 100)
    }

    @Test("refuses a key that occurs twice, also one that is not known")
    func duplicates() throws {
        let pairs = try Written.pairs(EchoMessage.sample(7))
        for again: [UInt8] in [[1], [13], [0x18, 0x63], [0x61, 0x78]] {
            var changed =
                pairs + [(key: [0x18, 0x63], value: [0]), (key: [0x61, 0x78], value: [0])]
            let whole = Written.map(of: changed)
            #expect(throws: Never.self) { try read(EchoMessage.self, whole).get() }
            changed.append((key: again, value: [0]))
            let bytes = Written.map(of: changed)
            for result in [read(EchoMessage.self, bytes), readPlain(EchoMessage.self, bytes)] {
                let error = #expect(throws: CBORError.self) { try result.get() }
                #expect(error?.kind == .duplicateKey)
            }
        }
    }

    @Test("names the field that is missing or of another type")
    func errors() throws {
        let pairs = try Written.pairs(EchoMessage.sample(7))
        for place in pairs.indices {
            var changed = pairs
            changed.remove(at: place)
            let missing = read(EchoMessage.self, Written.map(of: changed))
            #expect(throws: CBORError(.missing, path: "\(place + 1)", "the field is missing")) {
                try missing.get()
            }
            changed = pairs
            changed[place].value = [0xf6]
            let null = read(EchoMessage.self, Written.map(of: changed))
            let error = #expect(throws: CBORError.self) { try null.get() }
            #expect(error?.kind == .typeMismatch)
            #expect(error?.path == "\(place + 1)")
        }
    }

    @Test("changed at random gives the same value or the same error as through Codable")
    func mutation() throws {
        var random = Seeded(state: 4)
        var accepted = 0
        for round in 0..<20_000 {
            let message = EchoMessage.random(&random)
            var bytes =
                round.isMultiple(of: 2)
                ? try bytes(message) : try shuffled(message, keys: .text, &random)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            let result = read(EchoMessage.self, bytes)
            if case .success(let value) = result {
                accepted += 1
                if value.score.isNaN { continue }
            }
            #expect(result == readPlain(EchoMessage.self, bytes), "\(CBORValue.hex(bytes))")
        }
        #expect(accepted > 1_000)
    }
}

/// Items put together by hand, so that they can be wrong.
private enum Written {
    static func head(_ major: UInt8, _ argument: Int) -> [UInt8] {
        switch argument {
        case 0..<24: [major | UInt8(argument)]
        case 0..<256: [major | 24, UInt8(argument)]
        default: [major | 25, UInt8(argument >> 8), UInt8(argument & 255)]
        }
    }

    static func map(of pairs: [(key: [UInt8], value: [UInt8])]) -> [UInt8] {
        head(0xa0, pairs.count) + pairs.flatMap { $0.key + $0.value }
    }

    static func map(_ pairs: [CBORPair]) -> [UInt8] {
        head(0xa0, pairs.count) + pairs.flatMap { item($0.key) + item($0.value) }
    }

    static func pairs(_ message: EchoMessage) throws -> [(key: [UInt8], value: [UInt8])] {
        guard case .map(let pairs) = try CBORValue(CBOREncoder().encode(message)) else { return [] }
        return pairs.map { (item($0.key), item($0.value)) }
    }

    static func item(_ value: CBORValue) -> [UInt8] {
        switch value {
        case .bytes(let bytes): head(0x40, bytes.count) + bytes
        case .array(let items): head(0x80, items.count) + items.flatMap(item)
        case .map(let pairs): map(pairs)
        case .tagged(let tag, let inside): head(0xc0, Int(tag)) + item(inside)
        case .unsigned, .negative, .text, .bool, .null, .float:
            // These are written as they are read.
            (try? CBOREncoder().encode(value)).map { Array($0.readableBytesView) } ?? []
        }
    }
}
