import Foundation
import Testing

@testable import Gateway

@Suite("A table of comma-separated values")
struct CSVTableTests {
    private func table(_ text: String) throws -> CSVTable { try CSVTable(Array(text.utf8)) }

    @Test("keeps quotes, commas and line breaks in quoted cells, and the lines of its rows")
    func quoted() throws {
        let table = try table("a,b\r\n\"x, \"\"y\"\"\",\"1\r\n2\"\r\n\r\nz,\r\nlast,")
        #expect(table.header == ["a", "b"])
        #expect(table.records.map(\.cells) == [["x, \"y\"", "1\r\n2"], ["z", ""], ["last", ""]])
        #expect(table.records.map(\.line) == [2, 5, 6])
        #expect(table.records.map(\.number) == [1, 2, 3])
        #expect(table.records.allSatisfy { $0.problem == nil })
    }

    @Test("reads the same with any line break and with a byte order mark")
    func lineBreaks() throws {
        let plain = try table("a,b\n1,2\n")
        for text in ["a,b\r\n1,2\r\n", "a,b\r1,2", "\u{feff}a,b\n1,2\n", "a , b\n1,2"] {
            #expect(try table(text) == plain)
        }
        let semicolons = try CSVTable(Array("a;b\n1;2".utf8), delimiter: UInt8(ascii: ";"))
        #expect(semicolons == plain)
    }

    @Test("says which rows have more or fewer cells than the header")
    func ragged() throws {
        let table = try table("a,b\n1\n1,2\n1,2,3\n")
        #expect(table.records.map { $0.problem != nil } == [true, false, true])
        #expect(table.records.first?.problem?.contains("1 cells") == true)
    }

    @Test("marks a row whose quotes or bytes are wrong, and reads on")
    func malformed() throws {
        let table = try table("a,b\nx\"y,1\n\"x\"y,1\n3,4\n")
        #expect(table.records.map { $0.problem != nil } == [true, true, false])
        let bytes = Array("a,b\n".utf8) + [0xff, 0x2c, 0x31, 0x0a] + Array("x,\0\n3,4".utf8)
        let other = try CSVTable(bytes)
        #expect(other.records.map { $0.problem != nil } == [true, true, false])
    }

    @Test("refuses a file of which it cannot tell where the rows end")
    func refused() {
        for text in ["", "\n\n", "a,a\n1,2", "a,b\n1,2\n3,\"4\n5,6\n"] {
            #expect(throws: GatewayProblem.self) { try table(text) }
        }
        let open = #expect(throws: GatewayProblem.self) { try table("a,b\n1,2\n3,\"4\n5,6\n") }
        #expect(open?.message.contains("line 3") == true)
        #expect(throws: GatewayProblem.self) { try CSVTable([0xff, 0xfe, 0x61, 0x00]) }
    }

    @Test("ends in a table or an error whatever the bytes are")
    func hostile() {
        var source = SystemRandomNumberGenerator()
        let alphabet = Array("a,\"\n\r;\0".utf8) + [0xff, 0xc3, 0xef, 0xbb, 0xbf]
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &source)).map { _ in
                alphabet.randomElement(using: &source) ?? 0
            }
            guard let table = try? CSVTable(bytes) else { continue }
            for record in table.records {
                let isWhole = record.problem != nil || record.cells.count == table.header.count
                #expect(isWhole, "\(bytes)")
            }
        }
    }
}
