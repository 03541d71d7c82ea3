/// A table read from comma-separated values (RFC 4180).
///
/// Written here because an import must say in which line of the file an error is, and must not
/// guess. SwiftCSV 0.10 fills short rows up with nothing and drops cells beyond the header, takes a
/// file that ends inside a quotation for a whole one, loses an empty last cell where the file ends
/// without a line break, and keeps no line numbers.
///
/// Line breaks are CRLF, LF or CR. Empty lines are passed over. A byte order mark is skipped.
struct CSVTable: Equatable {
    /// A row, and where it stands.
    struct Record: Equatable {
        /// The line of the file on which it begins; the first line is 1.
        let line: Int
        /// Which of the rows after the header it is, from 1.
        let number: Int
        let cells: [String]
        /// What is wrong with the row as a whole; its cells mean nothing then.
        let problem: String?
    }

    static let bytesMax = 64 << 20
    static let columnsMax = 1000

    /// The names of the columns, without spaces around them.
    let header: [String]
    let records: [Record]

    /// Reads a file's bytes.
    ///
    /// Throws a ``GatewayProblem`` where it cannot be told where its rows begin and end. A row of
    /// another length than the header is kept, with its problem.
    init(_ bytes: [UInt8], delimiter: UInt8 = UInt8(ascii: ",")) throws {
        guard bytes.count <= Self.bytesMax else {
            throw GatewayProblem("the file is larger than 64 MiB; split it", .badData)
        }
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
            throw GatewayProblem("the file is in UTF-16; save it as CSV in UTF-8", .badData)
        }
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        var scanner = CSVScanner(
            bytes: bytes, at: bytes.starts(with: mark) ? mark.count : 0, delimiter: delimiter)
        guard let first = try scanner.next() else {
            throw GatewayProblem("the file is empty; its first line names the columns", .badData)
        }
        if let problem = first.problem {
            throw GatewayProblem("line \(first.line): \(problem)", .badData)
        }
        let header = first.cells.map(\.trimmed)
        guard header.count <= Self.columnsMax else {
            throw GatewayProblem("the file has more than \(Self.columnsMax) columns", .badData)
        }
        let names = header.filter { !$0.isEmpty }
        guard Set(names).count == names.count else {
            throw GatewayProblem("two columns have the same name; rename one of them", .badData)
        }
        var records: [Record] = []
        while let row = try scanner.next() {
            let ragged =
                row.cells.count == header.count
                ? nil : "has \(row.cells.count) cells, but the header has \(header.count)"
            records.append(
                Record(
                    line: row.line, number: records.count + 1, cells: row.cells,
                    problem: row.problem ?? ragged))
        }
        self.header = header
        self.records = records
    }
}

extension StringProtocol {
    /// Without the spaces and tabs around it.
    var trimmed: String {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
