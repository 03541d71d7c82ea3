/// The depression module of the Patient Health Questionnaire.
///
/// Nine items of 0 to 3 make the total; item 10, how much the problems hinder, is asked where
/// the total is above 0 and never summed. Any answer to item 9 but 0 raises an alert, whatever
/// else is answered or missing. The total needs all nine items: replacing missing ones by the
/// mean is common, but could hide that item 9 was left open.
///
/// Source: Spitzer, Kroenke and Williams 1999 (the algorithm); Kroenke et al. 2001 (the bands).
package enum PHQ9: Instrument {
    package static let code = InstrumentCode.phq9
    package static let version = "9-item"
    package static let items = ItemRule.numbered(1...10, allowed: frequencies)

    /// The code of the sum of items 1 to 9: 0 to 27, higher is worse.
    package static let totalScale = "phq-9.total"
    /// The code of the diagnostic algorithm: how many of the nine symptoms count.
    ///
    /// Its band is `major`, `other` or `none`. It suggests a syndrome; a doctor diagnoses.
    package static let syndromeScale = "phq-9.syndrome"
    /// The code of item 10, 0 to 3; not applicable where the total is 0 and it was not asked.
    package static let difficultyScale = "phq-9.difficulty"

    private static let frequencies = [0, 1, 2, 3]

    package static func score(_ answers: Answers) -> ScoreSheet {
        let alerts: [ScoreAlert] = (answers["9"] ?? 0) >= 1 ? [.suicideRisk] : []
        let given = answers.answers(to: Array(1...9), among: frequencies)
        let total = given.count == 9 ? given.reduce(0, +) : nil
        return sheet(
            [
                total.map { .complete(totalScale, $0, band: band($0)) } ?? .invalid(totalScale),
                total == nil ? .invalid(syndromeScale) : syndrome(given),
                difficulty(answers, total: total),
            ], alerts: alerts)
    }

    private static func band(_ total: Int) -> String {
        switch total {
        case ..<5: "minimal"
        case ..<10: "mild"
        case ..<15: "moderate"
        case ..<20: "moderately-severe"
        default: "severe"
        }
    }

    /// A symptom counts on more than half the days, item 9 on any; one of the first two must.
    private static func syndrome(_ nine: [Int]) -> Score {
        let counts = zip(1..., nine).filter { $1 >= ($0 == 9 ? 1 : 2) }
        let hasCore = counts.contains { item, _ in item <= 2 }
        let band = !hasCore || counts.count < 2 ? "none" : counts.count < 5 ? "other" : "major"
        return .complete(syndromeScale, counts.count, band: band)
    }

    private static func difficulty(_ answers: Answers, total: Int?) -> Score {
        if let answer = answers.answer(to: "10", among: frequencies) {
            return .complete(difficultyScale, answer)
        }
        let isSkipped = total == 0 && answers["10"] == nil
        return isSkipped ? .notApplicable(difficultyScale) : .invalid(difficultyScale)
    }
}
