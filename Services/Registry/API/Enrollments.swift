package import RPC
package import Vocabulary

/// One episode of one participant in one program, from admission to exit.
package struct Enrollment: Codable, Hashable, Sendable {
    package enum Status: String, Codable, Hashable, Sendable, CaseIterable {
        case active
        /// Away for a while: transfer and return, hospital, court. The episode goes on.
        case onHold = "on-hold"
        case exited
    }

    package let id: EnrollmentID
    package let participant: ParticipantID
    package let program: ProgramID
    package let cohort: String
    package let decree: DecreeID?
    package var status: Status
    /// The phases passed, the first first; empty for an imported episode.
    package var stages: [StageEntry]
    package var holds: [Hold]
    package let openedOn: Day
    /// Moves later by each finished hold.
    package var plannedEnd: Day
    package var exit: Exit?
    /// Whether it was imported from an earlier cohort, and so was never checked.
    package let historical: Bool

    package init(
        id: EnrollmentID, participant: ParticipantID, program: ProgramID, cohort: String,
        decree: DecreeID? = nil, status: Status, stages: [StageEntry], holds: [Hold] = [],
        openedOn: Day, plannedEnd: Day, exit: Exit? = nil, historical: Bool = false
    ) {
        self.id = id
        self.participant = participant
        self.program = program
        self.cohort = cohort
        self.decree = decree
        self.status = status
        self.stages = stages
        self.holds = holds
        self.openedOn = openedOn
        self.plannedEnd = plannedEnd
        self.exit = exit
        self.historical = historical
    }
}

/// When a participant entered a phase.
package struct StageEntry: Codable, Hashable, Sendable {
    package let stage: String
    package let from: Day
    /// Why, where the phase was not the next one.
    package let reason: String?

    package init(stage: String, from: Day, reason: String? = nil) {
        self.stage = stage
        self.from = from
        self.reason = reason
    }
}

/// A time away during which the episode stands still.
///
/// The day of leaving counts, the day of return does not.
package struct Hold: Codable, Hashable, Sendable {
    package enum Reason: String, Codable, Hashable, Sendable, CaseIterable {
        case transfer
        case hospital
        case court
        /// On loan to the police (bon).
        case police
        case isolation
        case other
    }

    package let from: Day
    /// The day of return; absent while away.
    package var until: Day?
    package let reason: Reason
    package let note: String?

    package init(from: Day, until: Day? = nil, reason: Reason, note: String? = nil) {
        self.from = from
        self.until = until
        self.reason = reason
        self.note = note
    }
}

/// Enrolls a participant in a program.
package struct OpenEnrollment: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.enrollment.open"
    package static let access = Access(roles: .registration)
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed

    package let id: EnrollmentID
    package let participant: ParticipantID
    package let program: ProgramID
    package let cohort: String
    package let decree: DecreeID?
    /// The day of admission.
    package let openedOn: Day

    package init(
        id: EnrollmentID, participant: ParticipantID, program: ProgramID, cohort: String,
        decree: DecreeID? = nil, openedOn: Day
    ) {
        self.id = id
        self.participant = participant
        self.program = program
        self.cohort = cohort
        self.decree = decree
        self.openedOn = openedOn
    }

    package enum Warning: String, Codable, Hashable, Sendable, CaseIterable {
        /// Younger than the program's age to watch.
        case belowAge = "below-age"
        /// The planned end lies after the agreement's last day.
        case endsAfterAgreement = "ends-after-agreement"
        /// The planned end lies after the earliest release.
        case endsAfterRelease = "ends-after-release"
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let enrollment: Enrollment
        package let warnings: [Warning]

        package init(enrollment: Enrollment, warnings: [Warning]) {
            self.enrollment = enrollment
            self.warnings = warnings
        }
    }
}

/// Shows one enrollment.
package struct GetEnrollment: RPCMethod {
    package static let name: MethodName = "registry.enrollment.get"
    package static let access = Access(roles: .progressReaders)
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly
    package typealias Reply = Enrollment

    package let enrollment: EnrollmentID

    package init(enrollment: EnrollmentID) {
        self.enrollment = enrollment
    }
}

/// Shows enrollments page by page, in the order of their ids.
package struct ListEnrollments: RPCMethod, MayNameParticipant {
    package static let name: MethodName = "registry.enrollment.list"
    package static let access = Access(roles: .progressReaders)
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID?
    package let program: ProgramID?
    package let cohort: String?
    package let status: Enrollment.Status?
    /// The last id of the page before.
    package let after: EnrollmentID?
    /// 1 to 500; 100 where absent.
    package let limit: Int?

    package init(
        participant: ParticipantID? = nil, program: ProgramID? = nil, cohort: String? = nil,
        status: Enrollment.Status? = nil, after: EnrollmentID? = nil, limit: Int? = nil
    ) {
        self.participant = participant
        self.program = program
        self.cohort = cohort
        self.status = status
        self.after = after
        self.limit = limit
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let enrollments: [Enrollment]
        /// What to pass as `after` for the next page; absent on the last.
        package let next: EnrollmentID?

        package init(enrollments: [Enrollment], next: EnrollmentID?) {
            self.enrollments = enrollments
            self.next = next
        }
    }
}

extension Set<Role> {
    /// Who may see how far somebody has come.
    package static let progressReaders: Self = Self.watchers.union(Set.clinicians).union([
        .registrar, .aftercareOfficer,
    ])
}

extension ListEnrollments.Reply: ShowsPeople {
    package var people: Set<ParticipantID> { Set(enrollments.map(\.participant)) }

    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self {
        Self(enrollments: enrollments.filter { mayBeSeen($0.participant) }, next: next)
    }
}
