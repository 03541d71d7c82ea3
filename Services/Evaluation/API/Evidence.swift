package import Vocabulary

// What an evaluation rests on. It is copied out of the clinical feed when the evaluation is opened
// and frozen with it, so that what was signed stays what it was when scores are corrected later.

/// One of the four domains of the WHOQOL-BREF; there is never a total over them.
package enum QualityDomain: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
    case physical
    case psychological
    case social
    case environment

    /// The code under which the questionnaire's score of this domain is stored.
    package var scaleCode: String { "whoqol-bref.\(rawValue)" }

    /// The domain of a stored score; nil for scores of anything else.
    package init?(scaleCode: String) {
        guard let domain = Self.allCases.first(where: { $0.scaleCode == scaleCode }) else {
            return nil
        }
        self = domain
    }

    package static func < (one: Self, other: Self) -> Bool { one.order < other.order }

    private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Scores of the four domains at one time, each transformed to 0 to 100; nil where not valid.
package struct DomainScores: Codable, Hashable, Sendable {
    package let physical: Double?
    package let psychological: Double?
    package let social: Double?
    package let environment: Double?

    package init(
        physical: Double? = nil, psychological: Double? = nil, social: Double? = nil,
        environment: Double? = nil
    ) {
        self.physical = physical
        self.psychological = psychological
        self.social = social
        self.environment = environment
    }

    package subscript(domain: QualityDomain) -> Double? {
        switch domain {
        case .physical: physical
        case .psychological: psychological
        case .social: social
        case .environment: environment
        }
    }
}

/// What became of one score, as far as the questionnaire's own error allows to tell.
///
/// There is no "recovered": no norms exist for people in custody.
package enum ChangeClass: String, Codable, Hashable, Sendable, CaseIterable {
    case improved
    /// Not different by more than chance.
    case unchanged
    case deteriorated
}

/// The change of one domain since the baseline, frozen with the numbers it was judged by.
package struct DomainChange: Codable, Hashable, Sendable {
    package let domain: QualityDomain
    /// At the start, 0 to 100.
    package let baseline: Double
    package let baselineOn: Day
    /// At this evaluation, 0 to 100.
    package let current: Double
    package let currentOn: Day
    /// Current minus baseline, in points.
    package let difference: Double
    /// The reliable change index of Jacobson & Truax (1991).
    package let index: Double
    package let changeClass: ChangeClass
    /// Of baseline scores, in points.
    package let standardDeviation: Double
    package let reliability: Double
    /// Whether the deviation is of the program's own baseline rather than a published one.
    package let ownDeviation: Bool

    package init(
        domain: QualityDomain, baseline: Double, baselineOn: Day, current: Double, currentOn: Day,
        difference: Double, index: Double, changeClass: ChangeClass, standardDeviation: Double,
        reliability: Double, ownDeviation: Bool
    ) {
        self.domain = domain
        self.baseline = baseline
        self.baselineOn = baselineOn
        self.current = current
        self.currentOn = currentOn
        self.difference = difference
        self.index = index
        self.changeClass = changeClass
        self.standardDeviation = standardDeviation
        self.reliability = reliability
        self.ownDeviation = ownDeviation
    }
}

/// Sessions of one participant, up to the day of the evaluation.
package struct AttendanceTally: Codable, Hashable, Sendable {
    package let attended: Int
    /// Refused or unexcused: the only absences that count against a person.
    package let missed: Int
    /// Court, police loan, isolation, illness: shown apart, counted in neither direction.
    package let excused: Int
    /// Sessions that were not held; in no denominator.
    package let cancelled: Int

    package init(attended: Int, missed: Int, excused: Int, cancelled: Int) {
        self.attended = attended
        self.missed = missed
        self.excused = excused
        self.cancelled = cancelled
    }
}

/// Urine screens of one participant, up to the day of the evaluation.
///
/// Screens are presumptive: they are never the only ground of a recommendation.
package struct UrineTally: Codable, Hashable, Sendable {
    package let positive: Int
    package let negative: Int
    package let invalid: Int
    package let refused: Int
    package let missed: Int

    package init(positive: Int, negative: Int, invalid: Int, refused: Int, missed: Int) {
        self.positive = positive
        self.negative = negative
        self.invalid = invalid
        self.refused = refused
        self.missed = missed
    }

    /// Tests that gave a result.
    package var valid: Int { positive + negative }
}

/// The URICA means for Action and Maintenance: descriptive over time, not an outcome.
package struct ReadinessSummary: Codable, Hashable, Sendable {
    package let action: Double?
    package let maintenance: Double?
    package let on: Day?

    package init(action: Double? = nil, maintenance: Double? = nil, on: Day? = nil) {
        self.action = action
        self.maintenance = maintenance
        self.on = on
    }
}

/// All that the service knew about a participant when an evaluation was opened.
package struct Evidence: Codable, Hashable, Sendable {
    /// Domains with a valid score both at the start and now; others are missing, not unchanged.
    package let quality: [DomainChange]
    package let urine: UrineTally
    package let attendance: AttendanceTally
    package let readiness: ReadinessSummary?

    package init(
        quality: [DomainChange], urine: UrineTally, attendance: AttendanceTally,
        readiness: ReadinessSummary? = nil
    ) {
        self.quality = quality
        self.urine = urine
        self.attendance = attendance
        self.readiness = readiness
    }
}
