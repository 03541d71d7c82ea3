/// WHO's short Quality of Life assessment: 26 items, four domains, higher is better.
///
/// Answers are as ticked, 1 to 5; items 3, 4 and 26 are reversed here, so they must not come in
/// reversed. A domain is the mean of its items on 0 to 100, kept continuous: change is computed
/// from that, and the manual's rounded table is for print. Items 1 and 2, overall quality of life
/// and health, are reported as answered. There is no total over domains.
///
/// The reference period (two weeks in the field-trial form, four in some later ones) does not
/// change the score, and belongs to the administration.
///
/// Source: WHO, WHOQOL-BREF: introduction, administration, scoring and generic version of the
/// assessment, 1996, and its SPSS syntax.
package enum WHOQOLBREF: Instrument {
    package static let code = InstrumentCode.whoqolBref
    package static let version = "26-item"
    package static let items = ItemRule.numbered(1...26, allowed: ratings)

    private static let ratings = [1, 2, 3, 4, 5]
    private static let reversed: Set<Int> = [3, 4, 26]
    /// Of 26: where more than a fifth are missing, the manual discards the form.
    private static let formMissingMax = 5

    /// The four domains, and which items make them up.
    package enum Domain: String, Codable, Hashable, Sendable, CaseIterable {
        case physical
        case psychological
        case social
        case environment

        /// The code of its score, 0 to 100.
        package var scale: String { "\(InstrumentCode.whoqolBref.rawValue).\(rawValue)" }

        var items: [Int] {
            switch self {
            case .physical: [3, 4, 10, 15, 16, 17, 18]
            case .psychological: [5, 6, 7, 11, 19, 26]
            case .social: [20, 21, 22]
            case .environment: [8, 9, 12, 13, 14, 23, 24, 25]
            }
        }
    }

    /// How many missing items a domain may have; WHO's two rules disagree on two domains.
    package enum MissingRule: String, Codable, Hashable, Sendable, CaseIterable {
        /// The published syntax, and most software: one, one, one, two.
        case spss
        /// The manual's text: two, but one in the social domain.
        case manual

        func missingMax(_ domain: Domain) -> Int {
            switch (self, domain) {
            case (_, .social): 1
            case (_, .environment): 2
            case (.spss, _): 1
            case (.manual, _): 2
            }
        }
    }

    /// The codes of items 1 and 2, each 1 to 5.
    package static let overallScale = "whoqol-bref.overall"
    package static let healthScale = "whoqol-bref.health"

    /// Scores by the stricter rule for missing items, that of the SPSS syntax.
    package static func score(_ answers: Answers) -> ScoreSheet {
        score(answers, missing: .spss)
    }

    /// Scores by a chosen rule for missing items.
    ///
    /// A missing item within the rule is replaced by the mean of the domain's others, and the
    /// score says that it is prorated. With six or more of 26 missing, nothing is scored.
    package static func score(_ answers: Answers, missing rule: MissingRule) -> ScoreSheet {
        let given = answers.answers(to: Array(1...26), among: ratings).count
        guard 26 - given <= formMissingMax else {
            let scales = Domain.allCases.map(\.scale) + [overallScale, healthScale]
            return sheet(scales.map(Score.invalid))
        }
        return sheet(
            Domain.allCases.map { score($0, in: answers, missing: rule) }
                + [single("1", as: overallScale, in: answers)]
                + [single("2", as: healthScale, in: answers)])
    }

    private static func score(
        _ domain: Domain, in answers: Answers, missing rule: MissingRule
    ) -> Score {
        let given = domain.items.compactMap { item in
            answers.answer(to: String(item), among: ratings)
                .map { reversed.contains(item) ? 6 - $0 : $0 }
        }
        let missing = domain.items.count - given.count
        guard missing <= rule.missingMax(domain) else { return .invalid(domain.scale) }
        // (mean - 1) * 25, divided last.
        let value = Double((given.reduce(0, +) - given.count) * 25) / Double(given.count)
        return Score(
            scale: domain.scale, value: value, status: missing == 0 ? .complete : .prorated)
    }

    private static func single(_ item: String, as scale: String, in answers: Answers) -> Score {
        answers.answer(to: item, among: ratings).map { .complete(scale, $0) } ?? .invalid(scale)
    }
}

// MARK: - Other scales

extension WHOQOLBREF {
    /// A domain's score on the older scale of 4 to 20: four times the mean of its items.
    ///
    /// `hundred` is the score on 0 to 100, continuous.
    package static func onTwenty(_ hundred: Double) -> Double {
        hundred * 16 / 100 + 4
    }

    /// A domain's scores as the manual's table of rounded ones prints them.
    package struct Tabulated: Codable, Hashable, Sendable {
        /// 4 to 20.
        package let twenty: Int
        /// 0 to 100, computed from the rounded `twenty`, so up to four points off.
        package let hundred: Int

        package init(twenty: Int, hundred: Int) {
            self.twenty = twenty
            self.hundred = hundred
        }
    }

    /// Looks a score up in the manual's table, for print only; nil outside 0 to 100.
    ///
    /// The table rounds twice, halves up: first the score of 4 to 20, then what that is on 0 to
    /// 100. Halves arise only in the environment domain, whose scores are exact in binary.
    /// `hundred` is the score on 0 to 100, continuous.
    package static func tabulated(_ hundred: Double) -> Tabulated? {
        guard hundred >= 0, hundred <= 100 else { return nil }
        let twenty = Int((onTwenty(hundred) + 0.5).rounded(.down))
        return Tabulated(twenty: twenty, hundred: ((twenty - 4) * 25 + 2) / 4)
    }
}
