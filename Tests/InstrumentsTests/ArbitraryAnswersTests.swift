import Instruments
import Testing

/// SplitMix64 (Steele, Lea and Flood 2014): the same answers in each run.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}

@Suite("Arbitrary answers")
struct ArbitraryAnswersTests {
    private static func range(_ scale: String) -> ClosedRange<Double>? {
        switch scale {
        case "who-assist.a": 0...31
        case "who-assist.injecting": 0...2
        case _ where scale.hasPrefix("who-assist."): 0...39
        case "dast-10.total": 0...10
        case "urica-32.readiness": -2...14
        case _ where scale.hasPrefix("urica-32."): 1...5
        case "whoqol-bref.overall", "whoqol-bref.health": 1...5
        case _ where scale.hasPrefix("whoqol-bref."): 0...100
        case "phq-9.total": 0...27
        case "phq-9.syndrome": 0...9
        case "phq-9.difficulty": 0...3
        default: nil
        }
    }

    private func expectSound(_ sheet: ScoreSheet) {
        #expect(Set(sheet.scores.map(\.scale)).count == sheet.scores.count)
        for score in sheet.scores {
            let hasValue = score.status == .complete || score.status == .prorated
            #expect((score.value != nil) == hasValue, "\(score)")
            #expect(hasValue || score.band == nil, "\(score)")
            guard let value = score.value else { continue }
            #expect(Self.range(score.scale)?.contains(value) == true, "\(score)")
        }
    }

    @Test("never trap, and score within range or not at all", arguments: InstrumentCode.allCases)
    func hostile(code: InstrumentCode) {
        var source = Seeded(state: 20_260_131)
        let instrument = code.instrument
        let strange = [Int.min, -1, 1, 2, 9, 1 << 40, .max]
        for _ in 0..<500 {
            let oddity = Int.random(in: 0...4, using: &source)
            var values: [String: Int] = [:]
            for rule in instrument.items where Int.random(in: 0..<30, using: &source) > oddity {
                let pool = Int.random(in: 0..<40, using: &source) < oddity ? strange : rule.allowed
                values[rule.code] = pool.randomElement(using: &source)
            }
            if Bool.random(using: &source) { values["\(source.next())/😀"] = .max }
            let answers = Answers(values)
            expectSound(instrument.score(answers))
            if let checked = try? instrument.checked(answers) { #expect(checked == answers) }
        }
    }

    @Test("that fill a numbered form are accepted, and score completely")
    func full() throws {
        var source = Seeded(state: 7)
        for code in InstrumentCode.allCases where code != .assist {
            for _ in 0..<200 {
                let values = code.instrument.items.map { rule in
                    (rule.code, rule.allowed.randomElement(using: &source) ?? 0)
                }
                let answers = Answers(Dictionary(uniqueKeysWithValues: values))
                let sheet = code.instrument.score(try code.instrument.checked(answers))
                expectSound(sheet)
                #expect(sheet.scores.allSatisfy { $0.status == .complete })
            }
        }
    }

    @Test("that follow the ASSIST's skips are accepted, and score the sum of what was asked")
    func interview() throws {
        var source = Seeded(state: 8)
        let allowed = Dictionary(uniqueKeysWithValues: ASSIST.items.map { ($0.code, $0.allowed) })
        for _ in 0..<500 {
            var values: [String: Int] = ["8": 0]
            var sums: [ASSIST.Substance: Int] = [:]
            for substance in ASSIST.Substance.allCases {
                let everUsed = Bool.random(using: &source)
                values["1/\(substance.rawValue)"] = everUsed ? 3 : 0
                guard everUsed else { continue }
                var sum = 0
                for question in 2...7 {
                    let item = "\(question)/\(substance.rawValue)"
                    let isSkipped = (3...5).contains(question) && sum == 0
                    guard let codes = allowed[item], !isSkipped else { continue }
                    let answer = try #require(codes.randomElement(using: &source))
                    values[item] = answer
                    sum += answer
                }
                sums[substance] = sum
            }
            let sheet = ASSIST.score(try ASSIST.checked(Answers(values)))
            expectSound(sheet)
            for substance in ASSIST.Substance.allCases {
                let sum = sums[substance]
                #expect(sheet[substance.scale]?.value == sum.map(Double.init))
                let status: ScoreStatus = sum == nil ? .notApplicable : .complete
                #expect(sheet[substance.scale]?.status == status)
            }
        }
    }
}
