package import RPC
package import Vocabulary

/// One dated line of a participant's dossier.
package struct EvaluationTimelineLine: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case evaluation
        case signature
        case release
        case handoverDue = "handover-due"
        case contact
        case outcome
        case imported

        /// How sensitive such lines are: as the call is that shows the records themselves.
        package var section: Section {
            switch self {
            case .evaluation, .signature: GetEvaluation.section
            // The registry keeps it, as a legal fact.
            case .release: .legal
            case .handoverDue: ListCaseload.section
            case .contact: ListContacts.section
            case .outcome: ListOutcomes.section
            case .imported: ImportCohortOutcomes.section
            }
        }
    }

    package let day: Day
    package let kind: Open<Kind>
    /// What happened, without a name and without what was said.
    package let text: String
    /// The record's id, where the line stands for one.
    package let record: String?

    package init(day: Day, kind: Kind, text: String, record: String? = nil) {
        self.day = day
        self.kind = Open(kind)
        self.text = text
        self.record = record
    }
}

/// Shows what this service knows of a participant, by date.
package struct EvaluationTimeline: RPCMethod, AboutParticipant {
    package static let name: MethodName = "evaluation.participant.timeline"
    package static let access = Access(roles: .evaluationReaders)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let lines: [EvaluationTimelineLine]
        package let sources: [SourceAge]

        package init(lines: [EvaluationTimelineLine], sources: [SourceAge]) {
            self.lines = lines
            self.sources = sources
        }
    }
}
