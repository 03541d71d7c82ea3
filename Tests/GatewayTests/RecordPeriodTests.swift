import ClinicalAPI
import EvaluationAPI
import Foundation
import RegistryAPI
import Shared
import Testing

@testable import Gateway

@Suite("The days whose records are given")
struct RecordPeriodTests {
    private static func period(_ from: String?, _ through: String?) -> RecordPeriod? {
        RecordPeriod(
            Disclosure(
                id: id(1), participant: id(2), recipient: "Panitera", sections: [.program],
                purpose: .legal, basis: "W14/1", document: "surat-7",
                given: RegisterStep(by: "x", at: time("2026-03-01T03:30:00Z")),
                from: from.map(day), through: through.map(day)), zone: .wib)
    }

    /// The titles of what is left of some records.
    private func titles(_ records: String..., within period: RecordPeriod?) throws -> String {
        let value = CBORValue.map([
            CBORPair(key: .text("list"), value: .array(try records.map(Self.value)))
        ])
        let kept = try #require(period).keeping(value)
        guard case .array(let items)? = kept.field("list") else { return "" }
        return items.map { $0.field("title").map(Table.word) ?? "?" }.joined()
    }

    private static func value(_ json: String) throws -> CBORValue {
        func tree(_ any: Any) -> CBORValue {
            switch any {
            case let fields as [String: Any]:
                .map(fields.map { CBORPair(key: .text($0.key), value: tree($0.value)) })
            case let items as [Any]: .array(items.map(tree))
            default: .text("\(any)")
            }
        }
        return tree(try JSONSerialization.jsonObject(with: Data(json.utf8)))
    }

    @Test("are all, unless a letter names the first, the last, or both")
    func bounds() throws {
        #expect(Self.period(nil, nil) == nil)
        func kept(_ from: String?, _ through: String?) throws -> String {
            try titles(
                #"{"title": "a", "day": "2026-01-01"}"#, #"{"title": "b", "day": "2026-01-02"}"#,
                #"{"title": "c", "signedOn": "2026-01-03"}"#,
                #"{"title": "d", "recordedOn": "2026-01-04"}"#,
                within: Self.period(from, through))
        }
        #expect(try kept("2026-01-02", nil) == "bcd")
        #expect(try kept(nil, "2026-01-03") == "abc")
        #expect(try kept("2026-01-02", "2026-01-03") == "bc")
        #expect(try kept("2027-01-01", "2027-01-02") == "")
    }

    @Test("are those of where the person is held, where a record has its hour")
    func hours() throws {
        let kept = try titles(
            #"{"title": "a", "at": "2026-01-01T16:59:59.000000Z"}"#,
            #"{"title": "b", "at": "2026-01-01T17:00:00.000000Z"}"#,
            within: Self.period("2026-01-02", nil))
        #expect(kept == "b")
    }

    @Test("meet whatever went on during one of them")
    func spans() throws {
        let kept = try titles(
            #"{"title": "a", "openedOn": "2025-06-01", "exit": {"day": "2025-12-31"}}"#,
            #"{"title": "b", "openedOn": "2025-06-01", "exit": {"day": "2026-01-02"}}"#,
            #"{"title": "c", "openedOn": "2025-06-01"}"#,
            #"{"title": "d", "from": "2025-06-01", "until": "2025-07-01"}"#,
            #"{"title": "e", "openedOn": "2026-02-01"}"#,
            within: Self.period("2026-01-01", "2026-01-31"))
        #expect(kept == "bc")
    }

    @Test("hold within a record too: a later part of an earlier one is left out")
    func nested() throws {
        let period = try #require(Self.period(nil, "2026-01-31"))
        let kept = period.keeping(
            try Self.value(
                #"""
                {"plan": {"setAt": "2026-03-01T00:00:00.000000Z"}, "identity": {"name": "Budi"},
                 "assessments": [{"day": "2026-01-05", "diagnoses": [
                    {"code": "F15", "day": "2026-01-06"}, {"code": "F10", "day": "2026-02-06"}]}]}
                """#))
        #expect(kept.field("plan") == nil)
        #expect(kept.field("identity")?.field("name") == .text("Budi"))
        let text = kept.diagnostic
        #expect(text.contains("F15") && !text.contains("F10"))
    }
}
