package import FoundationEssentials
package import RPC
package import Vocabulary

/// Everything recorded here about one participant, as dated lines for the dossier.
package struct ParticipantTimeline: RPCMethod, AboutParticipant, ShowsSelfReport {
    package static let name: MethodName = "clinical.participant.timeline"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }

    package struct Reply: Codable, Hashable, Sendable, HoldsSelfReport {
        /// The oldest first.
        package let lines: [TimelineLine]

        package init(lines: [TimelineLine]) {
            self.lines = lines
        }

        package func without(_ isWalled: (Day) -> Bool) -> (rest: Self?, left: Int) {
            without(lines, { $0.isSelfReport && isWalled($0.day) }, Self.init)
        }
    }
}

/// The sessions at which one participant was expected, and whether they came.
///
/// ``ListSessions`` shows them too, with the others of a group: this is for whoever may be told of
/// one person alone.
package struct ParticipantAttendance: RPCMethod, AboutParticipant {
    package static let name: MethodName = "clinical.participant.attendance"
    package static let access = ListSessions.access
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly
    /// Lines of the kind `session` alone.
    package typealias Reply = ParticipantTimeline.Reply

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }
}

/// One thing that happened, without the text of a note, a plan or a finding.
package struct TimelineLine: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case administration
        case assessment
        case diagnosis
        case plan
        case session
        case note
        case urineTest = "urine-test"
        case alert

        /// How sensitive such lines are: as the call is that shows the records themselves.
        package var section: Section {
            switch self {
            case .administration: ListAdministrations.section
            case .assessment, .diagnosis: ListAssessments.section
            case .plan: GetPlan.section
            case .session: ListSessions.section
            case .note: ListNotes.section
            case .urineTest: ListUrineTests.section
            case .alert: ListAlerts.section
            }
        }
    }

    package let kind: Open<Kind>
    package let day: Day
    /// Where the record knows the hour.
    package let at: Timestamp?
    package let title: String
    /// The record that the line stands for.
    package let record: UUID

    package init(kind: Kind, day: Day, at: Timestamp?, title: String, record: UUID) {
        self.kind = Open(kind)
        self.day = day
        self.at = at
        self.title = title
        self.record = record
    }

    /// Whether it stands for what the person told, and not for what others saw or did.
    fileprivate var isSelfReport: Bool {
        switch kind.known {
        case .administration, .assessment, .diagnosis, .note, nil: true
        case .plan, .session, .urineTest, .alert: false
        }
    }
}
