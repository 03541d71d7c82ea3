import EvaluationAPI
import RegistryAPI
import Shared
import Testing

@testable import Gateway

@Suite("The caseload")
struct CaseloadTests {
    private func report(
        _ change: (inout CaseloadAnswers) -> Void = { _ in }, missing: [MissingPart] = []
    ) -> CaseloadReport {
        var answers = Answers.caseload
        change(&answers)
        return CaseloadReport(answers, on: Answers.today, zone: .wib, missing: missing)
    }

    @Test("joins what the services know, the most urgent first")
    func whole() {
        #expect(
            report().text(width: nil) == """
                As of 2026-04-15: 2 in treatment, 1 on hold; evaluations: 1 overdue, 1 due in 30 days

                participant  name           program   stage    day      next session      evaluation
                …00000001    Budi Santoso   sosial-6  primary  100/180  2026-04-20 09:00  M3 overdue 10 d
                …00000004    Dewi           sosial-6  left     -        -                 hand-over in 7 d
                …00000002    Agus Salim     sosial-6  primary  73/180   2026-04-16 09:00  M3 in 16 d
                …00000003    Citra Lestari  sosial-6  on hold  45/180   -                 -
                """)
    }

    @Test("has a question mark, never none, for what a missing service would know")
    func missing() {
        #expect(
            report {
                $0.sessions = nil; $0.evaluations = nil
            }.text(width: nil) == """
                As of 2026-04-15: 2 in treatment, 1 on hold; evaluations: ? overdue, ? due in 30 days

                participant  name           program   stage    day      next session  evaluation
                …00000001    Budi Santoso   sosial-6  primary  100/180  ?             ?
                …00000002    Agus Salim     sosial-6  primary  73/180   ?             ?
                …00000003    Citra Lestari  sosial-6  on hold  45/180   ?             ?
                """)
    }

    @Test("is shown by the others when the registry is missing, with ids instead of names")
    func withoutRegistry() {
        let text = report { answers in
            answers.enrollments = nil
            answers.names = nil
            answers.evaluations = answers.evaluations.map {
                ListCaseload.Reply(asOf: $0.asOf, lines: Array($0.lines.prefix(1)), sources: [])
            }
        }.text(width: nil)
        #expect(
            text == """
                As of 2026-04-15: ? in treatment, ? on hold; evaluations: 1 overdue, 0 due in 30 days

                participant                           program   stage  day  next session      evaluation
                018bcfe5-6800-7000-8000-000000000001  sosial-6  ?      ?    2026-04-20 09:00  M3 overdue 10 d
                018bcfe5-6800-7000-8000-000000000002  ?         ?      ?    2026-04-16 09:00  -
                """)
    }

    @Test("names nobody of another program where only sessions are known")
    func oneProgram() {
        let lines = report {
            $0.enrollments = nil
            $0.evaluations = nil
            $0.isOneProgram = true
        }.lines
        #expect(lines.isEmpty)
    }

    @Test("fits a terminal: names give way, ids and days do not")
    func narrow() {
        let lines = report { $0.names?[id(1)] = String(repeating: "Raden ", count: 12) }
            .text(width: 100).split(separator: "\n")
        #expect(lines.dropFirst().allSatisfy { $0.count <= 100 })
        #expect(lines[2].contains("…00000001"))
        #expect(lines[2].contains("…  "))
        #expect(lines[2].contains("100/180"))
    }

    @Test("says in JSON what is unknown, what is none, and what is missing")
    func json() throws {
        let gap = MissingPart(
            service: "clinical", part: "sessions", status: "unavailable", reason: "down")
        let text = try Document(report({ $0.sessions = nil }, missing: [gap])).text(.json)
        #expect(text.contains("\"inTreatment\": 2"))
        #expect(text.contains("\"status\": \"unavailable\""))
        #expect(text.contains("\"nextSession\"\n"))
        #expect(!text.contains("\"nextSession\":"))
        let whole = try Document(report()).text(.json)
        #expect(whole.contains("\"nextSession\": null"))
        #expect(whole.contains("\"unknown\": []"))
        #expect(whole.contains("\"missing\": []"))
    }

    @Test("has a CSV row for each line")
    func csv() {
        let rows = report { $0.sessions = nil }.csv.csv.split(separator: "\n")
        #expect(rows.count == 5)
        #expect(
            rows[1] == """
                018bcfe5-6800-7000-8000-000000000001,Budi Santoso,\
                018bcfe5-6800-7000-8000-0000000002bd,sosial-6,in-treatment,primary,100,2026-07-04,\
                ?,?,overdue,M3,2026-04-05,10,1,0,0,
                """)
    }

    @Test("counts an evaluation that never heard of anybody as missing, not as nothing due")
    func emptyCopy() {
        let empty = ListCaseload.Reply(
            asOf: Answers.today, lines: [], sources: [SourceAge(service: .registry)])
        func answers(registryPosition: Int64?) -> FanOut<CaseloadPart> {
            FanOut(legs: [
                .init(
                    service: .registry, subject: "enrollments", result: .success(.names([:])),
                    position: registryPosition),
                .init(
                    service: .evaluation, subject: "evaluations",
                    result: .success(.evaluations(empty))),
            ])
        }
        let checked = CaseloadPart.withoutEmptyCopies(answers(registryPosition: 12))
        #expect(checked.missingParts.map(\.service) == ["evaluation"])
        // A registry in which nothing was recorded has nothing to tell.
        #expect(CaseloadPart.withoutEmptyCopies(answers(registryPosition: 0)).missing.isEmpty)
    }
}
