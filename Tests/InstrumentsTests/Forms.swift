import Instruments

extension Answers {
    /// A form of numbered items, answered in their order.
    init(inOrder answers: [Int]) {
        self.init(
            Dictionary(
                uniqueKeysWithValues: answers.enumerated().map { (String($0 + 1), $1) }))
    }

    /// A form of `count` numbered items, all answered alike.
    init(all answer: Int, of count: Int) {
        self.init(inOrder: Array(repeating: answer, count: count))
    }

    /// An ASSIST on which one substance was ever used, questions 2 to 7 in order; nil is skipped.
    init(only substance: ASSIST.Substance, _ answers: [Int?], injecting: Int = 0) {
        var values = ["8": injecting]
        for other in ASSIST.Substance.allCases {
            values["1/\(other.rawValue)"] = other == substance ? 3 : 0
        }
        for (question, answer) in zip(2..., answers) {
            values["\(question)/\(substance.rawValue)"] = answer
        }
        self.init(values)
    }

    /// The same with one item answered otherwise, or left out.
    func with(_ item: String, _ answer: Int?) -> Answers {
        var values = values
        values[item] = answer
        return Answers(values)
    }

    /// The same with some numbered items left out.
    func without(_ items: [Int]) -> Answers {
        items.reduce(self) { $0.with(String($1), nil) }
    }
}

/// Whether two scores are equal but for the rounding of floating point.
func near(_ score: Score?, _ value: Double, within tolerance: Double = 1e-9) -> Bool {
    guard let found = score?.value else { return false }
    return abs(found - value) <= tolerance
}
