import RPC
import Vocabulary

/// Checks of single fields, the same for every call.
enum Input {
    static let nameMax = 120
    static let codeMax = 40
    static let textMax = 2000
    static let pageMax = 500

    /// One line of text, not blank, of at most `max` characters.
    ///
    /// Control characters and the invisible ones that turn the direction of text are refused:
    /// they make what a person reads differ from what is stored.
    static func text(_ text: String, _ field: String, max: Int = nameMax) throws {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw InvalidInput(field, "must not be blank")
        }
        // Scalars, not characters: one character can be of any number of scalars.
        guard text.unicodeScalars.count <= max else {
            throw InvalidInput(field, "must have at most \(max) characters")
        }
        guard text.first?.isWhitespace == false, text.last?.isWhitespace == false else {
            throw InvalidInput(field, "must not begin or end with a space")
        }
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                throw InvalidInput(field, "must not contain control characters")
            default: continue
            }
        }
    }

    static func optionalText(_ text: String?, _ field: String, max: Int = nameMax) throws {
        if let text { try Self.text(text, field, max: max) }
    }

    /// A code as certificates and commands write it: small letters, digits and dashes.
    static func code(_ code: String, _ field: String) throws {
        let allowed = code.utf8.allSatisfy { byte in
            (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d
        }
        guard allowed, (2...codeMax).contains(code.utf8.count), code.utf8.first != 0x2d else {
            throw InvalidInput(
                field, "must have 2 to \(codeMax) small letters, digits and dashes")
        }
    }

    /// A day on which something happened.
    static func past(_ day: Day, _ field: String, today: Day) throws {
        guard day <= today else { throw InvalidInput(field, "must not lie in the future") }
    }

    static func order(
        _ day: Day, _ field: String, notBefore earlier: Day, of other: String
    ) throws {
        guard day >= earlier else { throw InvalidInput(field, "must not be before \(other)") }
    }

    static func range(_ value: Int, _ field: String, _ range: ClosedRange<Int>) throws {
        guard range.contains(value) else {
            throw InvalidInput(
                field, "must be from \(range.lowerBound) to \(range.upperBound)")
        }
    }

    static func count(_ count: Int, _ field: String, _ range: ClosedRange<Int>) throws {
        guard range.contains(count) else {
            throw InvalidInput(
                field, "must have \(range.lowerBound) to \(range.upperBound) entries")
        }
    }

    static func unique<Value: Hashable>(_ values: [Value], _ field: String) throws {
        guard Set(values).count == values.count else {
            throw InvalidInput(field, "must not name anything twice")
        }
    }
}

/// How many records a page holds.
package enum Paging {
    package static let usual = 100

    /// The number of records that a request for a page gets.
    ///
    /// Throws `InvalidInput` outside 1 to 500.
    package static func limit(_ limit: Int?) throws -> Int {
        guard let limit else { return usual }
        try Input.range(limit, "limit", 1...Input.pageMax)
        return limit
    }
}
