import Statistics

/// A hundred simulated people in three groups and two strata, with two causes.
///
/// Drawn as the test of R's package `cmprsk` draws them: R 1.2.1, `set.seed(2)`, generator
/// Marsaglia-Multicarry. That test's recorded output gives the published numbers. Gray's test
/// looks only at the order of the times, so they are kept as ranks; `quarters` are the same times
/// rounded up to quarters of a unit, which makes ties.
enum RecordedCohort {
    static let ranks = [
        44, 13, 77, 62, 73, 23, 19, 20, 38, 70, 87, 51, 57, 98, 69, 17, 95, 76, 41, 24, 92, 22,
        29, 58, 100, 35, 2, 3, 90, 84, 74, 88, 5, 25, 53, 64, 16, 55, 14, 66, 97, 47, 4, 78, 60,
        75, 48, 80, 72, 85, 83, 26, 93, 36, 65, 61, 1, 63, 11, 32, 67, 9, 94, 49, 31, 42, 54,
        33, 28, 71, 40, 39, 68, 50, 99, 10, 81, 6, 21, 89, 18, 34, 30, 27, 45, 8, 56, 15, 43,
        82, 96, 86, 37, 79, 91, 12, 46, 7, 52, 59,
    ]

    static let quarters = [
        3, 1, 7, 5, 7, 2, 1, 2, 3, 6, 8, 4, 4, 14, 6, 1, 12, 7, 3, 2, 10, 2, 2, 4, 21, 2, 1, 1,
        9, 8, 7, 9, 1, 2, 4, 5, 1, 4, 1, 6, 14, 3, 1, 7, 5, 7, 3, 7, 7, 8, 8, 2, 10, 3, 6, 5, 1,
        5, 1, 2, 6, 1, 11, 4, 2, 3, 4, 2, 2, 6, 3, 3, 6, 4, 16, 1, 8, 1, 2, 9, 1, 2, 2, 2, 3, 1,
        4, 1, 3, 8, 12, 8, 3, 7, 9, 1, 3, 1, 4, 5,
    ]

    static let groups = [
        3, 1, 3, 1, 2, 2, 2, 3, 2, 2, 1, 2, 2, 3, 2, 3, 1, 1, 2, 1, 1, 3, 2, 3, 1, 1, 1, 1, 3,
        1, 1, 2, 3, 2, 3, 1, 3, 2, 1, 3, 3, 3, 3, 2, 2, 1, 1, 2, 2, 2, 3, 1, 1, 3, 2, 3, 3, 1,
        1, 2, 1, 3, 2, 1, 2, 3, 1, 1, 3, 3, 3, 1, 2, 3, 1, 1, 2, 2, 3, 3, 2, 3, 3, 2, 2, 2, 2,
        3, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 2, 1,
    ]

    static let causes = [
        1, 2, 0, 2, 2, 1, 0, 2, 2, 0, 0, 2, 2, 0, 0, 0, 0, 0, 1, 0, 2, 1, 1, 1, 1, 2, 0, 0, 1,
        0, 1, 1, 1, 2, 0, 0, 1, 2, 0, 1, 2, 1, 2, 0, 2, 0, 0, 2, 1, 2, 1, 1, 2, 1, 0, 2, 0, 2,
        1, 2, 0, 2, 2, 1, 2, 1, 2, 2, 1, 0, 0, 0, 0, 2, 0, 2, 2, 2, 2, 0, 0, 0, 1, 1, 2, 1, 2,
        2, 1, 0, 1, 1, 1, 2, 1, 2, 2, 0, 1, 1,
    ]

    static let strata = [
        1, 1, 2, 2, 2, 2, 2, 1, 1, 1, 2, 1, 2, 2, 2, 2, 1, 1, 1, 1, 2, 1, 2, 2, 1, 2, 1, 1, 2,
        2, 2, 1, 1, 1, 2, 1, 1, 2, 1, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 2, 1, 2, 2, 2, 1, 1, 2, 1,
        2, 1, 1, 1, 1, 2, 1, 1, 1, 2, 2, 2, 1, 2, 1, 1, 2, 1, 2, 1, 1, 1, 1, 2, 2, 1, 1, 2, 1,
        2, 2, 2, 1, 2, 1, 1, 2, 1, 2, 2, 2, 2,
    ]

    /// The people whom a condition on the index (from 0) selects.
    static func table(tied: Bool = false, where condition: (Int) -> Bool) throws -> RiskTable {
        let times = tied ? quarters : ranks
        return RiskTable(
            try times.indices.filter(condition).map { index in
                let cause = causes[index]
                return try Observation(days: times[index], cause: cause == 0 ? nil : "\(cause)")
            })
    }

    /// Strata of the groups that are named, each as a table, of the people selected.
    static func strata(
        groups named: [Int] = [1, 2, 3], tied: Bool = false,
        where condition: (Int) -> Bool = { _ in true }
    ) throws -> [[RiskTable]] {
        try [1, 2].map { stratum in
            try named.map { group in
                try table(tied: tied) {
                    strata[$0] == stratum && groups[$0] == group && condition($0)
                }
            }
        }
    }
}
