import Foundation
import Shared
import Testing

@testable import Gateway

@Suite("What the command prints")
struct OutputTests {
    private struct Line: Encodable {
        var name: String
        var nik: String?
        var days: Int
    }

    private struct Reply: Encodable {
        var lines: [Line]
    }

    private let reply = Reply(lines: [
        Line(name: "Budi, \"B\"", nik: "9271060312000001", days: 3),
        Line(name: "=cmd()", nik: nil, days: -4),
    ])

    @Test(
        "hides all of a NIK but its last four digits, in every form", arguments: OutputForm.allCases
    )
    func masked(form: OutputForm) throws {
        let text = try Document(reply).text(form)
        #expect(text.contains("NIK…0001"))
        #expect(!text.contains("927106"))
    }

    @Test("is one row for each entry as a table, and a field each where there is no list")
    func table() throws {
        let lines = try Document(reply).text(.table).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].split(separator: " ") == ["name", "nik", "days"])
        let single = try Document(Line(name: "x", nik: nil, days: 1)).text(.table)
        #expect(single.split(separator: "\n").count == 3)
    }

    @Test("is CSV that no spreadsheet takes for a formula")
    func csv() throws {
        let lines = try Document(reply).text(.csv).split(separator: "\n")
        #expect(lines[1].hasPrefix("\"Budi, \"\"B\"\"\","))
        #expect(lines[2] == "'=cmd(),,-4")
    }

    @Test("is JSON with the fields in their order")
    func json() throws {
        let text = try Document(reply).text(.json)
        let name = try #require(text.range(of: "\"name\""))
        let days = try #require(text.range(of: "\"days\""))
        #expect(name.lowerBound < days.lowerBound)
        #expect(text.contains("\\\"B\\\""))
    }

    @Test("does not let text command a terminal")
    func safe() throws {
        let text = try Document(Line(name: "a\u{1b}[2Jb\u{202e}c", nik: nil, days: 0)).text(.table)
        #expect(text.contains("a\u{fffd}[2Jb\u{fffd}c"))
        let json = try Document(Line(name: "a\u{1b}[2Jb\u{202e}c", nik: nil, days: 0)).text(.json)
        #expect(json.contains(#""a\u001b[2Jb\u202ec""#))
    }
}

@Suite("A request as a person writes it")
struct RequestDocumentTests {
    private struct Request: Decodable, Equatable {
        struct Inner: Decodable, Equatable {
            var number: String
            var days: Int
        }
        var inner: Inner
        var active: Bool
    }

    @Test("takes fields by their path, and a number as text where text is meant")
    func fields() throws {
        let request = try RequestDocument(file: nil, fields: ["inner.number=0012", "inner.days=7"])
            .decode(Request.self)
        #expect(request == Request(inner: .init(number: "0012", days: 7), active: true))
    }

    @Test("keeps a number that stands for a text as it was written")
    func words() throws {
        let request = try RequestDocument(file: nil, fields: ["inner.number=12", "inner.days=7"])
            .decode(Request.self)
        #expect(request.inner.number == "12")
    }

    @Test("names the field that is missing or wrong")
    func problems() {
        let missing = #expect(throws: GatewayProblem.self) {
            try RequestDocument(file: nil, fields: ["inner.number=1"]).decode(Request.self)
        }
        #expect(missing?.message.contains("inner.days") == true)
        let wrong = #expect(throws: GatewayProblem.self) {
            try RequestDocument(file: nil, fields: ["inner.number=1", "inner.days=many"])
                .decode(Request.self)
        }
        #expect(wrong?.message.contains("inner.days") == true)
        #expect(wrong?.message.contains("many") == false)
        #expect(throws: GatewayProblem.self) { try RequestDocument(file: nil, fields: ["x"]) }
    }
}
