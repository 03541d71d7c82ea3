import ArgumentParser
import Foundation
import Shared

/// In which form data is printed.
enum OutputForm: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
    case csv
}

/// A reply as something to print.
///
/// It is taken from the reply's own encoding, or is the reply as it came, so every reply can be
/// printed without code of its own, with its fields in the order of their declaration.
struct Document {
    private let value: CBORValue
    private let notice: RedisclosureNotice?

    /// `notice`: what it must say of itself; where it is not given, that of what this run was
    /// shown.
    init(
        _ reply: some Encodable, notice: RedisclosureNotice? = Errand.current.notice
    ) throws {
        let tree = reply as? CBORValue
        value = Self.masked(try tree ?? CBORValue(CBOREncoder(keys: .text).encode(reply)))
        self.notice = notice
    }

    /// The same value with every NIK but its last four digits hidden: what is printed is seen by
    /// whoever stands behind, and stays in scroll-back and files.
    private static func masked(_ value: CBORValue) -> CBORValue {
        switch value {
        case .map(let pairs):
            .map(
                pairs.map { pair in
                    guard pair.key == .text("nik"), case .text(let digits) = pair.value else {
                        return CBORPair(key: pair.key, value: masked(pair.value))
                    }
                    return CBORPair(key: pair.key, value: .text("NIK…" + digits.suffix(4)))
                })
        case .array(let items): .array(items.map(masked))
        default: value
        }
    }

    /// As a table it has no notice of its own: whoever prints one puts it around all.
    func text(_ form: OutputForm) -> String {
        switch form {
        case .json: Self.json(noticed, indent: 0)
        case .table: Table(value).text
        case .csv: Table(value).csv(under: notice)
        }
    }

    /// As JSON on one line, for a sequence of documents.
    var line: String { Self.json(noticed, indent: nil) }

    /// With the notice in a field before all others, so that whoever reads the others finds them
    /// where they were; what is no object is put into one.
    private var noticed: CBORValue {
        guard let notice else { return value }
        let first = CBORPair(
            key: .text("redisclosure"),
            value: .map([
                CBORPair(key: .text("notice"), value: .text(notice.notice)),
                CBORPair(key: .text("watermark"), value: .text(notice.watermark)),
            ]))
        guard case .map(let pairs) = value else {
            return .map([first, CBORPair(key: .text("content"), value: value)])
        }
        return .map([first] + pairs)
    }

    /// `indent`: how far what is inside stands from the left; nil for all on one line.
    private static func json(_ value: CBORValue, indent: Int?) -> String {
        let deeper = indent.map { $0 + 2 }
        func list(_ items: [String], _ open: String, _ close: String) -> String {
            guard let indent, !items.isEmpty else {
                return open + items.joined(separator: ", ") + close
            }
            let outside = "\n" + String(repeating: " ", count: indent)
            return open + outside + "  " + items.joined(separator: "," + outside + "  ") + outside
                + close
        }
        switch value {
        case .array(let items): return list(items.map { json($0, indent: deeper) }, "[", "]")
        case .map(let pairs):
            let fields = pairs.map {
                CBORValue.quoted(Table.word($0.key)) + ": " + json($0.value, indent: deeper)
            }
            return list(fields, "{", "}")
        case .float(let number) where !number.isFinite: return "null"
        case .bytes, .tagged, .text: return CBORValue.quoted(Table.word(value))
        default: return value.diagnostic
        }
    }
}

/// Rows and columns of a value: one row for each entry of its list, or one line for each field.
struct Table {
    private var header: [String] = []
    private var rows: [[String]] = []

    /// A table made by hand; each row has as many cells as the header.
    init(header: [String], rows: [[String]]) {
        self.header = header
        self.rows = rows
    }

    init(_ value: CBORValue) {
        if case .map(let pairs) = value, let list = Self.onlyList(pairs) {
            fill(list)
        } else if case .array(let items) = value {
            fill(items)
        } else {
            header = ["field", "value"]
            add(value, under: "")
        }
    }

    /// The list of a reply that is nothing but one list.
    private static func onlyList(_ pairs: [CBORPair]) -> [CBORValue]? {
        let lists = pairs.compactMap { pair in
            if case .array(let items) = pair.value { items } else { nil }
        }
        return pairs.count <= 2 && lists.count == 1 ? lists.first : nil
    }

    /// The same with one more column, whose cells are all alike.
    func adding(column name: String, _ cell: String) -> Table {
        Table(header: header + [name], rows: rows.map { $0 + [cell] })
    }

    private mutating func fill(_ items: [CBORValue]) {
        let flat = items.map { Self.flat($0, under: "") }
        for entry in flat {
            for (name, _) in entry where !header.contains(name) { header.append(name) }
        }
        rows = flat.map { entry in
            let cells = Dictionary(entry, uniquingKeysWith: { first, _ in first })
            return header.map { cells[$0] ?? "" }
        }
    }

    private mutating func add(_ value: CBORValue, under name: String) {
        rows += Self.flat(value, under: name).map { [$0.0, $0.1] }
    }

    private static func flat(_ value: CBORValue, under name: String) -> [(String, String)] {
        switch value {
        case .map(let pairs):
            pairs.flatMap { pair in
                flat(pair.value, under: name.isEmpty ? word(pair.key) : "\(name).\(word(pair.key))")
            }
        case .array(let items):
            [(name, items.map { summary($0) }.joined(separator: "; "))]
        default: [(name, word(value))]
        }
    }

    private static func summary(_ value: CBORValue) -> String {
        if case .map = value {
            return flat(value, under: "").map { "\($0.0)=\($0.1)" }.joined(separator: " ")
        }
        return word(value)
    }

    /// One value in one word.
    static func word(_ value: CBORValue) -> String {
        switch value {
        case .text(let text): text
        case .bytes(let bytes): CBORValue.hex(bytes)
        case .tagged(37, .bytes(let bytes)) where bytes.count == 16:
            bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
                .uuidString.lowercased()
        case .tagged(_, let inner): word(inner)
        case .null: ""
        default: value.diagnostic
        }
    }

    var text: String { text(width: nil) }

    /// Lines of aligned cells.
    ///
    /// Where they are wider than `width` the columns in `flexible` give way, the widest first,
    /// and what does not fit ends in an ellipsis.
    func text(width: Int?, flexible: Set<Int> = []) -> String {
        let cells = ([header] + rows).map { $0.map(Console.safe) }
        var widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        while let width, widths.reduce(0, +) + 2 * (widths.count - 1) > width,
            let widest = flexible.filter({ widths[$0] > Self.narrowest })
                .max(by: { (widths[$0], $0) < (widths[$1], $1) })
        {
            widths[widest] -= 1
        }
        return cells.map { row in
            var line = ""
            for (cell, width) in zip(row, widths) {
                let shown = cell.count > width ? cell.prefix(max(width - 1, 0)) + "…" : cell[...]
                line += shown + String(repeating: " ", count: width - shown.count + 2)
            }
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    /// No column gives way further than this.
    private static let narrowest = 8

    /// With the notice in every row, where it needs one.
    func csv(under notice: RedisclosureNotice?) -> String {
        (notice?.around(self) ?? self).csv
    }

    var csv: String {
        ([header] + rows).map { $0.map(Self.field).joined(separator: ",") }
            .joined(separator: "\n")
    }

    /// Quoted where RFC 4180 needs it, and where a spreadsheet would take it for a formula.
    private static func field(_ text: String) -> String {
        let text = Console.safe(text)
        let isFormula = text.first.map { "=+-@".contains($0) } ?? false
        let content = isFormula && Double(text) == nil ? "'" + text : text
        let needsQuotes = content.contains { ",\"\n\r".contains($0) }
        return needsQuotes
            ? "\"" + content.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : content
    }
}
