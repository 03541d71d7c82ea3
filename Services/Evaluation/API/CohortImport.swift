package import RPC
package import Vocabulary

/// One person of an earlier cohort, with what is known of how it went.
///
/// It was never checked against a register here, so reports say how many of their figures rest on
/// such entries. It carries all that a report needs, so that a report just after the import does
/// not wait for the registry's feed. What the source does not say is absent: somebody without a
/// day of release or an end of follow-up counts as a participant, and is left out of the curves.
package struct CohortEntry: Codable, Hashable, Sendable {
    package let participant: ParticipantID
    /// Names the entry: importing it again compares, and never overwrites.
    package let enrollment: EnrollmentID
    package let cohort: String
    package let releasedOn: Day?
    /// The last day about which anything is known.
    package let followedUntil: Day?
    package let firstEvent: CohortEvent?
    /// The quality of life at the start.
    package let baseline: DomainScores?
    /// The quality of life at the end of the program.
    package let exit: DomainScores?
    /// What to compare by, such as `aid` and `no aid`.
    package let group: String?
    package let programCode: String?
    package let sex: Sex?
    package let admittedOn: Day?
    package let exitedOn: Day?
    /// The registry's word for how the program ended, such as `SELESAI`.
    package let exitStatus: String?

    package init(
        participant: ParticipantID, enrollment: EnrollmentID, cohort: String,
        releasedOn: Day? = nil, followedUntil: Day? = nil, firstEvent: CohortEvent? = nil,
        baseline: DomainScores? = nil, exit: DomainScores? = nil, group: String? = nil,
        programCode: String? = nil, sex: Sex? = nil, admittedOn: Day? = nil,
        exitedOn: Day? = nil, exitStatus: String? = nil
    ) {
        self.participant = participant
        self.enrollment = enrollment
        self.cohort = cohort
        self.releasedOn = releasedOn
        self.followedUntil = followedUntil
        self.firstEvent = firstEvent
        self.baseline = baseline
        self.exit = exit
        self.group = group
        self.programCode = programCode
        self.sex = sex
        self.admittedOn = admittedOn
        self.exitedOn = exitedOn
        self.exitStatus = exitStatus
    }
}

/// The first thing that happened to somebody of an earlier cohort.
package struct CohortEvent: Codable, Hashable, Sendable {
    package let kind: OutcomeKind
    package let day: Day

    package init(kind: OutcomeKind, day: Day) {
        self.kind = kind
        self.day = day
    }
}

/// Imports a part of an earlier cohort, row by row.
package struct ImportCohortOutcomes: RPCMethod {
    package static let name: MethodName = "evaluation.cohort.import"
    package static let access = Access(roles: [.programManager, .integratedTeam])
    package static let section = Section.clinical
    package static let repeatability = Repeatability.keyed
    package static let timeout: Duration = .seconds(60)
    /// The most rows that one call carries.
    package static let rowsMax = 200

    package let rows: [CohortEntry]

    package init(rows: [CohortEntry]) {
        self.rows = rows
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// One for each row, in their order.
        package let rows: [CohortRowResult]

        package init(rows: [CohortRowResult]) {
            self.rows = rows
        }
    }

    package enum Refusal: String, RPCRefusal {
        case tooMany = "too-many"
        case eventOutsideFollowUp = "event-outside-follow-up"
        case followUpReversed = "follow-up-reversed"
        case inFuture = "in-future"
        case scoreOutOfRange = "score-out-of-range"
        case cohortMissing = "cohort-missing"
        case stayReversed = "stay-reversed"
        case exitUnknown = "exit-status-unknown"

        package var status: StatusCode { .invalidArgument }

        package var explanation: String {
            switch self {
            case .tooMany: "one call carries at most 200 rows; split it"
            case .eventOutsideFollowUp:
                "a first event lies between the release and the end of follow-up; nothing of this "
                    + "call was stored"
            case .followUpReversed:
                "the end of follow-up is not before the release; nothing of this call was stored"
            case .inFuture: "no day lies in the future; nothing of this call was stored"
            case .scoreOutOfRange:
                "domain scores are transformed to 0 to 100; nothing of this call was stored"
            case .cohortMissing: "each row names its cohort; nothing of this call was stored"
            case .stayReversed:
                "an exit is not before the admission, and a release not before either; nothing of "
                    + "this call was stored"
            case .exitUnknown:
                "an exit status is one of the registry's words, such as SELESAI or BEBAS; nothing "
                    + "of this call was stored"
            }
        }
    }
}

/// What became of one imported row.
package struct CohortRowResult: Codable, Hashable, Sendable {
    package enum Verdict: String, Codable, Hashable, Sendable, CaseIterable {
        case created
        /// The same row was there already.
        case unchanged
        /// The enrollment has a row with other content; that one stays.
        case conflict
    }

    package let enrollment: EnrollmentID
    package let verdict: Verdict
    /// For a conflict, the fields that differ.
    package let differing: [String]?

    package init(enrollment: EnrollmentID, verdict: Verdict, differing: [String]? = nil) {
        self.enrollment = enrollment
        self.verdict = verdict
        self.differing = differing
    }
}

extension ImportCohortOutcomes: AboutPeople {
    package var people: [ParticipantID] { rows.map(\.participant) }
}
