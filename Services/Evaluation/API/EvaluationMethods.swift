package import RPC
package import Vocabulary

/// Every call of the evaluation service; the daemon refuses to start where one has no handler.
package enum EvaluationMethods {
    package static let all: [any RPCDeclaration.Type] = [
        OpenEvaluation.self, AmendEvaluation.self, SignEvaluation.self, ListEvaluations.self,
        GetEvaluation.self, DueEvaluations.self,
        RecordContact.self, ListContacts.self,
        RecordOutcome.self, ListOutcomes.self,
        RecordFollowUp.self, ListFollowUps.self,
        ImportCohortOutcomes.self,
        ReportEffectiveness.self, ListCaseload.self, EvaluationTimeline.self,
    ]
}

/// Groups of roles that only this service needs.
extension Set<Role> {
    /// Who may hold a joint evaluation and sign it.
    package static let assessors: Self = clinicians.union([.integratedTeam])
    /// Who may read what an evaluation found: scores, not what was said.
    package static let evaluationReaders: Self = assessors.union([.programManager])
    /// Who keeps in touch with people after release.
    package static let aftercare: Self = [.aftercareOfficer, .boardCounselor]
    /// Who may read how it went after release.
    package static let aftercareReaders: Self = evaluationReaders.union(aftercare)
    /// Who may report an event, each from their own sources.
    package static let outcomeReporters: Self = aftercare.union([.registrar, .integratedTeam])
    /// Who reads registers for the reports.
    package static let registerReaders: Self = registration.union([.integratedTeam])
    /// Who may see how far each person's fate is known.
    package static let followUpReaders: Self = aftercareReaders.union(registration)
    /// Who may see what stands open, and figures over many people.
    package static let progressReaders: Self = clinicians.union(watchers)
    package static let caseloadReaders: Self = progressReaders.union([.aftercareOfficer])
    package static let figureReaders: Self = progressReaders.union([.auditor])
}

/// A member of staff, by the code within the place they belong to.
package struct StaffMember: Codable, Hashable, Sendable, CustomStringConvertible {
    package let affiliation: Affiliation
    package let code: String

    package init(affiliation: Affiliation, code: String) {
        self.affiliation = affiliation
        self.code = code
    }

    package init(_ person: PersonIdentity) {
        self.init(affiliation: person.affiliation, code: person.code)
    }

    package var description: String { "\(affiliation)/\(code)" }
}
