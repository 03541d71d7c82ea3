package import EvaluationAPI
package import Vocabulary

// What this service copied from its peers' feeds, in the form that the rules take. The server maps
// feed records to these; the rules know no other shape of them.

/// A stay in a program.
package struct EnrollmentFact: Hashable, Sendable {
    package let id: EnrollmentID
    package let participant: ParticipantID
    package let programCode: String
    package let cohort: String
    /// What to compare by, where the program has a comparison group.
    package let group: String?
    package let admittedOn: Day
    package let plannedDays: Int
    package let exit: ExitFact?
    /// Transfers and returns, hospital, court: nobody expects an evaluation then.
    package let holds: [HoldFact]
    /// Days between admission and the earliest release date known at entry.
    package let daysLeftAtEntry: Int?
    /// The facility that holds the participant, and the partners in its agreement.
    package let parties: [Affiliation]

    package init(
        id: EnrollmentID, participant: ParticipantID, programCode: String, cohort: String,
        group: String? = nil, admittedOn: Day, plannedDays: Int, exit: ExitFact? = nil,
        holds: [HoldFact] = [], daysLeftAtEntry: Int? = nil, parties: [Affiliation] = []
    ) {
        self.id = id
        self.participant = participant
        self.programCode = programCode
        self.cohort = cohort
        self.group = group
        self.admittedOn = admittedOn
        self.plannedDays = plannedDays
        self.exit = exit
        self.holds = holds
        self.daysLeftAtEntry = daysLeftAtEntry
        self.parties = parties
    }
}

/// How a stay ended.
package struct ExitFact: Hashable, Sendable {
    package let day: Day
    /// The registry's word, such as `SELESAI` or `BEBAS`.
    package let status: String
    package let group: ExitGroup

    package init(day: Day, status: String, group: ExitGroup) {
        self.day = day
        self.status = status
        self.group = group
    }
}

/// A time on hold within a stay.
package struct HoldFact: Hashable, Sendable {
    package let from: Day
    /// The day of the return; nil while it lasts.
    package let until: Day?

    package init(from: Day, until: Day?) {
        self.from = from
        self.until = until
    }

    func contains(_ day: Day) -> Bool { from <= day && (until.map { day < $0 } ?? true) }
}

/// A point of a program's evaluation calendar.
package struct PointFact: Hashable, Sendable {
    package let programCode: String
    package let code: String
    package let after: Int
    /// Whether `after` counts calendar months; days otherwise.
    package let inMonths: Bool

    package init(programCode: String, code: String, after: Int, inMonths: Bool) {
        self.programCode = programCode
        self.code = code
        self.after = after
        self.inMonths = inMonths
    }
}

/// A person, as far as figures need it.
package struct ParticipantFact: Hashable, Sendable {
    package let id: ParticipantID
    /// The registry's word; nil where it is not known.
    package let sex: String?
    package let diedOn: Day?
    /// The record that stands for this one after a merge.
    package let mergedInto: ParticipantID?

    package init(
        id: ParticipantID, sex: String? = nil, diedOn: Day? = nil,
        mergedInto: ParticipantID? = nil
    ) {
        self.id = id
        self.sex = sex
        self.diedOn = diedOn
        self.mergedInto = mergedInto
    }
}

/// One line of an attendance sheet.
package struct AttendanceFact: Hashable, Sendable {
    package enum Mark: String, Hashable, Sendable, CaseIterable {
        case attended
        /// Refused or unexcused; the clinical service does not tell which.
        case missed
        /// For any reason that does not count against a person.
        case excused
        /// The session was not held.
        case cancelled
    }

    package let enrollment: EnrollmentID
    package let day: Day
    /// What kind of session: `medical` or `social`.
    package let type: String
    package let mark: Mark

    package init(enrollment: EnrollmentID, day: Day, type: String, mark: Mark) {
        self.enrollment = enrollment
        self.day = day
        self.type = type
        self.mark = mark
    }
}

extension AttendanceFact {
    /// The mark as it counts: nobody misses a session while on hold.
    func mark(under holds: [HoldFact]) -> Mark {
        mark == .missed && holds.contains { $0.contains(day) } ? .excused : mark
    }
}

/// One urine screen of treatment; those ordered by the guards are not among them.
package struct UrineFact: Hashable, Sendable {
    package enum Result: String, Hashable, Sendable, CaseIterable {
        case negative
        case positive
        case invalid
        case refused
        case missed
    }

    package let enrollment: EnrollmentID
    package let day: Day
    /// Such as `start`, `mid` and `end`.
    package let point: String
    package let result: Result

    package init(enrollment: EnrollmentID, day: Day, point: String, result: Result) {
        self.enrollment = enrollment
        self.day = day
        self.point = point
        self.result = result
    }
}

/// One valid score of one scale.
package struct ScoreFact: Hashable, Sendable {
    package enum Occasion: String, Hashable, Sendable, CaseIterable {
        case start
        case month3
        case month6
        case exit
        case other
    }

    package let enrollment: EnrollmentID
    /// Such as `whoqol-bref.social`, or `urica-32.action`.
    package let scale: String
    package let occasion: Occasion
    package let day: Day
    package let value: Double

    package init(
        enrollment: EnrollmentID, scale: String, occasion: Occasion, day: Day, value: Double
    ) {
        self.enrollment = enrollment
        self.scale = scale
        self.occasion = occasion
        self.day = day
        self.value = value
    }
}

/// A release from custody.
package struct ReleaseFact: Hashable, Sendable {
    package let participant: ParticipantID
    package let day: Day

    package init(participant: ParticipantID, day: Day) {
        self.participant = participant
        self.day = day
    }
}

/// Everything that a report is computed from.
package struct EffectivenessFacts: Sendable {
    package var sources: [SourceAge] = []
    package var enrollments: [EnrollmentFact] = []
    /// The programs' lengths by their codes.
    package var plannedDays: [String: Int] = [:]
    package var participants: [ParticipantFact] = []
    package var attendance: [AttendanceFact] = []
    package var urine: [UrineFact] = []
    package var scores: [ScoreFact] = []
    package var releases: [ReleaseFact] = []
    package var outcomes: [OutcomeEvent] = []
    package var followUps: [FollowUp] = []
    package var contacts: [Contact] = []
    package var imported: [CohortEntry] = []

    package init() {}
}
