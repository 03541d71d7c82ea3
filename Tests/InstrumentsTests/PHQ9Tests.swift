import Instruments
import Testing

@Suite("The PHQ-9")
struct PHQ9Tests {
    @Test("sums nine items, and finds the other depressive syndrome")
    func moderate() {
        let sheet = PHQ9.score(Answers(inOrder: [2, 2, 1, 1, 1, 1, 1, 1, 0, 1]))
        #expect(
            sheet["phq-9.total"]
                == Score(scale: "phq-9.total", value: 10, status: .complete, band: "moderate"))
        #expect(
            sheet["phq-9.syndrome"]
                == Score(scale: "phq-9.syndrome", value: 2, status: .complete, band: "other"))
        #expect(sheet.alerts.isEmpty)
    }

    @Test("reaches 27, with major depressive syndrome and the alert")
    func worst() {
        let sheet = PHQ9.score(Answers(all: 3, of: 9))
        #expect(sheet["phq-9.total"]?.value == 27)
        #expect(sheet["phq-9.total"]?.band == "severe")
        #expect(sheet["phq-9.syndrome"]?.value == 9)
        #expect(sheet["phq-9.syndrome"]?.band == "major")
        #expect(sheet.alerts == [.suicideRisk])
    }

    @Test("alerts to item 9 though the total is minimal", arguments: 1...3)
    func alert(answer: Int) {
        let sheet = PHQ9.score(Answers(inOrder: [0, 0, 0, 0, 0, 0, 0, 0, answer]))
        #expect(sheet["phq-9.total"]?.value == Double(answer))
        #expect(sheet["phq-9.total"]?.band == "minimal")
        #expect(sheet["phq-9.syndrome"]?.band == "none")
        #expect(sheet.alerts == [.suicideRisk])
    }

    @Test("alerts to item 9 though nothing else was answered, or the answer is impossible")
    func alertAlone() throws {
        let sheet = try PHQ9.score(PHQ9.checked(Answers(["9": 1])))
        #expect(sheet.alerts == [.suicideRisk])
        #expect(sheet["phq-9.total"]?.status == .invalid)
        #expect(PHQ9.score(Answers(["9": 7])).alerts == [.suicideRisk])
        #expect(PHQ9.score(Answers(["9": 0])).alerts.isEmpty)
        #expect(PHQ9.score(Answers(all: 3, of: 9).with("9", 0)).alerts.isEmpty)
    }

    @Test(
        "bands the total at 5, 10, 15 and 20",
        arguments: [
            (0, "minimal"), (4, "minimal"), (5, "mild"), (9, "mild"), (10, "moderate"),
            (14, "moderate"), (15, "moderately-severe"), (19, "moderately-severe"),
            (20, "severe"), (27, "severe"),
        ])
    func bands(total: Int, band: String) {
        let answers = (0..<9).map { total / 9 + ($0 < total % 9 ? 1 : 0) }
        let score = PHQ9.score(Answers(inOrder: answers))["phq-9.total"]
        #expect(score?.value == Double(total))
        #expect(score?.band == band)
    }

    @Test(
        "needs a core symptom, five for the major and two for the other syndrome",
        arguments: [
            ([0, 0, 3, 3, 3, 3, 3, 3, 3], 7, "none"), ([1, 1, 3, 3, 3, 3, 3, 3, 3], 7, "none"),
            ([2, 0, 0, 0, 0, 0, 0, 0, 0], 1, "none"), ([0, 2, 2, 0, 0, 0, 0, 0, 0], 2, "other"),
            ([2, 0, 2, 2, 2, 1, 1, 1, 0], 4, "other"), ([2, 0, 2, 2, 2, 1, 1, 1, 1], 5, "major"),
            ([0, 2, 2, 2, 2, 2, 0, 0, 0], 5, "major"),
        ])
    func syndromes(answers: [Int], count: Double, band: String) {
        let score = PHQ9.score(Answers(inOrder: answers))["phq-9.syndrome"]
        #expect(score?.value == count)
        #expect(score?.band == band)
    }

    @Test("has neither total nor syndrome where one of nine is missing", arguments: 1...9)
    func missing(item: Int) throws {
        let answers = try PHQ9.checked(Answers(all: 2, of: 10).without([item]))
        let sheet = PHQ9.score(answers)
        #expect(
            sheet["phq-9.total"] == Score(scale: "phq-9.total", value: nil, status: .invalid))
        #expect(
            sheet["phq-9.syndrome"]
                == Score(scale: "phq-9.syndrome", value: nil, status: .invalid))
        #expect(sheet.alerts == (item == 9 ? [] : [.suicideRisk]))
    }

    @Test("never sums item 10, and misses it only where the total is above 0")
    func difficulty() {
        let some = Answers(all: 1, of: 9)
        let answered = PHQ9.score(some.with("10", 3))
        #expect(answered["phq-9.total"]?.value == 9)
        #expect(answered["phq-9.difficulty"]?.value == 3)
        #expect(PHQ9.score(some)["phq-9.total"]?.value == 9)
        #expect(PHQ9.score(some)["phq-9.difficulty"]?.status == .invalid)
        let none = Answers(all: 0, of: 9)
        #expect(PHQ9.score(none)["phq-9.difficulty"]?.status == .notApplicable)
        #expect(PHQ9.score(none.with("10", 4))["phq-9.difficulty"]?.status == .invalid)
    }
}
