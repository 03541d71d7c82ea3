package import RPC
package import Vocabulary

/// One evaluation that the calendar wants, and how things stand with it.
package struct DueEvaluation: Codable, Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable, CaseIterable {
        /// The day has not come.
        case upcoming
        /// Today, or within the days of grace.
        case due
        case overdue
        /// The day falls into a time on hold: nobody can hold it.
        case onHold = "on-hold"
        /// The participant left, and it had not been held.
        case missed
    }

    package let participant: ParticipantID
    package let enrollment: EnrollmentID
    package let programCode: String
    package let kind: EvaluationKind
    package let dueOn: Day
    /// Days since it was due; negative while the day has not come.
    package let daysPastDue: Int
    package let state: Open<State>
    /// An evaluation that was opened for it and is not yet signed by both sides.
    package let draft: EvaluationID?

    package init(
        participant: ParticipantID, enrollment: EnrollmentID, programCode: String,
        kind: EvaluationKind, dueOn: Day, daysPastDue: Int, state: State,
        draft: EvaluationID? = nil
    ) {
        self.participant = participant
        self.enrollment = enrollment
        self.programCode = programCode
        self.kind = kind
        self.dueOn = dueOn
        self.daysPastDue = daysPastDue
        self.state = Open(state)
        self.draft = draft
    }
}

/// Shows which evaluations are due or overdue, the longest overdue first.
package struct DueEvaluations: RPCMethod {
    package static let name: MethodName = "evaluation.evaluation.due"
    package static let access = Access(roles: .progressReaders)
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly

    package let programCode: String?
    /// Also those that come due within so many days; 0 for none.
    package let withinDays: Int

    package init(programCode: String? = nil, withinDays: Int = 30) {
        self.programCode = programCode
        self.withinDays = withinDays
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let asOf: Day
        package let evaluations: [DueEvaluation]
        /// How old the copies are that this was read from.
        package let sources: [SourceAge]

        package init(asOf: Day, evaluations: [DueEvaluation], sources: [SourceAge]) {
            self.asOf = asOf
            self.evaluations = evaluations
            self.sources = sources
        }
    }
}

/// What stands open in this service for one participant.
package struct CaseloadLine: Codable, Hashable, Sendable {
    package let participant: ParticipantID
    package let enrollment: EnrollmentID
    package let programCode: String
    package let overdue: Int
    package let due: Int
    /// Drafts that wait for a signature.
    package let unsigned: Int
    /// The next to be held, or the one longest overdue.
    package let next: DueEvaluation?
    /// Where the participant was released.
    package let handover: Handover?

    package init(
        participant: ParticipantID, enrollment: EnrollmentID, programCode: String, overdue: Int,
        due: Int, unsigned: Int, next: DueEvaluation?, handover: Handover? = nil
    ) {
        self.participant = participant
        self.enrollment = enrollment
        self.programCode = programCode
        self.overdue = overdue
        self.due = due
        self.unsigned = unsigned
        self.next = next
        self.handover = handover
    }
}

/// Shows the participants for whom something stands open, the most urgent first.
package struct ListCaseload: RPCMethod {
    package static let name: MethodName = "evaluation.caseload.list"
    package static let access = Access(roles: .caseloadReaders)
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly

    package let programCode: String?
    /// Only these; nil for all.
    package let participants: [ParticipantID]?

    package init(programCode: String? = nil, participants: [ParticipantID]? = nil) {
        self.programCode = programCode
        self.participants = participants
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let asOf: Day
        package let lines: [CaseloadLine]
        package let sources: [SourceAge]

        package init(asOf: Day, lines: [CaseloadLine], sources: [SourceAge]) {
            self.asOf = asOf
            self.lines = lines
            self.sources = sources
        }
    }
}

/// How old this service's copy of another service is.
package struct SourceAge: Codable, Hashable, Sendable {
    package let service: ServiceName
    /// The journal position up to which the feed was applied; nil where none ever was.
    package let position: Int64?
    /// When the feed last said something.
    package let heardAt: Timestamp?
    /// Seconds since then; nil where nothing was ever heard.
    package let ageSeconds: Int64?

    package init(
        service: ServiceName, position: Int64? = nil, heardAt: Timestamp? = nil,
        ageSeconds: Int64? = nil
    ) {
        self.service = service
        self.position = position
        self.heardAt = heardAt
        self.ageSeconds = ageSeconds
    }
}

extension DueEvaluations.Reply: ShowsPeople {
    package var people: Set<ParticipantID> { Set(evaluations.map(\.participant)) }

    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self {
        Self(
            asOf: asOf, evaluations: evaluations.filter { mayBeSeen($0.participant) },
            sources: sources)
    }
}

extension ListCaseload.Reply: ShowsPeople {
    package var people: Set<ParticipantID> { Set(lines.map(\.participant)) }

    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self {
        Self(asOf: asOf, lines: lines.filter { mayBeSeen($0.participant) }, sources: sources)
    }
}
