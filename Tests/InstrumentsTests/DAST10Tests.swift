import Instruments
import Testing

@Suite("The DAST-10")
struct DAST10Tests {
    private func total(_ answers: Answers) -> Score? { DAST10.score(answers)["dast-10.total"] }

    @Test("scores 1 where every answer is no, because item 3 is reversed")
    func allNo() {
        let score = total(Answers(all: 0, of: 10))
        #expect(
            score == Score(scale: "dast-10.total", value: 1, status: .complete, band: "low"))
    }

    @Test("scores 9 where every answer is yes")
    func allYes() {
        #expect(total(Answers(all: 1, of: 10))?.value == 9)
        #expect(total(Answers(all: 1, of: 10))?.band == "severe")
    }

    @Test("reaches 10 with yes to all but item 3")
    func worst() {
        let score = total(Answers(all: 1, of: 10).with("3", 0))
        #expect(score?.value == 10)
        #expect(score?.band == "severe")
    }

    @Test("scores 0 with yes to item 3 alone")
    func best() {
        let score = total(Answers(all: 0, of: 10).with("3", 1))
        #expect(score?.value == 0)
        #expect(score?.band == "none")
    }

    @Test("scores 4 for yes to items 1, 4 and 7 and no to the rest")
    func four() {
        let score = total(Answers(inOrder: [1, 0, 0, 1, 0, 0, 1, 0, 0, 0]))
        #expect(score?.value == 4)
        #expect(score?.band == "moderate")
    }

    @Test("bands each total")
    func bands() {
        let expected = [
            "none", "low", "low", "moderate", "moderate", "moderate", "substantial",
            "substantial", "substantial", "severe", "severe",
        ]
        let order = [3, 1, 2, 4, 5, 6, 7, 8, 9, 10]
        for (points, band) in expected.enumerated() {
            var answers = Answers(all: 0, of: 10).with("3", 1)
            for item in order.prefix(points) {
                answers = answers.with("\(item)", item == 3 ? 0 : 1)
            }
            #expect(total(answers)?.value == Double(points))
            #expect(total(answers)?.band == band)
        }
    }

    @Test("has no total where one item is missing or impossible", arguments: 1...10)
    func missing(item: Int) throws {
        let answers = Answers(all: 0, of: 10)
        let open = try DAST10.checked(answers.without([item]))
        #expect(total(open) == Score(scale: "dast-10.total", value: nil, status: .invalid))
        let impossible = answers.with("\(item)", 2)
        #expect(total(impossible)?.status == .invalid)
        #expect(throws: AnswerError.self) { try DAST10.checked(impossible) }
    }
}
