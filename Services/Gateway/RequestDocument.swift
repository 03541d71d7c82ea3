import Foundation
import Shared

/// A request as a person wrote it.
struct RequestDocument {
    private var root: [String: Any]
    /// Paths whose values came as `path=value`, with the words as written.
    private var words: [(path: [String], text: String)] = []

    init(file: String?, fields: [String]) throws {
        root = try file.map(Self.read) ?? [:]
        for (index, field) in fields.enumerated() {
            guard let equals = field.firstIndex(of: "="), equals != field.startIndex else {
                // Not what it says: it may be a part of a name that was not quoted.
                throw GatewayProblem(
                    "field \(index + 1) is not path=value; a value with spaces needs quotation marks"
                )
            }
            let path = field[..<equals].split(separator: ".").map(String.init)
            let text = String(field[field.index(after: equals)...])
            words.append((path, text))
            Self.set(&root, path[...], Self.guess(text))
        }
    }

    private static func read(_ file: String) throws -> [String: Any] {
        let data: Data
        if file == "-" {
            data = FileHandle.standardInput.readDataToEndOfFile()
        } else if let content = FileManager.default.contents(atPath: file) {
            data = content
        } else {
            throw GatewayProblem("\(file) cannot be read")
        }
        guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw GatewayProblem(
                "\(file == "-" ? "standard input" : file) is not a JSON object", .badData)
        }
        return object
    }

    /// A number, a truth value, a list or an object where the text is one; a text otherwise.
    private static func guess(_ text: String) -> Any {
        let value = try? JSONSerialization.jsonObject(
            with: Data(text.utf8), options: .fragmentsAllowed)
        return value ?? text
    }

    private static func set(_ object: inout [String: Any], _ path: ArraySlice<String>, _ value: Any)
    {
        guard let first = path.first else { return }
        guard path.count > 1 else {
            object[first] = value
            return
        }
        var inner = object[first] as? [String: Any] ?? [:]
        set(&inner, path.dropFirst(), value)
        object[first] = inner
    }

    /// Makes the request: a word that looks like a number but stands for a text is taken as one,
    /// a missing id is made up, and so is a missing truth value or list its plain default.
    func decode<Request: Decodable>(_ type: Request.Type) throws -> Request {
        var document = root
        for _ in 0..<(words.count + 12) {
            do {
                let data = try JSONSerialization.data(withJSONObject: document)
                return try JSONDecoder().decode(type, from: data)
            } catch DecodingError.typeMismatch(let expected, let context) {
                let path = context.codingPath.map(\.stringValue)
                guard expected == String.self, let word = words.first(where: { $0.path == path })
                else { throw Self.problem(path, context.debugDescription) }
                Self.set(&document, path[...], word.text)
            } catch DecodingError.keyNotFound(let key, let context) {
                let path = context.codingPath.map(\.stringValue) + [key.stringValue]
                guard let value = Self.usual(key.stringValue) else {
                    throw Self.problem(path, "is missing")
                }
                Self.set(&document, path[...], value)
            } catch DecodingError.valueNotFound(_, let context) {
                throw Self.problem(context.codingPath.map(\.stringValue), "is missing")
            } catch DecodingError.dataCorrupted(let context) {
                throw Self.problem(context.codingPath.map(\.stringValue), context.detail)
            }
        }
        throw GatewayProblem("the request cannot be understood", .badData)
    }

    /// What a field is where nobody says: only for fields whose absence has one meaning.
    private static func usual(_ field: String) -> Any? {
        switch field {
        case "id": Identifier<Noun.Key>.random(at: SystemClock.now()).description
        case "active": true
        case "registerF", "confirmDuplicate", "includingGone": false
        case "aliases", "caseArticles", "releaseDates": [String]()
        default: nil
        }
    }

    private static func problem(_ path: [String], _ what: String) -> GatewayProblem {
        GatewayProblem("\(path.joined(separator: ".")): \(what)", .badData)
    }
}
