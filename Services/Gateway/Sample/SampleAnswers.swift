import ClinicalAPI
import Shared

/// Made-up answers to the questionnaires, as a person could have given them.
enum SampleAnswers {
    /// Answers of somebody who used `substance` often, and smokes.
    static func assist(
        _ substance: SubstanceUse.Substance, injected: Bool, using random: inout SplitMix64
    ) -> Answers {
        let main: ASSIST.Substance =
            switch substance {
            case .cannabis: .cannabis
            case .opioids: .opioids
            default: .stimulants
            }
        var values: [String: Int] = ["8": injected ? 2 : 0]
        for other in ASSIST.Substance.allCases {
            let used = other == main || other == .tobacco || random.chance(0.12)
            values["1/\(other.rawValue)"] = used ? 3 : 0
            guard used else { continue }
            let often = other == main || other == .tobacco
            values["2/\(other.rawValue)"] = often ? random.pick(4, 6, 6) : 0
            values["3/\(other.rawValue)"] = often ? random.pick(3, 4, 5, 6) : 0
            values["4/\(other.rawValue)"] = often ? random.pick(0, 4, 5, 6) : 0
            if other != .tobacco {
                values["5/\(other.rawValue)"] = often ? random.pick(0, 5, 6, 7) : 0
            }
            values["6/\(other.rawValue)"] = often ? random.pick(0, 3, 6) : 0
            values["7/\(other.rawValue)"] = often ? random.pick(0, 3, 6) : 0
        }
        return Answers(values)
    }

    /// Answers to the DAST-10; its third question counts where the answer is no.
    static func dast(using random: inout SplitMix64) -> Answers {
        let severity = Double.random(in: 0.35...0.85, using: &random)
        return numbered(1...10) { item in
            let problem = random.chance(severity)
            return (item == 3) != problem ? 1 : 0
        }
    }

    /// Answers to the URICA of somebody who has come `progress` of the way, 0 to 1.
    static func urica(progress: Double, using random: inout SplitMix64) -> Answers {
        let precontemplation: Set = [1, 5, 11, 13, 23, 26, 29]
        let contemplation: Set = [2, 8, 12, 15, 19, 21, 24]
        let action: Set = [3, 7, 10, 14, 17, 25, 30]
        return numbered(1...32) { item in
            let level: Double =
                if precontemplation.contains(item) {
                    2.6 - progress * 0.8
                } else if contemplation.contains(item) {
                    3.7
                } else if action.contains(item) {
                    3.2 + progress * 0.9
                } else {
                    2.9 + progress * 0.8
                }
            return rating(level, using: &random)
        }
    }

    /// Answers to the WHOQOL-BREF around a level of 1 to 5, as ticked.
    static func quality(level: Double, using random: inout SplitMix64) -> Answers {
        let reversed: Set = [3, 4, 26]
        // People differ between items that belong together less than between those that do not.
        let mood = Double.random(in: -0.25...0.25, using: &random)
        return numbered(1...26) { item in
            let given = rating(level + mood, using: &random)
            return reversed.contains(item) ? 6 - given : given
        }
    }

    /// Answers to the PHQ-9; only where `alarming` is there a thought of dying.
    static func depression(
        level: Double, alarming: Bool, using random: inout SplitMix64
    ) -> Answers {
        var values: [String: Int] = [:]
        for item in 1...8 {
            values["\(item)"] = min(3, max(0, Int(spread(level, using: &random).rounded())))
        }
        values["9"] = alarming ? 1 : 0
        if values.values.contains(where: { $0 > 0 }) { values["10"] = random.pick(0, 1, 1, 2) }
        return Answers(values)
    }

    private static func numbered(_ items: ClosedRange<Int>, _ answer: (Int) -> Int) -> Answers {
        Answers(Dictionary(uniqueKeysWithValues: items.map { ("\($0)", answer($0)) }))
    }

    private static func rating(_ level: Double, using random: inout SplitMix64) -> Int {
        min(5, max(1, Int(spread(level, using: &random).rounded())))
    }

    /// Around a level, with more near to it than far from it.
    private static func spread(_ level: Double, using random: inout SplitMix64) -> Double {
        let noise = (0..<3).map { _ in Double.random(in: -0.6...0.6, using: &random) }
        return level + noise.reduce(0, +)
    }
}
