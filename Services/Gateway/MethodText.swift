import Foundation
import Shared

/// One method for people.
struct MethodText {
    private let method: MethodDescription

    init(_ method: MethodDescription) { self.method = method }

    /// Head, callers, shapes and refusals, one below the other.
    var text: String {
        let timeout = Self.seconds(method.timeoutMicroseconds)
        var lines = [
            "\(method.name)", "",
            "  \(method.kind.rawValue), \(method.repeatability.rawValue), waits \(timeout), "
                + "runs on \(method.thread.rawValue)",
            "  section: \(method.section.rawValue)",
            "  callers: \(Self.callers(method.roles, method.services))",
        ]
        lines += ["", "request"] + Self.lines(method.request)
        lines += ["", method.kind == .stream ? "each reply" : "reply"] + Self.lines(method.reply)
        if !method.refusals.isEmpty {
            lines += ["", "refusals"]
            lines += method.refusals.map {
                "  \($0.rule) [\($0.status.word)]: \($0.explanation)"
            }
        }
        return lines.map(Console.safe).joined(separator: "\n")
    }

    /// Every field of request and reply by its path.
    var fields: Table {
        Table(
            header: ["part", "field", "key", "kind", "optional"],
            rows: Self.rows(method.request).map { ["request"] + $0 }
                + Self.rows(method.reply).map { ["reply"] + $0 })
    }

    /// Who may call, in as few words as there are.
    static func callers(_ roles: [Role], _ services: [ServiceName]) -> String {
        let isEveryone =
            roles.count == Role.allCases.count && services.count == ServiceName.allCases.count
        if isEveryone { return "everyone" }
        return (roles.map(\.rawValue) + services.map { "service \($0.rawValue)" })
            .joined(separator: ", ")
    }

    static func seconds(_ microseconds: Int64) -> String {
        let seconds = Double(microseconds) / 1e6
        return seconds == seconds.rounded() ? "\(Int64(seconds)) s" : "\(seconds) s"
    }

    // MARK: Shapes

    private struct Row {
        let path: [String]
        let key: Int?
        let kind: String
        let isOptional: Bool
    }

    private static func lines(_ shape: Shape) -> [String] {
        let rows = flat(shape, [])
        if rows.isEmpty { return ["  " + (shape.fields == nil ? kind(shape) : "no fields")] }
        let names = rows.map { row in
            String(repeating: "  ", count: row.path.count) + (row.path.last ?? "")
                + (row.key.map { " (\($0))" } ?? "")
        }
        let width = names.map(\.count).max() ?? 0
        return zip(names, rows).map { name, row in
            name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + row.kind
                + (row.isOptional ? ", optional" : "")
        }
    }

    private static func rows(_ shape: Shape) -> [[String]] {
        let rows = flat(shape, [])
        if rows.isEmpty { return shape.fields == nil ? [["", "", kind(shape), "no"]] : [] }
        return rows.map { row in
            [
                row.path.joined(separator: "."), row.key.map(String.init) ?? "", row.kind,
                row.isOptional ? "yes" : "no",
            ]
        }
    }

    private static func flat(_ shape: Shape, _ path: [String]) -> [Row] {
        var rows = (shape.fields ?? []).flatMap { field in
            let inner = path + [field.name]
            let row = Row(
                path: inner, key: field.key, kind: kind(field.shape), isOptional: field.optional)
            return [row] + flat(field.shape, inner)
        }
        // What is inside a list stands below the list itself.
        for entry in shape.entries ?? [] { rows += flat(entry, path) }
        if shape.incomplete == true {
            rows.append(Row(path: path + ["…"], key: nil, kind: "unknown", isOptional: false))
        }
        return rows
    }

    /// What a value is, in one line: `list of text (Section): identity | legal`.
    static func kind(_ shape: Shape) -> String {
        var words = shape.kind.rawValue
        if let entry = shape.entries?.first {
            words += " of " + kind(entry)
        } else if shape.kind == .repeated {
            words = "again"
        }
        if let type = shape.type { words += " (\(type))" }
        if let cases = shape.cases { words += ": " + cases.joined(separator: " | ") }
        return words
    }
}
