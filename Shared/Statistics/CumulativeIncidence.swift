/// The share of people to whom each of several things has happened first, by time.
///
/// The estimate of Aalen & Johansen (1978). Where one thing precludes another (a death, a return),
/// this is the risk that people really ran; 1 − Kaplan–Meier with the others taken as ends of
/// following is larger. All causes and the share that is still free add up to 1. At equal times,
/// events come before ends of following. Nothing is extrapolated after the last known time.
package struct CumulativeIncidence: Hashable, Sendable {
    /// The state from one time on, until the next step.
    package struct Step: Hashable, Sendable {
        /// In days.
        package let time: Double
        /// People still followed just before this time.
        package let atRisk: Int
        /// People by cause, in the order of `causes`.
        package let events: [Int]
        /// People whose following ended at this time, without an event.
        package let censored: Int
        /// The share to whom nothing has happened, from this time on.
        package let free: Double
        /// The share by cause, in the order of `causes`, from this time on.
        package let incidence: [Double]
    }

    /// The counts that the estimate was made of; what is sent, because the rest follows from it.
    package let table: RiskTable
    /// One step for every time of the table, those without an event included.
    package let steps: [Step]

    /// What can happen, sorted.
    package var causes: [String] { table.causes }
    /// Everybody who was followed.
    package var count: Int { table.count }
    /// The last time known of anybody, in days; nil of nobody.
    package var lastTime: Double? { table.lastTime }

    /// The incidences of every cause in a table.
    package init(_ table: RiskTable) {
        self.table = table
        var free = 1.0
        var incidence = [Double](repeating: 0, count: table.causes.count)
        steps = zip(table.rows, table.atRisk).map { row, atRisk in
            let n = Double(atRisk)
            for (cause, events) in row.events.enumerated() {
                incidence[cause] += free * Double(events) / n
            }
            free *= Double(atRisk - row.events.reduce(0, +)) / n
            return Step(
                time: row.time, atRisk: atRisk, events: row.events, censored: row.censored,
                free: free, incidence: incidence)
        }
    }

    /// The incidences of every cause, from observations in any order.
    package init(_ observations: some Sequence<Observation>) {
        self.init(RiskTable(observations))
    }

    /// The share to whom nothing has happened by a time; nil where that is not known.
    package func free(at time: Double) -> Double? {
        guard isKnown(time) else { return nil }
        return steps.last { $0.time <= time }?.free ?? 1
    }

    /// The share to whom a cause has happened by a time; nil where that is not known.
    ///
    /// A cause that befell nobody has an incidence of 0. Not known are times after the last
    /// (unless nobody is free any more), times before 0, and everything of nobody.
    package func incidence(of cause: String, at time: Double) -> Double? {
        guard isKnown(time) else { return nil }
        guard let place = causes.firstIndex(of: cause) else { return 0 }
        return steps.last { $0.time <= time }?.incidence[place] ?? 0
    }

    /// The standard error of an incidence; nil where the incidence is not known.
    ///
    /// The delta method (Marubini & Valsecchi 1995, section 10.2), with F the incidence, S the
    /// free share just before a time, d events of any and c of this cause among n at risk:
    /// Var F(t) = Σ (F(t) − F)²·d/(n(n − d)) + Σ S²·c(n − c)/n³ − 2Σ (F(t) − F)·S·c/n².
    /// It equals Greenwood's where there is one cause, and the binomial one where all were
    /// followed to the end. R's `cmprsk` prints Aalen's variance, which is slightly larger.
    package func standardError(of cause: String, at time: Double) -> Double? {
        guard let reached = incidence(of: cause, at: time) else { return nil }
        guard let place = causes.firstIndex(of: cause) else { return 0 }
        var variance = 0.0
        var free = 1.0
        for step in steps.prefix(while: { $0.time <= time }) {
            let n = Double(step.atRisk)
            let all = Double(step.events.reduce(0, +))
            let own = Double(step.events[place])
            let ahead = reached - step.incidence[place]
            // Where nobody is left, nothing is ahead either, and the quotient would be 0/0.
            if n > all { variance += ahead * ahead * all / (n * (n - all)) }
            variance += free * free * own * (n - own) / (n * n * n)
            variance -= 2 * ahead * free * own / (n * n)
            free = step.free
        }
        // Rounding can leave a hair below zero where the exact variance is zero.
        return max(0, variance).squareRoot()
    }

    /// The interval of an incidence; nil where it is not known.
    ///
    /// With an incidence of 0 both ends are 0, which is not to say that it cannot happen: print
    /// the count of people beside it.
    package func bounds(
        of cause: String, at time: Double, on scale: BoundsScale = .logLog,
        _ confidence: Confidence = .ninetyFive
    ) -> Interval? {
        guard let share = incidence(of: cause, at: time),
            let error = standardError(of: cause, at: time)
        else { return nil }
        return scale.bounds(
            around: min(1, share), standardError: error, confidence: confidence)
    }

    /// People still followed just before a time.
    package func atRisk(at time: Double) -> Int {
        steps.first { $0.time >= time }?.atRisk ?? 0
    }

    private func isKnown(_ time: Double) -> Bool {
        guard time >= 0, let last = steps.last else { return false }
        return time <= last.time || last.free == 0
    }
}

extension CumulativeIncidence: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(try RiskTable(from: decoder))
    }

    package func encode(to encoder: any Encoder) throws {
        try table.encode(to: encoder)
    }
}
