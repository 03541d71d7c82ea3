import Instruments
import Testing

@Suite("The URICA")
struct URICATests {
    private let key: [URICA.Subscale: [Int]] = [
        .precontemplation: [1, 5, 11, 13, 23, 26, 29],
        .contemplation: [2, 8, 12, 15, 19, 21, 24],
        .action: [3, 7, 10, 14, 17, 25, 30],
        .maintenance: [6, 16, 18, 22, 27, 28, 32],
    ]

    /// A form whose subscales are answered as given, and whose unscored items are 1.
    private func form(_ answers: [URICA.Subscale: [Int]]) throws -> Answers {
        var form = Answers(all: 1, of: 32)
        for (subscale, values) in answers {
            for (item, value) in zip(try #require(key[subscale]), values) {
                form = form.with("\(item)", value)
            }
        }
        return form
    }

    private func alike(_ answers: [URICA.Subscale: Int]) throws -> Answers {
        try form(answers.mapValues { Array(repeating: $0, count: 7) })
    }

    @Test("has means of 3 and a readiness of 6 where every answer is 3")
    func threes() {
        let sheet = URICA.score(Answers(all: 3, of: 32))
        for subscale in URICA.Subscale.allCases { #expect(sheet[subscale.scale]?.value == 3) }
        #expect(sheet["urica-32.readiness"]?.value == 6)
        #expect(sheet["urica-32.readiness"]?.band == nil)
    }

    @Test("runs from -2 to 14")
    func extremes() throws {
        let ready = try alike([
            .precontemplation: 1, .contemplation: 5, .action: 5, .maintenance: 5,
        ])
        #expect(URICA.score(ready)["urica-32.readiness"]?.value == 14)
        let unready = try alike([
            .precontemplation: 5, .contemplation: 1, .action: 1, .maintenance: 1,
        ])
        #expect(URICA.score(unready)["urica-32.readiness"]?.value == -2)
    }

    @Test("divides each sum by seven, and adds nothing to it")
    func realistic() throws {
        let sheet = URICA.score(
            try form([
                .precontemplation: [2, 1, 1, 1, 1, 2, 1],
                .contemplation: [5, 5, 5, 5, 5, 5, 5],
                .action: [5, 5, 5, 4, 5, 5, 5],
                .maintenance: [4, 4, 5, 4, 5, 4, 5],
            ]))
        #expect(near(sheet["urica-32.precontemplation"], 1.2857, within: 5e-5))
        #expect(sheet["urica-32.contemplation"]?.value == 5)
        #expect(near(sheet["urica-32.action"], 4.8571, within: 5e-5))
        #expect(near(sheet["urica-32.maintenance"], 4.4286, within: 5e-5))
        #expect(sheet["urica-32.readiness"]?.value == 13)
    }

    @Test("asks items 4, 9, 20 and 31 without scoring them")
    func unscored() throws {
        let answers = Answers(all: 3, of: 32)
        let others = [4, 9, 20, 31].reduce(answers) { $0.with("\($1)", 5) }
        #expect(URICA.score(others) == URICA.score(answers))
        #expect(URICA.score(answers.without([4, 9, 20, 31])) == URICA.score(answers))
        #expect(throws: Never.self) { try URICA.checked(others) }
    }

    @Test("lets every other item move exactly its own subscale by a seventh")
    func eachItem() {
        let base = URICA.score(Answers(all: 3, of: 32))
        for (subscale, items) in key {
            for item in items {
                let sheet = URICA.score(Answers(all: 3, of: 32).with("\(item)", 4))
                for other in URICA.Subscale.allCases where other != subscale {
                    #expect(sheet[other.scale] == base[other.scale])
                }
                #expect(near(sheet[subscale.scale], 22.0 / 7))
                let readiness: Double = subscale == .precontemplation ? 41 : 43
                #expect(near(sheet["urica-32.readiness"], readiness / 7))
            }
        }
    }

    @Test("has neither subscale nor readiness where one of the seven is missing")
    func missing() {
        let sheet = URICA.score(Answers(all: 3, of: 32).without([14]))
        #expect(sheet["urica-32.action"]?.status == .invalid)
        #expect(sheet["urica-32.action"]?.value == nil)
        #expect(sheet["urica-32.readiness"]?.status == .invalid)
        #expect(sheet["urica-32.readiness"]?.value == nil)
        #expect(sheet["urica-32.maintenance"]?.value == 3)
        #expect(sheet["urica-32.maintenance"]?.status == .complete)
    }

    @Test("refuses a sum that seven answers cannot have")
    func sums() {
        #expect(URICA.mean(ofSum: 6) == nil)
        #expect(URICA.mean(ofSum: 7) == 1)
        #expect(URICA.mean(ofSum: 35) == 5)
        #expect(URICA.mean(ofSum: 36) == nil)
    }

    @Test("names a stage only where cut-offs are given, and by them")
    func stages() throws {
        func band(_ sums: [Int], _ cutoffs: URICA.Cutoffs?) throws -> String? {
            // Spreads a sum over seven answers.
            let subscales = URICA.Subscale.allCases
            let answers = zip(subscales, sums).map { subscale, sum in
                (subscale, (0..<7).map { sum / 7 + ($0 < sum % 7 ? 1 : 0) })
            }
            let form = try form(Dictionary(uniqueKeysWithValues: answers))
            return URICA.score(form, cutoffs: cutoffs)["urica-32.readiness"]?.band
        }
        // Readiness 8, just above 8, 11 and just above 11.
        #expect(try band([7, 21, 21, 21], .common) == "precontemplation")
        #expect(try band([7, 22, 21, 21], .common) == "contemplation")
        #expect(try band([7, 28, 28, 28], .common) == "contemplation")
        #expect(try band([7, 29, 28, 28], .common) == "action")
        // 71/7 = 10.14 and 72/7 = 10.29; 82/7 = 11.71 and 83/7 = 11.86.
        #expect(try band([7, 26, 26, 26], .nearestGroupMean) == "precontemplation")
        #expect(try band([7, 27, 26, 26], .nearestGroupMean) == "contemplation")
        #expect(try band([7, 30, 30, 29], .nearestGroupMean) == "contemplation")
        #expect(try band([7, 30, 30, 30], .nearestGroupMean) == "action")
        #expect(try band([7, 30, 30, 30], nil) == nil)
    }
}
