/// The University of Rhode Island Change Assessment, 32 items of which 28 count.
///
/// Items are answered 1 (strongly disagree) to 5; none is reversed, and 4, 9, 20 and 31 are asked
/// but not scored. A subscale is the mean of its seven items; readiness is contemplation plus
/// action plus maintenance less precontemplation, from -2 to 14. Readiness predicts before
/// treatment and is no outcome: over time show action and maintenance.
///
/// No rule for missing items is published, so a subscale needs all seven. Versions of 24 and 28
/// items have other keys, which are not held here.
///
/// Source: HABITS Lab, University of Maryland, Baltimore County.
package enum URICA: Instrument {
    package static let code = InstrumentCode.urica32
    package static let version = "32-item"
    package static let items = ItemRule.numbered(1...32, allowed: agreement)

    private static let agreement = [1, 2, 3, 4, 5]

    /// The four subscales, and which items make them up.
    package enum Subscale: String, Codable, Hashable, Sendable, CaseIterable {
        case precontemplation
        case contemplation
        case action
        case maintenance

        /// The code of its score: a mean, 1 to 5.
        package var scale: String { "\(InstrumentCode.urica32.rawValue).\(rawValue)" }

        var items: [Int] {
            switch self {
            case .precontemplation: [1, 5, 11, 13, 23, 26, 29]
            case .contemplation: [2, 8, 12, 15, 19, 21, 24]
            case .action: [3, 7, 10, 14, 17, 25, 30]
            case .maintenance: [6, 16, 18, 22, 27, 28, 32]
            }
        }
    }

    /// The code of the readiness score, -2 to 14.
    package static let readinessScale = "urica-32.readiness"

    /// Where readiness is cut into stages.
    ///
    /// Cut-offs depend on the population and are close to arbitrary, so there is no default.
    package struct Cutoffs: Codable, Hashable, Sendable {
        /// Contemplation lies above this, up to `action`.
        package let contemplation: Double
        /// Preparation and action lie above this.
        package let action: Double

        /// Nearest of the group means 9.3, 11.0 and 12.6 (Virginia Commonwealth University).
        package static let nearestGroupMean = Cutoffs(contemplation: 10.15, action: 11.8)
        /// Often used with drugs and alcohol, source unconfirmed: up to 8, up to 11, above.
        package static let common = Cutoffs(contemplation: 8, action: 11)

        package init(contemplation: Double, action: Double) {
            self.contemplation = contemplation
            self.action = action
        }

        func band(_ readiness: Double) -> String {
            readiness > action
                ? "action" : readiness > contemplation ? "contemplation" : "precontemplation"
        }
    }

    /// Scores without naming a stage.
    package static func score(_ answers: Answers) -> ScoreSheet {
        score(answers, cutoffs: nil)
    }

    /// Scores, and names the stage in the readiness score's band where cut-offs are given.
    package static func score(_ answers: Answers, cutoffs: Cutoffs?) -> ScoreSheet {
        let sums = Subscale.allCases.map { sum(of: $0, in: answers) }
        let subscales = zip(Subscale.allCases, sums).map { subscale, sum in
            score(subscale.scale, sum.flatMap(mean(ofSum:)))
        }
        // Summed before dividing, so that a whole readiness is whole.
        let signed = zip(Subscale.allCases, sums).compactMap { subscale, sum in
            sum.map { subscale == .precontemplation ? -$0 : $0 }
        }
        let isWhole = signed.count == Subscale.allCases.count
        let readiness = isWhole ? Double(signed.reduce(0, +)) / 7 : nil
        let band = readiness.flatMap { value in cutoffs?.band(value) }
        return sheet(subscales + [score(readinessScale, readiness, band: band)])
    }

    /// The mean of a subscale whose seven answers sum to `sum`; nil outside 7 to 35.
    ///
    /// A larger sum, which published worksheets show, comes of counting an eighth item.
    package static func mean(ofSum sum: Int) -> Double? {
        (7...35).contains(sum) ? Double(sum) / 7 : nil
    }

    private static func sum(of subscale: Subscale, in answers: Answers) -> Int? {
        let given = answers.answers(to: subscale.items, among: agreement)
        return given.count == subscale.items.count ? given.reduce(0, +) : nil
    }

    private static func score(_ scale: String, _ value: Double?, band: String? = nil) -> Score {
        Score(
            scale: scale, value: value, status: value == nil ? .invalid : .complete, band: band)
    }
}
