// Figures on the time in the program. Counts always stand beside the share.

/// How many of how many, with the 95 % interval of Wilson.
package struct Rate: Codable, Hashable, Sendable {
    package let count: Int
    package let of: Int
    /// From 0 to 1; nil where there is nobody to have a share of.
    package let value: Double?
    package let lower: Double?
    package let upper: Double?

    package init(count: Int, of: Int, value: Double?, lower: Double?, upper: Double?) {
        self.count = count
        self.of = of
        self.value = value
        self.lower = lower
        self.upper = upper
    }
}

/// How an exit counts.
package enum ExitGroup: String, Codable, Hashable, Sendable, CaseIterable {
    case successful
    /// Withdrew, was removed, escaped.
    case unsuccessful
    /// Released, transferred, referred, died: nobody's failure.
    case administrative
}

/// How enrollments ended.
package struct ExitFigures: Codable, Hashable, Sendable {
    /// Still enrolled.
    package let open: Int
    /// Share of all enrollments, for each class.
    package let byClass: [ClassRate]
    /// Share of all enrollments, for each exit status that occurred.
    package let byStatus: [StatusRate]
    /// Successful among successful and unsuccessful exits.
    package let completionOfDecided: Rate
    /// Successful among all exits, the administrative ones included.
    package let completionOfAll: Rate
    /// The day at which incidences and retention are read: the planned length.
    package let plannedDays: Int?
    /// Cumulative incidence of each class (Aalen & Johansen), to be read before the retention.
    package let incidence: [IncidencePoint]
    /// Kaplan & Meier, with administrative and successful exits as ends of following.
    package let retention: SurvivalPoint?
    /// Retention apart by whether the time left in custody at entry covered the program.
    package let retentionByTimeLeft: [NamedSurvival]

    package init(
        open: Int, byClass: [ClassRate], byStatus: [StatusRate], completionOfDecided: Rate,
        completionOfAll: Rate, plannedDays: Int?, incidence: [IncidencePoint],
        retention: SurvivalPoint?, retentionByTimeLeft: [NamedSurvival]
    ) {
        self.open = open
        self.byClass = byClass
        self.byStatus = byStatus
        self.completionOfDecided = completionOfDecided
        self.completionOfAll = completionOfAll
        self.plannedDays = plannedDays
        self.incidence = incidence
        self.retention = retention
        self.retentionByTimeLeft = retentionByTimeLeft
    }
}

/// The share of one class of exits.
package struct ClassRate: Codable, Hashable, Sendable {
    package let exitGroup: ExitGroup
    package let rate: Rate

    package init(exitGroup: ExitGroup, rate: Rate) {
        self.exitGroup = exitGroup
        self.rate = rate
    }
}

/// The share of one exit status, by the registry's word for it.
package struct StatusRate: Codable, Hashable, Sendable {
    package let status: String
    package let rate: Rate

    package init(status: String, rate: Rate) {
        self.status = status
        self.rate = rate
    }
}

/// Sessions that participants were expected at.
package struct AttendanceFigures: Codable, Hashable, Sendable {
    /// Attended among attended and missed.
    package let attended: Rate
    /// Refused or unexcused: the only absences that count against a person.
    package let missed: Int
    /// Court, police loan, isolation, illness, time on hold: in no denominator.
    package let excused: Int
    /// Not held: in no denominator.
    package let cancelled: Int
    package let byType: [TypeRate]

    package init(
        attended: Rate, missed: Int, excused: Int, cancelled: Int, byType: [TypeRate]
    ) {
        self.attended = attended
        self.missed = missed
        self.excused = excused
        self.cancelled = cancelled
        self.byType = byType
    }
}

/// Attendance at one type of session.
package struct TypeRate: Codable, Hashable, Sendable {
    /// `medical` or `social`.
    package let type: String
    package let attended: Rate

    package init(type: String, attended: Rate) {
        self.type = type
        self.attended = attended
    }
}

/// Urine screens, which are presumptive, counted three ways.
package struct UrineFigures: Codable, Hashable, Sendable {
    /// Positive among valid tests.
    package let ofValid: Rate
    /// What gave no result, to be listed beside it.
    package let refused: Int
    package let missed: Int
    package let invalid: Int
    /// Refused and missed counted as positive; invalid ones stay out.
    package let worstCase: Rate
    /// The same three for each point, such as the start, the middle and the end.
    package let byPoint: [UrinePoint]

    package init(
        ofValid: Rate, refused: Int, missed: Int, invalid: Int, worstCase: Rate,
        byPoint: [UrinePoint]
    ) {
        self.ofValid = ofValid
        self.refused = refused
        self.missed = missed
        self.invalid = invalid
        self.worstCase = worstCase
        self.byPoint = byPoint
    }
}

/// Urine screens at one point of the calendar.
package struct UrinePoint: Codable, Hashable, Sendable {
    package let point: String
    package let ofValid: Rate
    package let refused: Int
    package let missed: Int
    package let invalid: Int
    package let worstCase: Rate

    package init(
        point: String, ofValid: Rate, refused: Int, missed: Int, invalid: Int, worstCase: Rate
    ) {
        self.point = point
        self.ofValid = ofValid
        self.refused = refused
        self.missed = missed
        self.invalid = invalid
        self.worstCase = worstCase
    }
}

/// How one domain of the quality of life changed from the start to one point.
package struct QualityFigures: Codable, Hashable, Sendable {
    package let domain: QualityDomain
    /// `M3` or `M6`; the end of an imported cohort counts as `M6`.
    package let point: String
    /// People with a valid score at both times; nobody else is in these figures.
    package let pairs: Int
    /// People with a valid score at the start.
    package let baselines: Int
    /// Mean of the later minus the earlier score, in points; nil without pairs.
    package let meanDifference: Double?
    /// Any rise, however small: the official index.
    package let improved: Rate
    package let reliablyImproved: Rate
    package let reliablyDeteriorated: Rate
    /// Behind reliable change, of baseline scores.
    package let standardDeviation: Double
    package let reliability: Double
    /// A change must exceed this to be reliable, in points.
    package let criticalDifference: Double?
    /// Whether the deviation is of these people's own baseline.
    package let ownDeviation: Bool

    package init(
        domain: QualityDomain, point: String, pairs: Int, baselines: Int,
        meanDifference: Double?, improved: Rate, reliablyImproved: Rate,
        reliablyDeteriorated: Rate, standardDeviation: Double, reliability: Double,
        criticalDifference: Double?, ownDeviation: Bool
    ) {
        self.domain = domain
        self.point = point
        self.pairs = pairs
        self.baselines = baselines
        self.meanDifference = meanDifference
        self.improved = improved
        self.reliablyImproved = reliablyImproved
        self.reliablyDeteriorated = reliablyDeteriorated
        self.standardDeviation = standardDeviation
        self.reliability = reliability
        self.criticalDifference = criticalDifference
        self.ownDeviation = ownDeviation
    }
}
