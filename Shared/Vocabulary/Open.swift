/// A word of an enumeration that may have got more cases by the time it is read.
///
/// Whoever reads a message of a newer version keeps a case it does not know as the word that came,
/// and passes it on as it came. It stands where one service tells another something and where a
/// program only shows what it was told; what is decided by such a word names what an unknown one
/// comes to. A request has the enumeration itself: nobody is asked for what they do not know.
package enum Open<Value>: RawRepresentable, Hashable, Sendable
where
    Value: RawRepresentable & Hashable & Sendable, Value.RawValue: Codable & Hashable & Sendable
{
    case known(Value)
    /// A case of a later version, as its raw value.
    case unknown(Value.RawValue)

    /// The case of this raw value, known or not.
    package init(rawValue: Value.RawValue) {
        self = Value(rawValue: rawValue).map(Self.known) ?? .unknown(rawValue)
    }

    package init(_ value: Value) { self = .known(value) }

    /// The case; nil where this version does not know it.
    package var known: Value? {
        if case .known(let value) = self { value } else { nil }
    }

    /// The word on the wire.
    package var rawValue: Value.RawValue {
        switch self {
        case .known(let value): value.rawValue
        case .unknown(let rawValue): rawValue
        }
    }

    /// Whether it is this case, which an unknown one never is.
    package static func == (one: Self, other: Value) -> Bool { one.known == other }
}

/// Those that are known here.
extension Open: CaseIterable where Value: CaseIterable {
    package static var allCases: [Self] { Value.allCases.map(Self.known) }
}

extension Optional {
    /// Whether it is there and is this case.
    package static func == <Value>(one: Self, other: Value) -> Bool where Wrapped == Open<Value> {
        one?.known == other
    }
}

extension Open: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(Value.RawValue.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
