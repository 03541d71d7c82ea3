/// Whether one cause among several befalls some groups more than others (Gray 1988).
///
/// R. J. Gray, A class of K-sample tests for comparing the cumulative incidence of a competing
/// risk, Annals of Statistics 16:1141, with weight ρ = 0. In the paper's terms, with Y people at
/// risk, S the free share and F the incidence just before a time, a group weighs R = Y(1 − F)/S,
/// and its score is the sum of d − D·R/ΣR, where D is the events of this cause in all groups.
/// The covariance is the one under the null hypothesis, with finite-sample corrections for ties;
/// R's `cmprsk::cuminc` gives the same numbers; the tests hold them against its recorded output.
package struct GrayTest: Codable, Hashable, Sendable {
    /// The cause that is compared.
    package let cause: String
    /// Events beyond the expected, by group in the order they were given; they sum to zero.
    package let scores: [Double]
    /// The comparison of all groups.
    ///
    /// Nil where they cannot be compared: nobody had this cause, or a group is empty or was never
    /// followed at the time of an event. Leave such a group out.
    package let test: ChiSquareTest?

    /// Compares groups of different people; nil for fewer than two.
    package init?(_ groups: [RiskTable], cause: String) {
        self.init(strata: [groups], cause: cause)
    }

    /// Compares groups within strata.
    ///
    /// Nil for fewer than two groups, and where strata do not have as many groups each.
    ///
    /// - Parameters:
    ///   - strata: for each stratum the groups, always in the same order, with an empty table
    ///     for a group that has nobody in it.
    ///   - cause: the cause of interest; all others compete with it.
    package init?(strata: [[RiskTable]], cause: String) {
        let size = strata.first?.count ?? 0
        guard size >= 2, strata.allSatisfy({ $0.count == size }) else { return nil }
        var scores = [Double](repeating: 0, count: size)
        var covariance = [[Double]](repeating: scores, count: size)
        for groups in strata {
            let walk = GrayWalk(RiskSet.all(of: groups, cause: cause), groups: size)
            for group in 0..<size { scores[group] += walk.scores[group] }
            for moment in walk.moments {
                moment.add(to: &covariance, final: walk.compensator)
            }
        }
        self.cause = cause
        self.scores = scores
        test = ChiSquareTest(scores: scores, covariance: covariance)
    }
}

/// One pass over the event times of one stratum, keeping what the covariance needs.
private struct GrayWalk {
    private(set) var scores: [Double]
    /// The paper's c, by score and group: ∫ a·dF/(1 − F) up to the time reached.
    private(set) var compensator: [[Double]]
    private(set) var moments: [GrayMoment] = []
    /// The free share and the incidence by group, and the incidence of all under the null
    /// hypothesis, each just before the time reached.
    private var free: [Double]
    private var incidence: [Double]
    private var pooled = 0.0

    init(_ sets: [RiskSet], groups size: Int) {
        scores = [Double](repeating: 0, count: size)
        compensator = [[Double]](repeating: scores, count: size)
        free = [Double](repeating: 1, count: size)
        incidence = scores
        for set in sets { advance(over: set) }
    }

    private mutating func advance(over set: RiskSet) {
        let groups = free.indices
        // A group nobody of which is followed any more weighs nothing; its free share may be 0.
        let h = groups.map { set.atRisk[$0] > 0 ? Double(set.atRisk[$0]) / free[$0] : 0 }
        let total = h.reduce(0, +)
        let events = Double(set.events.reduce(0, +))
        let weights = groups.map { h[$0] * (1 - incidence[$0]) }
        let weight = weights.reduce(0, +)
        let a = groups.map { row in
            groups.map { h[row] * (($0 == row ? 1 : 0) - h[$0] / total) }
        }
        let before = free
        for group in groups where set.atRisk[group] > 0 {
            let n = Double(set.atRisk[group])
            if weight > 0 {
                scores[group] += Double(set.events[group]) - events * weights[group] / weight
            }
            incidence[group] += free[group] * Double(set.events[group]) / n
            free[group] *= (n - Double(set.events[group]) - Double(set.others[group])) / n
        }
        if events > 0, pooled < 1 {
            let share = events / (total * (1 - pooled))
            for row in groups {
                for column in groups { compensator[row][column] += a[row][column] * share }
            }
        }
        pooled += events / total
        moments.append(
            GrayMoment(
                set: set, before: before, after: free, pooled: pooled, total: total, a: a,
                compensator: compensator))
    }
}

/// What one event time adds to the covariance of the scores.
private struct GrayMoment {
    let set: RiskSet
    /// The free share by group, just before and from this time on.
    let before: [Double]
    let after: [Double]
    /// The incidence of all under the null hypothesis, from this time on.
    let pooled: Double
    /// Σ Y/S over the groups.
    let total: Double
    let a: [[Double]]
    let compensator: [[Double]]

    /// Adds the variance of both kinds of events in every group, each by its influence.
    ///
    /// An event of the cause moves a score by a + (1 − (1 − F)/S)·(c(∞) − c), one of another
    /// cause by −(1 − F)/S·(c(∞) − c), both in units of S/Y.
    func add(to covariance: inout [[Double]], final: [[Double]]) {
        let scores = before.indices
        let events = Double(set.events.reduce(0, +))
        for group in scores where set.atRisk[group] > 0 {
            let n = Double(set.atRisk[group])
            let ahead = scores.map { final[$0][group] - compensator[$0][group] }
            let ratio = after[group] > 0 ? (1 - pooled) / after[group] : 0
            if events > 0 {
                let tied = events > 1 ? 1 - (events - 1) / (total * before[group] - 1) : 1
                let influence = scores.map { a[$0][group] + (1 - ratio) * ahead[$0] }
                let scale = tied * before[group] * events / (total * n)
                Self.add(influence, times: scale, to: &covariance)
            }
            let others = Double(set.others[group])
            if others > 0, after[group] > 0 {
                let tied = others > 1 ? 1 - (others - 1) / (n - 1) : 1
                let influence = ahead.map { -ratio * $0 }
                let scale = tied * before[group] * before[group] * others / (n * n)
                Self.add(influence, times: scale, to: &covariance)
            }
        }
    }

    private static func add(
        _ influence: [Double], times scale: Double, to covariance: inout [[Double]]
    ) {
        for row in influence.indices {
            for column in influence.indices {
                covariance[row][column] += scale * influence[row] * influence[column]
            }
        }
    }
}
