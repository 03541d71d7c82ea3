/// Takes a file's bytes apart into rows of cells.
struct CSVScanner {
    struct Row {
        let line: Int
        var cells: [String] = []
        var problem: String?
    }

    private let bytes: [UInt8]
    private var position: Int
    private var line = 1
    private let delimiter: UInt8

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    init(bytes: [UInt8], at position: Int, delimiter: UInt8) {
        self.bytes = bytes
        self.position = position
        self.delimiter = delimiter
    }

    /// The next row that is not an empty line; nil at the end.
    mutating func next() throws -> Row? {
        while position < bytes.count {
            if isLineBreak(bytes[position]) {
                skipLineBreak()
                continue
            }
            return try row()
        }
        return nil
    }

    private mutating func row() throws -> Row {
        var row = Row(line: line)
        while true {
            let (content, problem) = try cell()
            if let text = String(validating: content, as: UTF8.self), !content.contains(0) {
                row.cells.append(text)
            } else {
                row.cells.append("")
                row.problem = row.problem ?? "is not text in UTF-8; save the file as UTF-8"
            }
            row.problem = row.problem ?? problem
            guard position < bytes.count else { return row }
            if bytes[position] == delimiter {
                position += 1
                continue
            }
            skipLineBreak()
            return row
        }
    }

    /// One cell, up to a delimiter, a line break or the end.
    private mutating func cell() throws -> (content: [UInt8], problem: String?) {
        guard position < bytes.count, bytes[position] == Self.quote else {
            let content = plain()
            let isStray = content.contains(Self.quote)
            return (content, isStray ? "has a quotation mark inside a cell without quotes" : nil)
        }
        let content = try quoted()
        let rest = plain()
        return (content, rest.isEmpty ? nil : "has text after a closing quotation mark")
    }

    private mutating func plain() -> [UInt8] {
        let start = position
        while position < bytes.count, bytes[position] != delimiter, !isLineBreak(bytes[position]) {
            position += 1
        }
        return Array(bytes[start..<position])
    }

    private mutating func quoted() throws -> [UInt8] {
        let opened = line
        var content: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == Self.quote {
                position += 1
                guard position < bytes.count, bytes[position] == Self.quote else { return content }
                content.append(byte)
                position += 1
            } else if isLineBreak(byte) {
                let start = position
                skipLineBreak()
                content += bytes[start..<position]
            } else {
                content.append(byte)
                position += 1
            }
        }
        throw GatewayProblem(
            "line \(opened): a quotation mark opens here and none closes it, so where the row "
                + "ends cannot be told", .badData)
    }

    private func isLineBreak(_ byte: UInt8) -> Bool {
        byte == Self.lineFeed || byte == Self.carriageReturn
    }

    private mutating func skipLineBreak() {
        let isPair =
            bytes[position] == Self.carriageReturn && position + 1 < bytes.count
            && bytes[position + 1] == Self.lineFeed
        position += isPair ? 2 : 1
        line += 1
    }
}
