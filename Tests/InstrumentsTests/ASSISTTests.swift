import Instruments
import Testing

@Suite("The ASSIST")
struct ASSISTTests {
    @Test("sums questions 2 to 7 of a substance")
    func sum() throws {
        let answers = Answers(only: .cannabis, [6, 5, 5, 5, 6, 3])
        let score = try #require(ASSIST.score(ASSIST.checked(answers))["who-assist.c"])
        #expect(score.value == 30)
        #expect(score.status == .complete)
        #expect(score.band == "high")
    }

    @Test("reaches 31 for tobacco, which has no question 5")
    func tobaccoMax() throws {
        let answers = Answers(only: .tobacco, [6, 6, 7, nil, 6, 6])
        #expect(try ASSIST.score(ASSIST.checked(answers))["who-assist.a"]?.value == 31)
        #expect(!ASSIST.items.contains { $0.code == "5/a" })
    }

    @Test("refuses question 5 for tobacco, and never counts it")
    func tobaccoFailedExpectations() {
        let answers = Answers(only: .tobacco, [6, 6, 7, 8, 6, 6])
        #expect(
            throws: AnswerError(instrument: .assist, item: "5/a", problem: .unknownItem)
        ) { try ASSIST.checked(answers) }
        #expect(ASSIST.score(answers)["who-assist.a"]?.value == 31)
    }

    @Test("reaches 39 for any other substance", arguments: ASSIST.Substance.allCases.dropFirst())
    func otherMax(substance: ASSIST.Substance) throws {
        let answers = Answers(only: substance, [6, 6, 7, 8, 6, 6])
        let score = try ASSIST.score(ASSIST.checked(answers))[substance.scale]
        #expect(score == Score(scale: substance.scale, value: 39, status: .complete, band: "high"))
    }

    @Test(
        "bands alcohol at 11 and 27",
        arguments: [
            ([2, 3, 0, 5, 0, 0], 10, "low"), ([2, 3, 0, 0, 6, 0], 11, "moderate"),
            ([6, 6, 7, 7, 0, 0], 26, "moderate"), ([6, 6, 7, 8, 0, 0], 27, "high"),
        ])
    func alcohol(questions: [Int], sum: Double, band: String) {
        let score = ASSIST.score(Answers(only: .alcohol, questions))["who-assist.b"]
        #expect(score?.value == sum)
        #expect(score?.band == band)
    }

    @Test(
        "bands every other substance at 4 and 27",
        arguments: ASSIST.Substance.allCases.filter { $0 != .alcohol })
    func otherBands(substance: ASSIST.Substance) {
        let failed: Int? = substance == .tobacco ? nil : 0
        func band(_ questions: [Int?]) -> String? {
            ASSIST.score(Answers(only: substance, questions))[substance.scale]?.band
        }
        #expect(band([3, 0, 0, failed, 0, 0]) == "low")
        #expect(band([4, 0, 0, failed, 0, 0]) == "moderate")
        // 6 + 6 + 5 + 6 + 3 and one more for the problems.
        #expect(band([6, 6, 5, failed, 6, 3]) == "moderate")
        #expect(band([6, 6, 6, failed, 6, 3]) == "high")
    }

    @Test("does not apply to a substance never used, however the others score")
    func neverUsed() {
        let sheet = ASSIST.score(Answers(only: .stimulants, [3, 0, 0, 0, 0, 0]))
        #expect(sheet["who-assist.e"]?.value == 3)
        for substance in ASSIST.Substance.allCases where substance != .stimulants {
            #expect(
                sheet[substance.scale]
                    == Score(scale: substance.scale, value: nil, status: .notApplicable))
        }
    }

    @Test("counts 0 for what is skipped after no use in three months, but asks questions 6 and 7")
    func notRecently() throws {
        let answers = Answers(only: .opioids, [0, nil, nil, nil, 3, 6])
        #expect(try ASSIST.score(ASSIST.checked(answers))["who-assist.i"]?.value == 9)
        let zeros = Answers(only: .opioids, [0, 0, 0, 0, 3, 6])
        #expect(try ASSIST.score(ASSIST.checked(zeros))["who-assist.i"]?.value == 9)
        #expect(ASSIST.score(answers.with("6/i", nil))["who-assist.i"]?.status == .invalid)
        #expect(ASSIST.score(answers.with("7/i", nil))["who-assist.i"]?.status == .invalid)
    }

    @Test("has no score where a needed answer is missing", arguments: 1...7)
    func missing(question: Int) throws {
        let answers = Answers(only: .stimulants, [6, 6, 7, 8, 6, 6]).with("\(question)/e", nil)
        let score = try ASSIST.score(ASSIST.checked(answers))["who-assist.e"]
        #expect(score == Score(scale: "who-assist.e", value: nil, status: .invalid))
    }

    @Test("has no score where an answer is not on the form", arguments: 1...7)
    func notOffered(question: Int) {
        // No question about a substance offers 1.
        let answers = Answers(only: .stimulants, [6, 6, 7, 8, 6, 6]).with("\(question)/e", 1)
        #expect(ASSIST.score(answers)["who-assist.e"]?.status == .invalid)
        #expect(throws: AnswerError.self) { try ASSIST.checked(answers) }
    }

    @Test("refuses any later answer about a substance never used", arguments: 2...7)
    func laterThanNever(question: Int) {
        let answers = Answers(only: .stimulants, [6, 6, 7, 8, 6, 6]).with("\(question)/d", 0)
        #expect(
            throws: AnswerError(
                instrument: .assist, item: "\(question)/d",
                problem: .skipped(after: "1/d", answer: 0))
        ) { try ASSIST.checked(answers) }
        #expect(ASSIST.score(answers)["who-assist.d"]?.status == .invalid)
    }

    @Test("refuses craving, problems or failures without use in three months", arguments: 3...5)
    func withoutRecentUse(question: Int) {
        let answers = Answers(only: .sedatives, [0, 0, 0, 0, 0, 0]).with("\(question)/g", 5)
        #expect(
            throws: AnswerError(
                instrument: .assist, item: "\(question)/g",
                problem: .skipped(after: "2/g", answer: 0))
        ) { try ASSIST.checked(answers) }
        #expect(ASSIST.score(answers)["who-assist.g"]?.status == .invalid)
    }

    @Test("alerts to injecting in the past three months only", arguments: [0, 1, 2])
    func injecting(answer: Int) {
        let answers = Answers(only: .opioids, [0, nil, nil, nil, 0, 0], injecting: answer)
        let sheet = ASSIST.score(answers)
        #expect(sheet.alerts == (answer == 2 ? [.injectingRisk] : []))
        #expect(sheet["who-assist.injecting"]?.value == Double(answer))
        #expect(sheet["who-assist.i"]?.value == 0)
    }

    @Test("alerts to injecting even where nothing else was answered")
    func injectingAlone() {
        let sheet = ASSIST.score(Answers(["8": 2]))
        #expect(sheet.alerts == [.injectingRisk])
        #expect(ASSIST.Substance.allCases.allSatisfy { sheet[$0.scale]?.status == .invalid })
    }

    @Test("says that injecting was left open, or not asked of who never used")
    func injectingMissing() throws {
        let user = Answers(only: .opioids, [0, nil, nil, nil, 0, 0]).with("8", nil)
        #expect(ASSIST.score(user)["who-assist.injecting"]?.status == .invalid)
        let abstainer = user.with("1/i", 0).with("2/i", nil).with("6/i", nil).with("7/i", nil)
        let sheet = try ASSIST.score(ASSIST.checked(abstainer))
        #expect(sheet.scores.allSatisfy { $0.status == .notApplicable })
        #expect(
            throws: AnswerError(
                instrument: .assist, item: "8", problem: .denied(byQuestion: "1"))
        ) { try ASSIST.checked(abstainer.with("8", 1)) }
    }

    @Test("asks 70 items: ten substances, seven questions, one fewer for tobacco, one for all")
    func items() {
        #expect(ASSIST.items.count == 70)
        #expect(ASSIST.items.first == ItemRule(code: "1/a", allowed: [0, 3]))
        #expect(ASSIST.items.last == ItemRule(code: "8", allowed: [0, 1, 2]))
    }
}
