import Instruments
import Testing

@Suite("The WHOQOL-BREF")
struct WHOQOLBREFTests {
    /// As ticked; items 3, 4 and 26 are not reversed.
    private let ticked = Answers(inOrder: [
        4, 4, 2, 1, 4, 3, 4, 5, 3, 4, 5, 3, 4, 3, 4, 3, 4, 4, 5, 4, 3, 5, 4, 3, 4, 2,
    ])

    private func values(_ sheet: ScoreSheet) -> [Double?] {
        WHOQOLBREF.Domain.allCases.map { sheet[$0.scale]?.value }
    }

    private func statuses(_ sheet: ScoreSheet) -> [ScoreStatus?] {
        WHOQOLBREF.Domain.allCases.map { sheet[$0.scale]?.status }
    }

    @Test("scores 50 in every domain where every answer is 3")
    func threes() {
        let sheet = WHOQOLBREF.score(Answers(all: 3, of: 26))
        #expect(values(sheet) == [50, 50, 50, 50])
        #expect(WHOQOLBREF.onTwenty(50) == 12)
    }

    @Test("scores answers as ticked, reversing items 3, 4 and 26 itself")
    func reverses() {
        let sheet = WHOQOLBREF.score(ticked)
        #expect(sheet["whoqol-bref.physical"]?.value == 75)
        #expect(near(sheet["whoqol-bref.psychological"], 79.1667, within: 5e-5))
        #expect(sheet["whoqol-bref.social"]?.value == 75)
        #expect(sheet["whoqol-bref.environment"]?.value == 65.625)
        #expect(statuses(sheet).allSatisfy { $0 == .complete })
        #expect(sheet.scores.allSatisfy { $0.band == nil })
    }

    @Test("differs for a vector that was reversed before it came in")
    func reversedBefore() {
        let before = ticked.with("3", 4).with("4", 5).with("26", 4)
        let sheet = WHOQOLBREF.score(before)
        #expect(near(sheet["whoqol-bref.physical"], 53.5714, within: 5e-5))
        #expect(near(sheet["whoqol-bref.psychological"], 70.8333, within: 5e-5))
        #expect(sheet["whoqol-bref.social"]?.value == 75)
        #expect(sheet["whoqol-bref.environment"]?.value == 65.625)
    }

    @Test("reaches 100 and 0 at the best and worst answers, not at all fives and ones")
    func extremes() {
        let fives = Answers(all: 5, of: 26)
        let best = fives.with("3", 1).with("4", 1).with("26", 1)
        #expect(values(WHOQOLBREF.score(best)) == [100, 100, 100, 100])
        #expect(values(WHOQOLBREF.score(fives)) != [100, 100, 100, 100])
        let worst = Answers(all: 1, of: 26).with("3", 5).with("4", 5).with("26", 5)
        #expect(values(WHOQOLBREF.score(worst)) == [0, 0, 0, 0])
    }

    @Test("lets each item move exactly its own domain")
    func key() {
        let key: [WHOQOLBREF.Domain: [Int]] = [
            .physical: [3, 4, 10, 15, 16, 17, 18], .psychological: [5, 6, 7, 11, 19, 26],
            .social: [20, 21, 22], .environment: [8, 9, 12, 13, 14, 23, 24, 25],
        ]
        for (domain, items) in key {
            for item in items {
                let sheet = WHOQOLBREF.score(Answers(all: 3, of: 26).with("\(item)", 4))
                let step = 25 / Double(items.count) * ([3, 4, 26].contains(item) ? -1 : 1)
                #expect(near(sheet[domain.scale], 50 + step))
                #expect(values(sheet).count { $0 == 50 } == 3)
            }
        }
    }

    @Test("reports items 1 and 2 as ticked")
    func singles() {
        let sheet = WHOQOLBREF.score(ticked.with("2", 1))
        #expect(sheet["whoqol-bref.overall"]?.value == 4)
        #expect(sheet["whoqol-bref.health"]?.value == 1)
        let open = WHOQOLBREF.score(ticked.without([2]))
        #expect(open["whoqol-bref.health"]?.status == .invalid)
        #expect(open["whoqol-bref.overall"]?.value == 4)
    }

    @Test("replaces one missing item of a domain by the mean of the others")
    func prorates() {
        // Without item 16, the other six are 4, 5, 4, 4, 4, 4: a mean of 25/6.
        let sheet = WHOQOLBREF.score(ticked.without([16]))
        #expect(near(sheet["whoqol-bref.physical"], 79.1667, within: 5e-5))
        #expect(sheet["whoqol-bref.physical"]?.status == .prorated)
        // Without item 21, the other two are 4 and 5.
        let social = WHOQOLBREF.score(ticked.without([21]))["whoqol-bref.social"]
        #expect(social?.value == 87.5)
        #expect(social?.status == .prorated)
    }

    @Test("allows two missing in physical and psychological by the manual, one by the syntax")
    func rules() {
        for (pair, position) in [([10, 15], 0), ([5, 6], 1)] {
            let answers = ticked.without(pair)
            #expect(statuses(WHOQOLBREF.score(answers))[position] == .invalid)
            #expect(
                statuses(WHOQOLBREF.score(answers, missing: .manual))[position] == .prorated)
        }
        for trio in [[10, 15, 16], [5, 6, 7]] {
            let sheet = WHOQOLBREF.score(ticked.without(trio), missing: .manual)
            #expect(statuses(sheet).count { $0 == .invalid } == 1)
        }
    }

    @Test(
        "allows one missing in social and two in environment by either rule",
        arguments: WHOQOLBREF.MissingRule.allCases)
    func sameRules(rule: WHOQOLBREF.MissingRule) {
        func status(_ missing: [Int], _ position: Int) -> ScoreStatus? {
            statuses(WHOQOLBREF.score(ticked.without(missing), missing: rule))[position]
        }
        #expect(status([20], 2) == .prorated)
        #expect(status([20, 21], 2) == .invalid)
        #expect(status([8, 9], 3) == .prorated)
        #expect(status([8, 9, 12], 3) == .invalid)
    }

    @Test("discards the form where six of 26 are missing, but not where five are")
    func discards() {
        let five = WHOQOLBREF.score(ticked.without([1, 3, 5, 20, 8]))
        #expect(statuses(five).allSatisfy { $0 == .prorated })
        let six = WHOQOLBREF.score(ticked.without([1, 3, 5, 20, 8, 9]))
        #expect(six.scores.count == 6)
        #expect(six.scores.allSatisfy { $0.status == .invalid && $0.value == nil })
    }

    @Test("treats an answer outside 1 to 5 as missing", arguments: [0, 6, -1, .max, .min])
    func impossible(answer: Int) {
        let answers = ticked.with("10", answer)
        #expect(WHOQOLBREF.score(answers) == WHOQOLBREF.score(ticked.without([10])))
        #expect(
            throws: AnswerError(
                instrument: .whoqolBref, item: "10",
                problem: .notAllowed(answer: answer, allowed: [1, 2, 3, 4, 5]))
        ) { try WHOQOLBREF.checked(answers) }
    }

    @Test("converts to the older scale of 4 to 20")
    func onTwenty() {
        #expect(WHOQOLBREF.onTwenty(0) == 4)
        #expect(WHOQOLBREF.onTwenty(75) == 16)
        #expect(abs(WHOQOLBREF.onTwenty(475.0 / 6) - 16.6667) < 5e-5)
        #expect(WHOQOLBREF.onTwenty(65.625) == 14.5)
        #expect(WHOQOLBREF.onTwenty(100) == 20)
    }

    @Test("looks scores up in the manual's rounded table")
    func table() {
        func physical(_ raw: Int) -> WHOQOLBREF.Tabulated? {
            WHOQOLBREF.tabulated((Double(raw) / 7 - 1) * 25)
        }
        #expect(physical(10) == .init(twenty: 6, hundred: 13))
        #expect(physical(28) == .init(twenty: 16, hundred: 75))
        #expect(physical(31) == .init(twenty: 18, hundred: 88))
        #expect(WHOQOLBREF.tabulated(65.625) == .init(twenty: 15, hundred: 69))
        #expect(WHOQOLBREF.tabulated(0) == .init(twenty: 4, hundred: 0))
        #expect(WHOQOLBREF.tabulated(100) == .init(twenty: 20, hundred: 100))
        for outside in [-0.1, 100.1, .nan, .infinity, -.infinity] {
            #expect(WHOQOLBREF.tabulated(outside) == nil)
        }
    }

    @Test("rounds as the table does for every raw sum", arguments: [7, 6, 3, 8])
    func everySum(items: Int) {
        for raw in items...(5 * items) {
            let hundred = Double((raw - items) * 25) / Double(items)
            // In whole numbers: the nearest to 4 raw / n, then to its 6.25-fold, halves up.
            let twenty = (8 * raw + items) / (2 * items)
            #expect(
                WHOQOLBREF.tabulated(hundred)
                    == .init(twenty: twenty, hundred: (25 * (twenty - 4) + 2) / 4))
        }
    }
}
