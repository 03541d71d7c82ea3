internal import CBOR
internal import FoundationEssentials

// A type's fields are known to its `init(from:)` alone. The recorder runs it against a decoder
// that answers every question with a plain value and notes what was asked. Where the values are
// refused, others are tried; where all are, the notes stand and the value is missing, which the
// type around it bears where the field is optional.

/// Finds shapes; one for each description, because it remembers the types it has seen.
final class ShapeRecorder {
    struct Sight {
        let shape: Shape
        /// A value that the type accepted; nil where none was found.
        let value: Any?
    }

    /// No type of a message is nested deeper: messages themselves are at most 32 deep.
    private static let depthMaximum = 32

    private var seen: [ObjectIdentifier: Sight] = [:]
    /// The types that are being looked at, the outermost first.
    private var open: [ObjectIdentifier] = []
    /// Whether a type was met inside itself: what lies between would not be the same elsewhere.
    private var hasMetOpen = false

    func look<Value: Decodable>(_ type: Value.Type) -> Sight {
        if let sight = plain(type) { return sight }
        if let list = type as? any ShapeList.Type { return list.sight(self) }
        if let names = type as? any (CaseIterable & RawRepresentable).Type {
            return enumeration(names)
        }
        let id = ObjectIdentifier(type)
        if let sight = seen[id] { return sight }
        let name = Self.name(type)
        guard !open.contains(id) else {
            hasMetOpen = true
            return Sight(shape: Shape(.repeated, type: name), value: Self.example(of: type))
        }
        guard open.count < Self.depthMaximum else {
            return Sight(shape: Shape(.unknown, type: name), value: nil)
        }
        open.append(id)
        let sight = record(type, name)
        open.removeLast()
        if open.isEmpty { hasMetOpen = false }
        if !hasMetOpen { seen[id] = sight }
        return sight
    }

    /// Values that have a form of their own on the wire.
    private func plain(_ type: any Decodable.Type) -> Sight? {
        switch type {
        case is Bool.Type: Sight(shape: Shape(.boolean), value: false)
        case is String.Type: Sight(shape: Shape(.text), value: "")
        case let type as any (FixedWidthInteger & Decodable).Type: integer(type)
        case is Double.Type: Sight(shape: Shape(.float), value: 0.0)
        case is Float.Type: Sight(shape: Shape(.float), value: Float(0))
        case is UUID.Type: Sight(shape: Shape(.uuid), value: UUID(uuid: Self.zeros))
        case is [UInt8].Type: Sight(shape: Shape(.bytes), value: [UInt8]())
        case is Data.Type: Sight(shape: Shape(.bytes), value: Data())
        case is Duration.Type:
            Sight(shape: Shape(.integer, type: "Duration"), value: Duration.zero)
        default: nil
        }
    }

    private static let zeros: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

    private func integer<Number: FixedWidthInteger>(_ type: Number.Type) -> Sight {
        Sight(shape: Shape(.integer), value: Number.zero)
    }

    private func enumeration<Names: CaseIterable & RawRepresentable>(_ type: Names.Type) -> Sight {
        let isInteger = Names.RawValue.self is any FixedWidthInteger.Type
        let isText = Names.RawValue.self is String.Type
        return Sight(
            shape: Shape(
                isInteger ? .integer : isText ? .text : .unknown, type: Self.name(type),
                cases: type.allCases.map { "\($0.rawValue)" }),
            value: type.allCases.first)
    }

    private func record<Value: Decodable>(_ type: Value.Type, _ name: String) -> Sight {
        var best = ShapeNotes()
        var isCutOff = false
        for sample in ShapeSample.all {
            let notes = ShapeNotes()
            do {
                let value = try Value(from: ShapeDecoder(notes, self, sample))
                return Sight(shape: notes.shape(type: name, isWhole: true), value: value)
            } catch {
                guard notes.count > best.count || !best.hasBegun else { continue }
                (best, isCutOff) = (notes, error is NoShapeValue)
            }
        }
        if best.asksForKeys, let exemplified = type as? any Exemplified.Type {
            return choice(exemplified, name)
        }
        // A scalar is read in one go; of a structure more may have followed, unless it is known
        // that only its values are judged.
        let example = Self.example(of: type)
        let isWhole = best.isScalar || example != nil && !isCutOff
        return Sight(shape: best.shape(type: name, isWhole: isWhole), value: example)
    }

    private static func example(of type: any Decodable.Type) -> Any? {
        (type as? any Exemplified.Type)?.anyExample
    }

    /// An enumeration with values says what its cases are only when it is asked to read one.
    private func choice<Value: Exemplified>(_ type: Value.Type, _ name: String) -> Sight {
        var fields: [ShapeField] = []
        var isWhole = true
        for example in type.examples {
            guard let chosen = Self.caseName(example) else { continue }
            let notes = ShapeNotes()
            do {
                var sample = ShapeSample.all[0]
                sample.chosen = chosen
                _ = try Value(from: ShapeDecoder(notes, self, sample))
            } catch {
                isWhole = false
            }
            fields += notes.shape(type: name, isWhole: true).fields ?? []
        }
        return Sight(
            shape: Shape(.choice, type: name, fields: fields, incomplete: isWhole ? nil : true),
            value: type.examples.first)
    }

    private static func caseName(_ value: some Encodable) -> String? {
        guard let message = try? CBOREncoder(keys: .text).encode(value),
            case .map(let pairs) = try? CBORValue(message), case .text(let name) = pairs.first?.key
        else { return nil }
        return name
    }

    /// A type's name without the module: `Identifier<Noun.Participant>`.
    static func name(_ type: any Any.Type) -> String {
        var name = ""
        var word = ""
        var isFirst = true
        // The first word of each dotted name is the module; what is private has an address, too.
        let full = String(reflecting: type)
            .replacing(/\(unknown context at \$[0-9a-f]+\)\./, with: "")
        for letter in full {
            switch letter {
            case ".":
                name += isFirst ? "" : word + "."
                (word, isFirst) = ("", false)
            case "<", ">", ",", " ", "(", ")":
                name += word + String(letter)
                (word, isFirst) = ("", true)
            default: word.append(letter)
            }
        }
        return name + word
    }
}

extension Exemplified {
    fileprivate static var anyExample: Any? { examples.first }
}

/// A type that holds any number of values of another: their shape is found without one of them.
private protocol ShapeList {
    static func sight(_ recorder: ShapeRecorder) -> ShapeRecorder.Sight
}

extension Array: ShapeList where Element: Decodable {
    static func sight(_ recorder: ShapeRecorder) -> ShapeRecorder.Sight {
        .init(shape: Shape(.list, entries: [recorder.look(Element.self).shape]), value: Self())
    }
}

extension Set: ShapeList where Element: Decodable {
    static func sight(_ recorder: ShapeRecorder) -> ShapeRecorder.Sight {
        .init(shape: Shape(.list, entries: [recorder.look(Element.self).shape]), value: Self())
    }
}

extension Optional: ShapeList where Wrapped: Decodable {
    static func sight(_ recorder: ShapeRecorder) -> ShapeRecorder.Sight {
        .init(shape: recorder.look(Wrapped.self).shape, value: Self.none as Any)
    }
}
