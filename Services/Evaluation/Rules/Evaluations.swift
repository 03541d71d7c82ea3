package import EvaluationAPI
package import Vocabulary

/// Opening, changing and signing a joint evaluation.
package enum Evaluations {
    /// What a request to open an evaluation comes to.
    package enum Opening: Hashable, Sendable {
        case store(PeriodicEvaluation)
        /// The same call was made before; nothing is to be stored.
        case alreadyDone(PeriodicEvaluation)
    }

    /// Decides whether an evaluation is opened.
    ///
    /// `enrollment` is from the copy of the registry, nil where it is not there; `standing` are all
    /// evaluations of the enrollment and the one with the same id; `evidence` is gathered up to
    /// the day on which the evaluation was held.
    package static func open(
        _ call: OpenEvaluation, by person: PersonIdentity, enrollment: EnrollmentFact?,
        points: [PointFact], standing: [PeriodicEvaluation], evidence: Evidence, on today: Day
    ) throws(OpenEvaluation.Refusal) -> Opening {
        if let old = standing.first(where: { $0.id == call.id }) {
            guard old.isOpening(of: call, by: StaffMember(person)) else { throw .idTaken }
            return .alreadyDone(old)
        }
        guard let enrollment, enrollment.id == call.enrollment else { throw .enrollmentUnknown }
        guard enrollment.participant == call.participant else { throw .participantDiffers }
        guard call.heldOn <= today else { throw .heldInFuture }
        guard isSaid(call.findings) else { throw .findingsMissing }
        let dueOn: Day?
        switch call.kind {
        case .exit:
            guard let exit = enrollment.exit else { throw .notExited }
            dueOn = exit.day
        case .periodic(let code):
            let point = points.first {
                $0.programCode == enrollment.programCode && $0.code == code
            }
            guard let point else { throw .pointUnknown }
            dueOn = Calendar.dueDay(of: point, in: enrollment)
        }
        guard fits(call.heldOn, call.kind, enrollment) else { throw .heldOutsideEnrollment }
        let isOpened = standing.contains {
            $0.enrollment == call.enrollment && $0.kind == call.kind
        }
        guard !isOpened else { throw .alreadyOpened }
        return .store(
            PeriodicEvaluation(
                id: call.id, participant: call.participant, enrollment: call.enrollment,
                kind: call.kind, dueOn: dueOn, heldOn: call.heldOn, evidence: evidence,
                findings: call.findings, recommendation: call.recommendation,
                openedBy: StaffMember(person)))
    }

    /// Changes a draft: a new revision without signatures.
    ///
    /// `evidence` is gathered again, up to the day on which it was held. Where nothing differs the
    /// draft stays as it was, with its signatures.
    package static func amend(
        _ old: PeriodicEvaluation, _ call: AmendEvaluation, enrollment: EnrollmentFact?,
        evidence: Evidence, on today: Day
    ) throws(AmendEvaluation.Refusal) -> PeriodicEvaluation {
        guard old.status == .draft else { throw .alreadyJoint }
        guard call.revision == old.revision else { throw .contentChanged }
        guard let enrollment, enrollment.id == old.enrollment else { throw .enrollmentUnknown }
        var new = old
        new.heldOn = call.heldOn ?? old.heldOn
        new.findings = call.findings ?? old.findings
        new.recommendation = call.recommendation ?? old.recommendation
        new.evidence = evidence
        guard new.heldOn <= today else { throw .heldInFuture }
        guard fits(new.heldOn, old.kind, enrollment) else { throw .heldOutsideEnrollment }
        guard isSaid(new.findings) else { throw .findingsMissing }
        guard new != old else { return old }
        new.revision += 1
        new.signatures = []
        return new
    }

    /// Puts a signature under a draft, and makes it joint where both sides have signed.
    ///
    /// `enrollment` is from the copy of the registry, `treating` from that of the clinical service.
    /// Without them nobody can tell who the parties are and who treats the participant, so nobody
    /// signs.
    package static func sign(
        _ old: PeriodicEvaluation, _ call: SignEvaluation, by person: PersonIdentity,
        enrollment: EnrollmentFact?, treating: Set<StaffMember>?, on today: Day
    ) throws(SignEvaluation.Refusal) -> PeriodicEvaluation {
        guard SignEvaluation.access.roles.contains(person.role) else { throw .notAnAssessor }
        guard let enrollment, enrollment.id == old.enrollment else { throw .enrollmentUnknown }
        let signer = StaffMember(person)
        guard enrollment.parties.contains(signer.affiliation) else { throw .notAParty }
        guard let treating else { throw .treatingUnknown }
        guard !treating.contains(signer) else { throw .treatingCounselor }
        guard call.revision == old.revision else { throw .contentChanged }
        guard old.status == .draft else { throw .alreadyJoint }
        guard !old.signatures.contains(where: { $0.by == signer }) else { throw .signedAlready }
        guard today >= old.heldOn else { throw .signedBeforeHeld }
        var new = old
        new.signatures.append(
            Signature(by: signer, role: person.role, day: today, revision: old.revision))
        new.status = isJoint(new) ? .joint : .draft
        return new
    }

    /// Whether an assessor of the facility and one of a partner institution signed this content.
    package static func isJoint(_ evaluation: PeriodicEvaluation) -> Bool {
        let valid = evaluation.signatures.filter { $0.revision == evaluation.revision }
        let kinds = Set(valid.map(\.by.affiliation.kind))
        return kinds.isSuperset(of: [.facility, .institution])
    }

    private static func isSaid(_ text: String) -> Bool {
        text.contains { !$0.isWhitespace }
    }

    private static func fits(
        _ day: Day, _ kind: EvaluationKind, _ enrollment: EnrollmentFact
    ) -> Bool {
        guard day >= enrollment.admittedOn else { return false }
        guard case .periodic = kind, let exit = enrollment.exit else { return true }
        return day <= exit.day
    }
}

extension PeriodicEvaluation {
    /// Whether a repeated call asks for what this was when it was opened.
    ///
    /// After an amendment the first content is only in the journal; the id, the occasion and who
    /// opened it then have to do.
    fileprivate func isOpening(of call: OpenEvaluation, by person: StaffMember) -> Bool {
        guard participant == call.participant, enrollment == call.enrollment, kind == call.kind,
            openedBy == person
        else { return false }
        return revision > 1
            || heldOn == call.heldOn && findings == call.findings
                && recommendation == call.recommendation
    }
}
