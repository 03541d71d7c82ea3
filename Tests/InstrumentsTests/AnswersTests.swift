import Foundation
import Instruments
import Testing

@Suite("Answers and score sheets")
struct AnswersTests {
    private func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func read<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    @Test("are written as a plain map, with unanswered items absent")
    func plainMap() throws {
        let answers = Answers(["1": 3, "2/e": 6, "10": 0])
        #expect(try json(answers) == #"{"1":3,"10":0,"2/e":6}"#)
        #expect(try read(Answers.self, #"{"2/e":6,"10":0,"1":3}"#) == answers)
        #expect(answers["3"] == nil)
        #expect(try read(Answers.self, "{}") == Answers())
    }

    @Test(
        "cannot be read from anything but whole numbers",
        arguments: [#"{"1":null}"#, #"{"1":"3"}"#, #"{"1":2.5}"#, #"{"1":true}"#, "[3]"])
    func malformed(text: String) {
        #expect(throws: DecodingError.self) { try read(Answers.self, text) }
    }

    @Test("come back from their written form", arguments: InstrumentCode.allCases)
    func roundTrip(code: InstrumentCode) throws {
        let answers = Answers(all: 1, of: 26).with("8", 2)
        let sheet = code.instrument.score(answers)
        #expect(try read(ScoreSheet.self, json(sheet)) == sheet)
    }

    @Test("are written with the names that other services know")
    func wireNames() throws {
        let statuses: [ScoreStatus] = [.complete, .prorated, .invalid, .notApplicable]
        #expect(
            statuses.map(\.rawValue) == ["complete", "prorated", "invalid", "not-applicable"])
        #expect(ScoreAlert.allCases.map(\.rawValue) == ["suicide-risk", "injecting-risk"])
        #expect(
            InstrumentCode.allCases.map(\.rawValue) == [
                "who-assist", "dast-10", "urica-32", "whoqol-bref", "phq-9",
            ])
        #expect(
            WHOQOLBREF.score(Answers()).scores.map(\.scale) == [
                "whoqol-bref.physical", "whoqol-bref.psychological", "whoqol-bref.social",
                "whoqol-bref.environment", "whoqol-bref.overall", "whoqol-bref.health",
            ])
        #expect(
            URICA.score(Answers()).scores.map(\.scale) == [
                "urica-32.precontemplation", "urica-32.contemplation", "urica-32.action",
                "urica-32.maintenance", "urica-32.readiness",
            ])
    }
}

@Suite("Every instrument")
struct EveryInstrumentTests {
    @Test("bears its own code and version on its sheet", arguments: InstrumentCode.allCases)
    func names(code: InstrumentCode) {
        let instrument = code.instrument
        let sheet = instrument.score(Answers())
        #expect(instrument.code == code)
        #expect(sheet.instrument == code)
        #expect(sheet.version == instrument.version)
        #expect(code.instrument(version: instrument.version) != nil)
        #expect(code.instrument(version: "24-item") == nil)
    }

    @Test("names each item once, with ascending answers", arguments: InstrumentCode.allCases)
    func items(code: InstrumentCode) {
        let items = code.instrument.items
        #expect(Set(items.map(\.code)).count == items.count)
        #expect(items.allSatisfy { !$0.allowed.isEmpty && $0.allowed == $0.allowed.sorted() })
    }

    @Test("has no value for an empty form, yet accepts it", arguments: InstrumentCode.allCases)
    func empty(code: InstrumentCode) throws {
        let sheet = code.instrument.score(try code.instrument.checked(Answers()))
        #expect(!sheet.scores.isEmpty)
        #expect(sheet.scores.allSatisfy { $0.value == nil && $0.status == .invalid })
        #expect(sheet.alerts.isEmpty)
    }

    @Test("refuses an item that it does not ask", arguments: InstrumentCode.allCases)
    func unknown(code: InstrumentCode) {
        for item in ["33", "0", "", "q1", "01", "2/k", "1 "] {
            #expect(
                throws: AnswerError(instrument: code, item: item, problem: .unknownItem)
            ) { try code.instrument.checked(Answers([item: 1])) }
        }
    }

    @Test("refuses every answer but those it offers", arguments: InstrumentCode.allCases)
    func notOffered(code: InstrumentCode) {
        for rule in code.instrument.items {
            for answer in Array(-1...9) + [.min, .max] {
                let answers = Answers([rule.code: answer])
                let error = AnswerError(
                    instrument: code, item: rule.code,
                    problem: .notAllowed(answer: answer, allowed: rule.allowed))
                if rule.allowed.contains(answer) {
                    #expect(throws: Never.self) { try code.instrument.checked(answers) }
                } else {
                    #expect(throws: error) { try code.instrument.checked(answers) }
                }
            }
        }
    }

    @Test("says what was wrong and what to do")
    func messages() {
        func message(_ item: String, _ problem: AnswerError.Problem) -> String {
            "\(AnswerError(instrument: .assist, item: item, problem: problem))"
        }
        #expect(message("5/a", .unknownItem) == "who-assist has no item 5/a; leave it out")
        #expect(
            message("2/e", .notAllowed(answer: 1, allowed: [0, 2, 3]))
                == "who-assist item 2/e cannot be 1; answer one of 0, 2, 3, "
                + "or leave it out where it was not answered")
        #expect(
            message("3/e", .skipped(after: "2/e", answer: 0))
                == "who-assist item 3/e is skipped where item 2/e is 0; "
                + "leave it out, or correct item 2/e")
        #expect(
            message("8", .denied(byQuestion: "1"))
                == "who-assist item 8 contradicts question 1, where every answer is 0; "
                + "correct one of them")
        #expect(message(String(repeating: "x", count: 9000), .unknownItem).count < 100)
    }
}
