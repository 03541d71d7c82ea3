package import EvaluationAPI
package import Vocabulary

/// A member of staff and a participant, brought together once.
package struct EncounterFact: Hashable, Sendable {
    package enum Kind: Hashable, Sendable, CaseIterable {
        /// A session that was planned or held, whether or not the participant came.
        case session
        /// A session that was called off before it began.
        case sessionCalledOff
        /// A questionnaire at a screening, or at a point at which the program measures.
        case assessment
        /// A questionnaire in between, in the course of treatment.
        case monitoring
    }

    package let day: Day
    package let with: StaffMember
    package let kind: Kind

    package init(day: Day, with: StaffMember, kind: Kind) {
        self.day = day
        self.with = with
        self.kind = kind
    }
}

/// Who treats whom.
package enum Treatment {
    /// Everybody who treats a participant, or did earlier in the stay; `encounters` are that
    /// person's, under whichever of their records.
    ///
    /// Whoever is to lead a session treats those who are expected at it. Assessors are not among
    /// them: they must measure somebody to judge them.
    package static func treating(
        during enrollment: EnrollmentFact, _ encounters: [EncounterFact]
    ) -> Set<StaffMember> {
        Set(encounters.filter { $0.kind.isTreatment && enrollment.covers($0.day) }.map(\.with))
    }
}

extension EncounterFact.Kind {
    fileprivate var isTreatment: Bool {
        switch self {
        case .session, .monitoring: true
        case .sessionCalledOff, .assessment: false
        }
    }
}
