import EvaluationAPI
import Statistics

// Reading curves off at given days, in the form in which they are sent.

extension BoundsScale {
    init(_ form: BoundsForm) {
        switch form {
        case .log: self = .log
        case .logLog: self = .logLog
        }
    }
}

extension TestFigure {
    init(_ test: ChiSquareTest) {
        self.init(
            chiSquare: test.statistic, degreesOfFreedom: test.degreesOfFreedom, p: test.p)
    }
}

extension SurvivalPoint {
    init(_ curve: SurvivalCurve, at day: Int, on scale: BoundsScale) {
        let time = Double(day)
        let bounds = curve.bounds(at: time, on: scale)
        let failing = curve.failureBounds(at: time, on: scale)
        self.init(
            day: day, atRisk: curve.atRisk(at: time),
            events: curve.steps.prefix { $0.time <= time }.reduce(0) { $0 + $1.events },
            survival: curve.survival(at: time), standardError: curve.standardError(at: time),
            lower: bounds?.lower, upper: bounds?.upper, failure: curve.failure(at: time),
            failureLower: failing?.lower, failureUpper: failing?.upper)
    }
}

extension IncidencePoint {
    init(_ curve: CumulativeIncidence, of cause: String, at day: Int) {
        let time = Double(day)
        let place = curve.causes.firstIndex(of: cause)
        let before = curve.steps.prefix { $0.time <= time }
        let bounds = curve.bounds(of: cause, at: time)
        self.init(
            cause: cause, day: day, atRisk: curve.atRisk(at: time),
            events: place.map { place in before.reduce(0) { $0 + $1.events[place] } } ?? 0,
            of: curve.count, value: curve.incidence(of: cause, at: time),
            standardError: curve.standardError(of: cause, at: time), lower: bounds?.lower,
            upper: bounds?.upper)
    }
}

extension OutcomeGroup {
    /// `causes` are those of all groups, so that each lists the same.
    init(
        _ name: String, _ curve: SurvivalCurve, _ competing: CumulativeIncidence,
        causes: [String], at horizons: [Int], on scale: BoundsScale
    ) {
        self.init(
            name: name, count: curve.count, events: curve.events,
            points: horizons.map { SurvivalPoint(curve, at: $0, on: scale) },
            incidence: causes.flatMap { cause in
                horizons.map { IncidencePoint(competing, of: cause, at: $0) }
            },
            median: curve.median)
    }
}
