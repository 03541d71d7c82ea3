import Foundation
import RPC
import Testing
import Vocabulary

@Suite("The shape of a type")
struct ShapeTests {
    private enum Color: String, Codable, CaseIterable {
        case red
        case darkBlue = "dark-blue"
    }

    /// Does not say what its cases are.
    private enum Mood: String, Codable {
        case good
    }

    private struct Inner: Codable, Hashable {
        var at: Timestamp
        var name: String
    }

    private struct Plain: Codable {
        var truth: Bool
        var small: UInt8
        var large: Int64
        var share: Double
        var text: String?
        var id: ParticipantID
        var bytes: [UInt8]
        var wait: Duration
        var color: Color
        var inner: Inner?
        var list: [Inner]
        var set: Set<Int>
        var table: [String: Inner]
        var holes: [Int?]

        enum CodingKeys: Int, CodingKey {
            case truth = 1
            case small, large, share, text, id, bytes, wait, color, inner, list, set, table, holes
        }
    }

    @Test("lists the words that are known, where more may come")
    func openWords() {
        let shape = Shape(of: Open<Color>.self)
        #expect(shape.kind == .text)
        #expect(shape.cases == ["red", "dark-blue"])
    }

    @Test("has every field with its key, its kind, and whether it may be left out")
    func fields() {
        let inner = Shape(
            .structure, type: "ShapeTests.Inner",
            fields: [
                ShapeField("at", shape: Shape(.text, type: "Timestamp")),
                ShapeField("name", shape: Shape(.text)),
            ])
        let expected: [(String, Bool, Shape)] = [
            ("truth", false, Shape(.boolean)), ("small", false, Shape(.integer)),
            ("large", false, Shape(.integer)), ("share", false, Shape(.float)),
            ("text", true, Shape(.text)),
            ("id", false, Shape(.uuid, type: "Identifier<Noun.Participant>")),
            ("bytes", false, Shape(.bytes)), ("wait", false, Shape(.integer, type: "Duration")),
            (
                "color", false,
                Shape(.text, type: "ShapeTests.Color", cases: ["red", "dark-blue"])
            ),
            ("inner", true, inner), ("list", false, Shape(.list, entries: [inner])),
            ("set", false, Shape(.list, entries: [Shape(.integer)])),
            (
                "table", false,
                Shape(
                    .dictionary, type: "Dictionary<String, ShapeTests.Inner>", entries: [inner])
            ),
            ("holes", false, Shape(.list, entries: [Shape(.integer)])),
        ]
        let shape = Shape(of: Plain.self)
        #expect(shape.kind == .structure)
        #expect(shape.type == "ShapeTests.Plain")
        #expect(shape.incomplete == nil)
        for (number, (field, want)) in zip(shape.fields ?? [], expected).enumerated() {
            #expect(field.name == want.0)
            #expect(field.key == number + 1)
            #expect(field.optional == want.1, "\(want.0)")
            #expect(field.shape == want.2, "\(want.0)")
        }
        #expect(shape.fields?.count == expected.count)
    }

    private struct Nothing: Codable {}

    @Test("is a structure without fields where there are none")
    func empty() {
        #expect(Shape(of: Nothing.self).fields == [])
        #expect(Shape(of: Nothing.self).kind == .structure)
    }

    private struct WithMood: Codable {
        var before: Int
        var mood: Mood?
        var after: Int
    }

    private struct BoundToMood: Codable {
        var before: Int
        var mood: Mood
        var after: Int
    }

    @Test("goes on after a value that nothing satisfies, and says so where it cannot")
    func refused() {
        let goes = Shape(of: WithMood.self)
        #expect(goes.fields?.map(\.name) == ["before", "mood", "after"])
        #expect(goes.incomplete == nil)
        #expect(goes.fields?[1].shape == Shape(.text, type: "ShapeTests.Mood"))
        let stops = Shape(of: BoundToMood.self)
        #expect(stops.fields?.map(\.name) == ["before", "mood"])
        #expect(stops.incomplete == true)
        // In a list it stands in nobody's way.
        #expect(Shape(of: [BoundToMood].self).entries == [stops])
    }

    /// Refuses zero and the empty text.
    private struct Picky: Codable {
        let number: Int
        let text: String

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            number = try fields.decode(Int.self, forKey: .number)
            guard number > 0 else { throw Refused() }
            text = try fields.decode(String.self, forKey: .text)
            guard !text.isEmpty else { throw Refused() }
        }

        struct Refused: Error {}
    }

    /// Refuses everything but its example, after it has read all.
    private struct Exact: Exemplified {
        let number: Int
        static let examples = [Exact(42)]

        init(_ number: Int) { self.number = number }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            number = try fields.decode(Int.self, forKey: .number)
            guard number == 42 else { throw Picky.Refused() }
        }
    }

    private struct Both: Codable {
        let exact: Exact
        let last: Picky
    }

    @Test("is found with other values, or with an example, where a type judges its values")
    func judged() {
        #expect(Shape(of: Picky.self).fields?.map(\.name) == ["number", "text"])
        #expect(Shape(of: Picky.self).incomplete == nil)
        let both = Shape(of: Both.self)
        #expect(both.fields?.map(\.name) == ["exact", "last"])
        #expect(both.fields?.first?.shape.fields?.map(\.name) == ["number"])
        #expect(both.fields?.first?.shape.incomplete == nil)
        #expect(both.incomplete == nil)
    }

    private enum Meal: Exemplified {
        case soup(String, spoons: Int)
        case bread

        static let examples: [Meal] = [.soup("", spoons: 1), .bread]
    }

    /// An enumeration with values that gives no example.
    private enum Silent: Codable {
        case one(Int)
    }

    @Test("of an enumeration with values is one field for each case, and unknown without example")
    func choice() {
        let shape = Shape(of: Meal.self)
        #expect(shape.kind == .choice)
        #expect(shape.fields?.map(\.name) == ["soup", "bread"])
        #expect(shape.fields?.first?.shape.fields?.map(\.name) == ["_0", "spoons"])
        #expect(shape.fields?.last?.shape.fields == [])
        #expect(Shape(of: Silent.self) == Shape(.unknown, type: "ShapeTests.Silent"))
    }

    private struct Tree: Codable {
        var name: String
        var branches: [Tree]
        var best: [Tree]?
    }

    /// Is made of another type at each depth, without end.
    private struct Deeper<Value: Decodable>: Decodable {
        enum Key: CodingKey {
            case inner
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            _ = try fields.decodeIfPresent(Deeper<[Value]>.self, forKey: .inner)
        }
    }

    @Test("ends where a type is inside itself, and at the depth that no message has")
    func bounded() {
        let tree = Shape(of: Tree.self)
        let again = Shape(.list, entries: [Shape(.repeated, type: "ShapeTests.Tree")])
        #expect(tree.fields?.map(\.shape) == [Shape(.text), again, again])
        var depth = 0
        var next = Shape(of: Deeper<Int>.self).fields?.first?.shape
        while let shape = next {
            depth += 1
            next = shape.fields?.first?.shape
        }
        #expect(depth == 32)
    }

    /// Reads itself by hand, in every way there is.
    private struct ByHand: Decodable {
        enum Key: String, CodingKey {
            case maybe
            case inside
            case pair
            case twice
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            if fields.contains(.maybe) { _ = try fields.decode(Int.self, forKey: .maybe) }
            let inside = try fields.nestedContainer(keyedBy: Key.self, forKey: .inside)
            _ = try inside.decode(Bool.self, forKey: .maybe)
            var pair = try fields.nestedUnkeyedContainer(forKey: .pair)
            _ = try pair.decode(String.self)
            _ = try fields.decode(Int.self, forKey: .twice)
            _ = try fields.decode(String.self, forKey: .twice)
        }
    }

    @Test("is seen through a type's own hand, and unknown where it reads a field as two things")
    func byHand() {
        let shape = Shape(of: ByHand.self)
        #expect(shape.fields?.map(\.name) == ["maybe", "inside", "pair", "twice"])
        #expect(shape.fields?.map(\.optional) == [true, false, false, false])
        let inside = Shape(.structure, fields: [ShapeField("maybe", shape: Shape(.boolean))])
        #expect(
            shape.fields?.map(\.shape) == [
                Shape(.integer), inside, Shape(.list, entries: [Shape(.text)]), Shape(.unknown),
            ])
    }
}
