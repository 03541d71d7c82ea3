/// How a value looks on the wire, as far as its type tells.
///
/// It is found by letting the type read itself from a decoder that takes notes, so there is no
/// second description that could be wrong. What cannot be seen that way is ``Kind/unknown``.
package struct Shape: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case boolean
        case integer
        case float
        case text
        case bytes
        /// Tag 37 with 16 bytes.
        case uuid
        /// A map whose keys are the fields.
        case structure
        /// A map with one entry: the field that was chosen.
        case choice
        /// An array.
        case list
        /// A map with any keys.
        case dictionary
        /// A type inside itself: its shape stands further out, under the same type.
        case repeated
        case unknown
    }

    package let kind: Kind
    /// The type's name in the sources, for people; nil for what has no name of its own here.
    package let type: String?
    /// Of a structure, in the order in which they are read; of a choice its cases.
    package let fields: [ShapeField]?
    /// What an entry of a list or dictionary looks like: one shape for all.
    package let entries: [Shape]?
    /// The raw values of an enumeration, in the order of its declaration.
    package let cases: [String]?
    /// Present and true where the type stopped reading, so that more may follow what is here.
    package let incomplete: Bool?

    package init(
        _ kind: Kind, type: String? = nil, fields: [ShapeField]? = nil, entries: [Shape]? = nil,
        cases: [String]? = nil, incomplete: Bool? = nil
    ) {
        self.kind = kind
        self.type = type
        self.fields = fields
        self.entries = entries
        self.cases = cases
        self.incomplete = incomplete
    }

    /// The shape of a type's values.
    package init<Value: Decodable>(of type: Value.Type) { self = ShapeRecorder().look(type).shape }
}

/// One field of a structure.
package struct ShapeField: Codable, Hashable, Sendable {
    package let name: String
    /// Stands for the name on the wire, where the field has one.
    package let key: Int?
    /// Whether it may be left out.
    package let optional: Bool
    package let shape: Shape

    package init(_ name: String, key: Int? = nil, optional: Bool = false, shape: Shape) {
        self.name = name
        self.key = key
        self.optional = optional
        self.shape = shape
    }
}

/// A type whose shape cannot be found without help: it refuses empty texts and zeros, or it is an
/// enumeration with values.
package protocol Exemplified: Codable {
    /// Values that the type accepts; of an enumeration with values, one of each case.
    static var examples: [Self] { get }
}
