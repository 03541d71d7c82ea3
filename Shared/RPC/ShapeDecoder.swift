/// What a decoder answers where a plain value was asked for.
struct ShapeSample {
    var number: Int8
    var text: String
    var isTrue: Bool
    /// The case that an enumeration with values is to read.
    var chosen: String?

    /// Tried in this order.
    static let all = [
        ShapeSample(number: 0, text: "", isTrue: false),
        ShapeSample(number: 1, text: "1", isTrue: true),
    ]

    /// The sample as a value of a type; nil where the type is not a plain one.
    func value<Value>(_ type: Value.Type) -> Value? {
        switch type {
        case is Bool.Type: isTrue as? Value
        case is String.Type: text as? Value
        case is Double.Type: Double(number) as? Value
        case is Float.Type: Float(number) as? Value
        case let integer as any FixedWidthInteger.Type: integer.init(number) as? Value
        default: nil
        }
    }
}

/// What one type asked of its decoder.
final class ShapeNotes {
    private enum Part {
        case shape(Shape)
        case notes(ShapeNotes)

        var shape: Shape {
            switch self {
            case .shape(let shape): shape
            case .notes(let notes): notes.shape(type: nil, isWhole: true)
            }
        }
    }

    private var kind = Shape.Kind.unknown
    private var scalar: Shape?
    private var fields: [(name: String, key: Int?, optional: Bool, part: Part)] = []
    private var entries: [Part] = []
    private var present: Set<String> = []
    /// Whether it wanted to know which keys there are.
    private(set) var asksForKeys = false

    var count: Int { fields.count + entries.count }
    var hasBegun: Bool { kind != .unknown || scalar != nil }
    var isScalar: Bool { scalar != nil }

    func begin(_ kind: Shape.Kind) { self.kind = kind }
    func note(_ shape: Shape) { scalar = shape }
    func note(entry shape: Shape) { entries.append(.shape(shape)) }
    func noteKeys() { asksForKeys = true }
    /// Notes that a field may be missing.
    func notePresence(_ key: some CodingKey) { present.insert(key.stringValue) }

    func note(_ key: some CodingKey, _ shape: Shape, optional: Bool = false) {
        add(key, .shape(shape), optional: optional)
    }

    func nested(_ key: some CodingKey) -> ShapeNotes {
        let notes = ShapeNotes()
        add(key, .notes(notes), optional: false)
        return notes
    }

    func nestedEntry() -> ShapeNotes {
        let notes = ShapeNotes()
        entries.append(.notes(notes))
        return notes
    }

    private func add(_ key: some CodingKey, _ part: Part, optional: Bool) {
        let name = key.stringValue
        // Some types read a field twice, as one thing and then as another.
        if let index = fields.firstIndex(where: { $0.name == name }) {
            if case .shape(let shape) = fields[index].part, shape != part.shape {
                fields[index].part = .shape(Shape(.unknown))
            }
            return
        }
        let isOptional = optional || present.contains(name)
        fields.append((name, key.intValue, isOptional, part))
    }

    /// `isWhole`: whether the type has read to its end.
    func shape(type: String?, isWhole: Bool) -> Shape {
        let incomplete = isWhole ? nil : true
        if let scalar {
            // A type that reads itself as another one is written as that one, under its own name.
            return Shape(
                scalar.kind, type: type ?? scalar.type, fields: scalar.fields,
                entries: scalar.entries, cases: scalar.cases, incomplete: scalar.incomplete)
        }
        switch kind {
        case .structure where asksForKeys && fields.isEmpty: return Shape(.unknown, type: type)
        case .structure where asksForKeys && fields.allSatisfy { $0.name == ShapeKeys.any }:
            return Shape(
                .dictionary, type: type, entries: fields.map(\.part.shape), incomplete: incomplete)
        case .structure:
            let all = fields.map {
                ShapeField($0.name, key: $0.key, optional: $0.optional, shape: $0.part.shape)
            }
            return Shape(.structure, type: type, fields: all, incomplete: incomplete)
        case .list:
            return Shape(
                .list, type: type, entries: entries.map(\.shape), incomplete: incomplete)
        case _ where isWhole:
            // Who is made without asking for anything has nothing to write.
            return Shape(.structure, type: type, fields: [])
        default: return Shape(.unknown, type: type)
        }
    }
}

/// The key under which something stands in a map whose keys are not known.
enum ShapeKeys {
    static let any = "1"
}

/// No value was found that a type inside accepts, so the type around it cannot read on.
struct NoShapeValue: Error {}

/// A decoder that hands out plain values and notes what was asked for.
struct ShapeDecoder: Decoder {
    let notes: ShapeNotes
    let recorder: ShapeRecorder
    let sample: ShapeSample

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ notes: ShapeNotes, _ recorder: ShapeRecorder, _ sample: ShapeSample) {
        self.notes = notes
        self.recorder = recorder
        self.sample = sample
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        notes.begin(.structure)
        return KeyedDecodingContainer(ShapeFields<Key>(decoder: self))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer {
        notes.begin(.list)
        return ShapeEntries(decoder: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { ShapeScalar(decoder: self) }

    fileprivate func on(_ notes: ShapeNotes) -> ShapeDecoder {
        var plain = sample
        plain.chosen = nil
        return ShapeDecoder(notes, recorder, plain)
    }

    fileprivate func look<Value: Decodable>(_ type: Value.Type) -> (shape: Shape, value: Value?) {
        let sight = recorder.look(type)
        return (sight.shape, sample.value(type) ?? sight.value as? Value)
    }
}

private struct ShapeFields<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: ShapeDecoder

    private var notes: ShapeNotes { decoder.notes }
    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] {
        notes.noteKeys()
        return [Key(stringValue: decoder.sample.chosen ?? ShapeKeys.any)].compactMap { $0 }
    }

    func contains(_ key: Key) -> Bool {
        notes.notePresence(key)
        return true
    }

    func decodeNil(forKey key: Key) -> Bool {
        notes.notePresence(key)
        return false
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        let (shape, value) = decoder.look(type)
        notes.note(key, shape, optional: type is any OptionalType.Type)
        guard let value else { throw NoShapeValue() }
        return value
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) -> Value? {
        let (shape, value) = decoder.look(type)
        notes.note(key, shape, optional: true)
        return value
    }

    func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type, forKey key: Key
    ) -> KeyedDecodingContainer<Inner> {
        decoder.on(notes.nested(key)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer {
        decoder.on(notes.nested(key)).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        guard let key = Key(stringValue: "super") else { throw NoShapeValue() }
        return superDecoder(forKey: key)
    }

    func superDecoder(forKey key: Key) -> any Decoder { decoder.on(notes.nested(key)) }
}

/// An array with one entry, for types that read one by themselves.
private struct ShapeEntries: UnkeyedDecodingContainer {
    let decoder: ShapeDecoder
    private(set) var currentIndex = 0

    init(decoder: ShapeDecoder) { self.decoder = decoder }

    var codingPath: [any CodingKey] { [] }
    var count: Int? { 1 }
    var isAtEnd: Bool { currentIndex > 0 }

    func decodeNil() -> Bool { false }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        currentIndex += 1
        let (shape, value) = decoder.look(type)
        decoder.notes.note(entry: shape)
        guard let value else { throw NoShapeValue() }
        return value
    }

    mutating func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type
    ) -> KeyedDecodingContainer<Inner> {
        currentIndex += 1
        return decoder.on(decoder.notes.nestedEntry()).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer {
        currentIndex += 1
        return decoder.on(decoder.notes.nestedEntry()).unkeyedContainer()
    }

    mutating func superDecoder() -> any Decoder {
        currentIndex += 1
        return decoder.on(decoder.notes.nestedEntry())
    }
}

private struct ShapeScalar: SingleValueDecodingContainer {
    let decoder: ShapeDecoder
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (shape, value) = decoder.look(type)
        decoder.notes.note(shape)
        guard let value else { throw NoShapeValue() }
        return value
    }
}

private protocol OptionalType {}
extension Optional: OptionalType {}
