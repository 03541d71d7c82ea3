/// Whether events come sooner in some groups than in others (Mantel 1966).
///
/// At each event time with d events among n people, a group with n_g of them is expected to have
/// d·n_g/n; the covariance is d(n − d)/(n²(n − 1))·(n·n_g·[g = h] − n_g·n_h). Where there are
/// several strata, such as facilities, people are only compared within theirs, and the sums are
/// added.
package struct LogRank: Codable, Hashable, Sendable {
    /// What was seen in one group.
    package struct Group: Codable, Hashable, Sendable {
        /// Everybody in the group, over all strata.
        package let count: Int
        /// Events in the group.
        package let observed: Int
        /// Events that the group would have had, had it been like all.
        package let expected: Double
        /// Of observed minus expected.
        package let variance: Double
    }

    /// In the order they were given.
    package let groups: [Group]
    /// The comparison of all groups.
    ///
    /// Nil where they cannot be compared: no events, or a group that is empty or was never
    /// followed at the time of an event. Leave such a group out.
    package let test: ChiSquareTest?

    /// Compares groups of different people; nil for fewer than two.
    package init?(_ groups: [RiskTable]) {
        self.init(strata: [groups])
    }

    /// Compares groups within strata.
    ///
    /// Nil for fewer than two groups, and where strata do not have as many groups each.
    ///
    /// - Parameter strata: for each stratum the groups, always in the same order, with an empty
    ///   table for a group that has nobody in it.
    package init?(strata: [[RiskTable]]) {
        let size = strata.first?.count ?? 0
        guard size >= 2, strata.allSatisfy({ $0.count == size }) else { return nil }
        var observed = [Int](repeating: 0, count: size)
        var expected = [Double](repeating: 0, count: size)
        var covariance = [[Double]](repeating: expected, count: size)
        for set in strata.flatMap({ RiskSet.all(of: $0, cause: nil) }) {
            let n = Double(set.atRisk.reduce(0, +))
            let d = Double(set.events.reduce(0, +))
            let spread = n > 1 ? d * (n - d) / (n * n * (n - 1)) : 0
            for group in 0..<size {
                let own = Double(set.atRisk[group])
                observed[group] += set.events[group]
                expected[group] += d * own / n
                for other in 0..<size {
                    let shared = group == other ? n * own : 0
                    covariance[group][other] += spread * (shared - own * Double(set.atRisk[other]))
                }
            }
        }
        let scores = zip(observed, expected).map { Double($0) - $1 }
        groups = (0..<size).map { group in
            Group(
                count: strata.reduce(0) { $0 + $1[group].count }, observed: observed[group],
                expected: expected[group], variance: covariance[group][group])
        }
        test = ChiSquareTest(scores: scores, covariance: covariance)
    }
}
