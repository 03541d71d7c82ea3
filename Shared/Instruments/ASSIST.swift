/// WHO's Alcohol, Smoking and Substance Involvement Screening Test, version 3.1.
///
/// Each substance has its own score: the sum of questions 2 to 7 (tobacco has no question 5), at
/// most 39, or 31 for tobacco. Question 1 only decides what is asked, question 8 only raises an
/// alert. There is no total over substances. What the "past three months" meant, before
/// detention or now, is a fact of the administration and not of the answers.
///
/// Source: Humeniuk et al., The ASSIST: manual for use in primary care, WHO 2010,
/// ISBN 978 92 4 159938 2.
package enum ASSIST: Instrument {
    package static let code = InstrumentCode.assist
    package static let version = "3.1"

    /// The substances, by their letter on the form.
    package enum Substance: String, Codable, Hashable, Sendable, CaseIterable {
        case tobacco = "a"
        case alcohol = "b"
        case cannabis = "c"
        case cocaine = "d"
        /// Amphetamine-type stimulants: shabu and ecstasy.
        case stimulants = "e"
        case inhalants = "f"
        case sedatives = "g"
        case hallucinogens = "h"
        case opioids = "i"
        case other = "j"

        /// The code of its score.
        package var scale: String { "\(InstrumentCode.assist.rawValue).\(rawValue)" }

        func item(_ question: Int) -> String { "\(question)/\(rawValue)" }

        /// The questions that a substance not used for three months skips.
        var recentQuestions: [Int] { self == .tobacco ? [3, 4] : [3, 4, 5] }
    }

    /// The code of the answer to question 8, which has no band.
    ///
    /// A form that leaves the question open says so here, where the missing alert would not.
    package static let injectingScale = "who-assist.injecting"

    package static let items: [ItemRule] =
        (1...7).flatMap { question in
            Substance.allCases
                .filter { question != 5 || $0 != .tobacco }
                .map { ItemRule(code: $0.item(question), allowed: allowed(question)) }
        } + [ItemRule(code: "8", allowed: allowed(8))]

    /// The codes of a question's answers; the forms do not number them consecutively.
    private static func allowed(_ question: Int) -> [Int] {
        switch question {
        case 1: [0, 3]
        case 2: [0, 2, 3, 4, 6]
        case 3: [0, 3, 4, 5, 6]
        case 4: [0, 4, 5, 6, 7]
        case 5: [0, 5, 6, 7, 8]
        case 6, 7: [0, 3, 6]
        default: [0, 1, 2]
        }
    }

    package static func score(_ answers: Answers) -> ScoreSheet {
        sheet(
            Substance.allCases.map { involvement(of: $0, in: answers) } + [injecting(answers)],
            alerts: answers["8"] == 2 ? [.injectingRisk] : [])
    }

    /// The score of one substance.
    ///
    /// Never used: not asked, so not applicable. Not used for three months: questions 3 to 5 are
    /// skipped and count 0, while 6 and 7 are still asked.
    private static func involvement(of substance: Substance, in answers: Answers) -> Score {
        func answer(_ question: Int) -> Int? {
            answers.answer(to: substance.item(question), among: allowed(question))
        }
        guard let everUsed = answer(1), contradiction(of: substance, in: answers) == nil else {
            return .invalid(substance.scale)
        }
        guard everUsed != 0 else { return .notApplicable(substance.scale) }
        guard let frequency = answer(2) else { return .invalid(substance.scale) }
        let needed = (frequency == 0 ? [] : substance.recentQuestions) + [6, 7]
        let given = needed.compactMap(answer)
        guard given.count == needed.count else { return .invalid(substance.scale) }
        let sum = given.reduce(frequency, +)
        return .complete(substance.scale, sum, band: band(sum, of: substance))
    }

    private static func band(_ score: Int, of substance: Substance) -> String {
        let lowMax = substance == .alcohol ? 10 : 3
        return score <= lowMax ? "low" : score <= 26 ? "moderate" : "high"
    }

    private static func injecting(_ answers: Answers) -> Score {
        guard contradictoryInjecting(answers) == nil else { return .invalid(injectingScale) }
        if let answer = answers.answer(to: "8", among: allowed(8)) {
            return .complete(injectingScale, answer)
        }
        let isSkipped = neverUsedAnything(answers) && answers["8"] == nil
        return isSkipped ? .notApplicable(injectingScale) : .invalid(injectingScale)
    }
}

// MARK: - What the form skips

extension ASSIST {
    /// The first answer that the form's skips exclude.
    ///
    /// Nothing more is asked about a substance never used; questions 3 to 5 can only be 0 for one
    /// not used for three months; who never used anything never injected.
    package static func contradiction(in answers: Answers) -> AnswerError? {
        Substance.allCases.lazy.compactMap { contradiction(of: $0, in: answers) }.first
            ?? contradictoryInjecting(answers)
    }

    private static func contradiction(of substance: Substance, in answers: Answers) -> AnswerError?
    {
        let (everUsed, frequency) = (substance.item(1), substance.item(2))
        if answers[everUsed] == 0 {
            let later = [2] + substance.recentQuestions + [6, 7]
            guard let item = later.map(substance.item).first(where: { answers[$0] != nil })
            else { return nil }
            return error(item, .skipped(after: everUsed, answer: 0))
        }
        if answers[frequency] == 0 {
            let item = substance.recentQuestions.map(substance.item)
                .first { (answers[$0] ?? 0) != 0 }
            return item.map { error($0, .skipped(after: frequency, answer: 0)) }
        }
        return nil
    }

    private static func contradictoryInjecting(_ answers: Answers) -> AnswerError? {
        guard let injecting = answers["8"], injecting != 0, neverUsedAnything(answers)
        else { return nil }
        return error("8", .denied(byQuestion: "1"))
    }

    private static func neverUsedAnything(_ answers: Answers) -> Bool {
        Substance.allCases.allSatisfy { answers[$0.item(1)] == 0 }
    }

    private static func error(_ item: String, _ problem: AnswerError.Problem) -> AnswerError {
        AnswerError(instrument: code, item: item, problem: problem)
    }
}
