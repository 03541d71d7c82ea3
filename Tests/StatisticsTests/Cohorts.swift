import Foundation
import Statistics

/// Published groups of people, and ways to turn plain numbers into observations.
enum Cohorts {
    /// Freireich 1963: weeks in remission on 6-MP; below zero means censored at that many weeks.
    static let mercaptopurine = [
        6, 6, 6, 7, 10, 13, 16, 22, 23, -6, -9, -10, -11, -17, -19, -20, -25, -32, -32, -34, -35,
    ]

    /// Freireich 1963: weeks in remission on placebo, all seen to the end.
    static let placebo = [
        1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23,
    ]

    /// Ten released, with deaths, arrests, and four who were followed for a year.
    static let released: [(Int, String?)] = [
        (30, "death"), (90, "death"), (150, "death"), (60, "arrest"), (120, "arrest"),
        (180, "arrest"), (365, nil), (365, nil), (365, nil), (365, nil),
    ]

    /// Ten enrolled for 180 days, by how they left.
    static let enrolled: [(Int, String?)] =
        [(30, "withdrawn"), (60, "released"), (60, "released"), (90, "expelled")]
        + Array(repeating: (180, "completed"), count: 6)

    static func signed(_ weeks: [Int]) throws -> [Observation] {
        try weeks.map { try Observation(days: abs($0), isEvent: $0 > 0) }
    }

    static func causes(_ people: [(Int, String?)]) throws -> [Observation] {
        try people.map { try Observation(days: $0.0, cause: $0.1) }
    }

    static func table(_ people: [(Int, String?)]) throws -> RiskTable {
        RiskTable(try causes(people))
    }

    /// One of the 432 released prisoners of Rossi, Berk & Lenihan (1980).
    struct Prisoner {
        let observation: Observation
        let hadAid: Bool
        let race: Int
        let priors: Int
    }

    static func rossi() throws -> [Prisoner] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "IntegrationTests/Fixtures/rossi.csv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
        // week, arrest, fin, age, race, wexp, mar, paro, prio
        return try lines.dropFirst().map { line in
            let fields = line.split(separator: ",").compactMap { Int($0) }
            guard fields.count == 9 else { throw CocoaError(.fileReadCorruptFile) }
            return Prisoner(
                observation: try Observation(days: fields[0], isEvent: fields[1] == 1),
                hadAid: fields[2] == 1, race: fields[4], priors: fields[8])
        }
    }

    /// The observations of the prisoners whom a condition selects, as counts.
    static func rossi(where condition: (Prisoner) -> Bool) throws -> RiskTable {
        RiskTable(try rossi().filter(condition).map(\.observation))
    }
}

/// A repeatable source of disorder (SplitMix64), so that a failing shuffle can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// Tells whether a number agrees with a published one to the digits that were printed.
func agrees(_ value: Double?, _ published: Double, within tolerance: Double) -> Bool {
    guard let value else { return false }
    return abs(value - published) <= tolerance
}
