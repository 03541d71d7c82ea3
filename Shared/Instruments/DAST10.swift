/// The Drug Abuse Screening Test of ten items: drug problems in the past twelve months.
///
/// Answers are as spoken, no 0 and yes 1. Every yes counts one, but for item 3, where the no
/// counts: reversing it is done here, so a form answered with no throughout scores 1, not 0.
/// No rule for missing items is published, so the total needs all ten.
///
/// Source: Skinner 1982; LOINC 82666-9 (panel) and 82667-7 (total).
package enum DAST10: Instrument {
    package static let code = InstrumentCode.dast10
    package static let version = "10-item"
    package static let items = ItemRule.numbered(1...10, allowed: noOrYes)

    /// The code of the only score: 0 to 10, higher is worse.
    package static let totalScale = "dast-10.total"

    private static let noOrYes = [0, 1]
    private static let reversedItem = 3

    package static func score(_ answers: Answers) -> ScoreSheet {
        let points = (1...10).compactMap { item in
            answers.answer(to: String(item), among: noOrYes)
                .map { item == reversedItem ? 1 - $0 : $0 }
        }
        guard points.count == 10 else { return sheet([.invalid(totalScale)]) }
        let total = points.reduce(0, +)
        return sheet([.complete(totalScale, total, band: band(total))])
    }

    private static func band(_ total: Int) -> String {
        switch total {
        case ..<1: "none"
        case ..<3: "low"
        case ..<6: "moderate"
        case ..<9: "substantial"
        default: "severe"
        }
    }
}
