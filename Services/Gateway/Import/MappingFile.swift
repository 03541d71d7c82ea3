import Foundation
import Shared

/// A mapping as it stands in a JSON file.
struct MappingFile: Decodable {
    var columns: [String: String]?
    var constants: [String: Constant]?
    var units: [String: String]?
    var codes: [String: [String: String]]?
    var dateFormat: String?
    var delimiter: String?

    /// A text, or a number without quotes.
    struct Constant: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                text = String(number)
            } else if let number = try? container.decode(Double.self) {
                text = String(number)
            } else {
                text = try container.decode(String.self)
            }
        }
    }

    private enum Name: String, CaseIterable {
        case columns, constants, units, codes, dateFormat, delimiter
    }

    /// Reads a file; a name that means nothing is an error, because it is a slip.
    static func read(_ path: String) throws -> MappingFile {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw GatewayProblem("\(path) cannot be read")
        }
        let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        guard let object else { throw GatewayProblem("\(path) is not a JSON object", .badData) }
        for name in object.keys.sorted() where Name(rawValue: name) == nil {
            let known = Name.allCases.map(\.rawValue).joined(separator: ", ")
            throw GatewayProblem(
                "\(path): \(Console.safe(name)) means nothing here; a mapping has \(known)",
                .badData)
        }
        do {
            return try JSONDecoder().decode(MappingFile.self, from: data)
        } catch let DecodingError.typeMismatch(_, context) {
            let place = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw GatewayProblem("\(path): \(Console.safe(place)) must be a text", .badData)
        } catch {
            throw GatewayProblem("\(path) is not a mapping", .badData)
        }
    }
}

/// What the command line says of the mapping; it wins over the file.
struct MappingFlags {
    /// Each `field=COLUMN`.
    var columns: [String] = []
    /// Each `field=VALUE`.
    var constants: [String] = []
    /// Each `field=weeks:FIELD`.
    var units: [String] = []
    /// Each `field:FROM=TO`.
    var codes: [String] = []
    var dateFormat: String?
    var delimiter: String?
}

extension CohortMapping {
    init(file: MappingFile?, flags: MappingFlags = MappingFlags()) throws {
        for (name, column) in file?.columns ?? [:] {
            columns[try ImportField(named: name)] = column
        }
        for (name, value) in file?.constants ?? [:] {
            constants[try ImportField(named: name)] = value.text
        }
        for (name, unit) in file?.units ?? [:] {
            let field = try ImportField(named: name)
            units[field] = try DurationUnit(unit, for: field)
        }
        for (name, words) in file?.codes ?? [:] { codes[try ImportField(named: name)] = words }
        if let text = flags.dateFormat ?? file?.dateFormat { dateFormat = try DateFormat(text) }
        if let text = flags.delimiter ?? file?.delimiter { delimiter = try Self.delimiter(text) }
        try take(flags)
        for (field, source) in columns where constants[field] != nil && !source.isEmpty {
            throw GatewayProblem(
                "\(field.rawValue) has both a column and a value for all rows; leave out one")
        }
    }

    private mutating func take(_ flags: MappingFlags) throws {
        for flag in flags.columns {
            let (name, column) = try Self.pair(flag, "--column", "field=COLUMN")
            let field = try ImportField(named: name)
            columns[field] = column
            constants[field] = nil
        }
        for flag in flags.constants {
            let (name, value) = try Self.pair(flag, "--set", "field=VALUE")
            let field = try ImportField(named: name)
            constants[field] = value
            columns[field] = nil
        }
        for flag in flags.units {
            let (name, unit) = try Self.pair(flag, "--unit", "field=weeks:FIELD")
            let field = try ImportField(named: name)
            units[field] = unit.isEmpty ? nil : try DurationUnit(unit, for: field)
        }
        for flag in flags.codes {
            guard let colon = flag.firstIndex(of: ":") else {
                throw GatewayProblem("--code is written field:FROM=TO")
            }
            let field = try ImportField(named: String(flag[..<colon]))
            let rest = String(flag[flag.index(after: colon)...])
            let (from, to) = try Self.pair(rest, "--code", "field:FROM=TO")
            codes[field, default: [:]][from] = to
        }
    }

    private static func pair(
        _ text: String, _ flag: String, _ form: String
    ) throws -> (String, String) {
        guard let equals = text.firstIndex(of: "=") else {
            throw GatewayProblem("\(flag) is written \(form)")
        }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }

    private static func delimiter(_ text: String) throws -> UInt8 {
        switch text {
        case ",", ";", "|", "\t": return text.utf8.first ?? UInt8(ascii: ",")
        case "tab": return UInt8(ascii: "\t")
        default: throw GatewayProblem("a delimiter is , or ; or | or tab")
        }
    }
}
