/// The share of people to whom the event has not happened yet, by time (Kaplan & Meier 1958).
///
/// For retention, for time free of any return, and for other composites of all that can happen.
/// For one kind of event among several use `CumulativeIncidence`: this curve would overstate it.
/// At equal times, events come before ends of following. Nothing is extrapolated: after the last
/// known time there is no value, unless the curve had reached 0.
package struct SurvivalCurve: Hashable, Sendable {
    /// The state from one time on, until the next step.
    package struct Step: Hashable, Sendable {
        /// In days.
        package let time: Double
        /// People still followed just before this time.
        package let atRisk: Int
        /// People to whom the event happened at this time.
        package let events: Int
        /// People whose following ended at this time, without an event.
        package let censored: Int
        /// The share from this time on.
        package let survival: Double
        /// Greenwood's sum Σ d/(n(n − d)) up to this time; nil where the share is 0.
        package let greenwood: Double?

        /// Greenwood's standard error, S·√Σ d/(n(n − d)); nil where the share is 0.
        package var standardError: Double? { greenwood.map { survival * $0.squareRoot() } }
    }

    /// The counts that the curve was made of; what is sent, because the rest follows from it.
    package let table: RiskTable
    /// One step for every time of the table, those without an event included.
    package let steps: [Step]

    /// The curve to the first event of any cause in a table.
    package init(_ table: RiskTable) {
        self.table = table
        var survival = 1.0
        var greenwood: Double? = 0
        steps = zip(table.rows, table.atRisk).map { row, atRisk in
            let events = row.events.reduce(0, +)
            let n = Double(atRisk)
            let left = Double(atRisk - events)
            survival *= left / n
            greenwood = greenwood.flatMap { left > 0 ? $0 + Double(events) / (n * left) : nil }
            return Step(
                time: row.time, atRisk: atRisk, events: events, censored: row.censored,
                survival: survival, greenwood: greenwood)
        }
    }

    /// The curve to the first event of any cause, from observations in any order.
    package init(_ observations: some Sequence<Observation>) {
        self.init(RiskTable(observations))
    }

    /// Everybody who was followed.
    package var count: Int { table.count }

    /// Everybody to whom the event happened.
    package var events: Int { steps.reduce(0) { $0 + $1.events } }

    /// The last time known of anybody, in days; nil of nobody.
    package var lastTime: Double? { table.lastTime }

    /// The share to whom the event has not happened by a time; nil where that is not known.
    ///
    /// Not known are times after the last (unless the share is 0 already), times before 0, and
    /// everything of nobody.
    package func survival(at time: Double) -> Double? { state(at: time)?.survival }

    /// Greenwood's standard error of the share; nil where the share is 0 or not known.
    package func standardError(at time: Double) -> Double? {
        guard let state = state(at: time), let greenwood = state.greenwood else { return nil }
        return state.survival * greenwood.squareRoot()
    }

    /// The interval of the share; nil where the share is 0 or not known.
    ///
    /// Before the first event both ends are 1: the curve has no error there to show, which is
    /// not to say that nobody could have left.
    package func bounds(
        at time: Double, on scale: BoundsScale = .log, _ confidence: Confidence = .ninetyFive
    ) -> Interval? {
        guard let share = survival(at: time), let error = standardError(at: time) else {
            return nil
        }
        return scale.bounds(around: share, standardError: error, confidence: confidence)
    }

    /// The share to whom the event has happened by a time, 1 − S; nil where that is not known.
    package func failure(at time: Double) -> Double? { survival(at: time).map { 1 - $0 } }

    /// The interval of that share, mirrored from the one of the survival.
    package func failureBounds(
        at time: Double, on scale: BoundsScale = .log, _ confidence: Confidence = .ninetyFive
    ) -> Interval? {
        bounds(at: time, on: scale, confidence).map {
            Interval(lower: 1 - $0.upper, upper: 1 - $0.lower)
        }
    }

    /// People still followed just before a time, to be printed under the curve.
    package func atRisk(at time: Double) -> Int {
        steps.first { $0.time >= time }?.atRisk ?? 0
    }

    /// The first time by which at least a share of the people had the event, in days.
    ///
    /// Nil where the curve does not come down that far, or `share` is not above 0 and at most 1.
    /// Shares are compared with a tolerance of 1e-12, because a product of fractions that should
    /// be one half may miss it by a rounding.
    package func time(ofFailing share: Double) -> Double? {
        guard share > 0, share <= 1 else { return nil }
        return steps.first { $0.survival <= 1 - share + 1e-12 }?.time
    }

    /// The time by which half of the people had the event, in days; nil where it was never half.
    package var median: Double? { time(ofFailing: 0.5) }

    private func state(at time: Double) -> (survival: Double, greenwood: Double?)? {
        guard time >= 0, let last = steps.last else { return nil }
        if time > last.time && last.survival > 0 { return nil }
        guard let step = steps.last(where: { $0.time <= time }) else { return (1, 0) }
        return (step.survival, step.greenwood)
    }
}

extension SurvivalCurve: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(try RiskTable(from: decoder))
    }

    package func encode(to encoder: any Encoder) throws {
        try table.encode(to: encoder)
    }
}
