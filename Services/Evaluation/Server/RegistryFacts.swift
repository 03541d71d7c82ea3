internal import EvaluationAPI
internal import EvaluationRules
internal import RegistryAPI
internal import Vocabulary

// The registry's words turned into the facts that the rules take.

extension EnrollmentFact {
    init(
        _ enrollment: EnrollmentSummary, in program: ProgramSummary, under agreement: Agreement?,
        heldBy facilityCode: String?
    ) {
        let facility = facilityCode ?? agreement?.facilityCode
        let parties =
            [facility].compactMap { $0 }.map { Affiliation(kind: .facility, code: $0) }
            + (agreement?.institutionCodes ?? []).map {
                Affiliation(kind: .institution, code: $0)
            }
        self.init(
            id: enrollment.id, participant: enrollment.participant, programCode: program.code,
            cohort: enrollment.cohort, admittedOn: enrollment.openedOn,
            plannedDays: enrollment.plannedEnd.days(since: enrollment.openedOn),
            exit: ExitFact(enrollment),
            holds: enrollment.holds.map { HoldFact(from: $0.from, until: $0.until) },
            parties: parties)
    }
}

extension ExitFact {
    /// A class that this version does not know judges nobody: it counts as administrative, under
    /// the registry's word.
    init?(_ enrollment: EnrollmentSummary) {
        guard let exitClass = enrollment.exitClass, let day = enrollment.exitedOn else {
            return nil
        }
        self.init(
            day: day, status: exitClass.rawValue,
            group: exitClass.known.map(ExitGroup.init) ?? .administrative)
    }
}

extension ParticipantFact {
    init(_ participant: ParticipantSummary) {
        self.init(
            id: participant.id,
            sex: participant.sex == .unknown ? nil : participant.sex.rawValue,
            diedOn: participant.diedOn,
            mergedInto: participant.mergedInto)
    }
}

extension PointFact {
    /// Nil for a point that counts in units that this version does not know: no day can be said,
    /// so the point stands in no calendar, and an evaluation that names it is refused.
    init?(_ point: ProgramSummary.Point, of program: ProgramSummary) {
        guard let unit = point.unit.known else { return nil }
        self.init(
            programCode: program.code, code: point.code, after: point.after,
            inMonths: unit == .month)
    }
}

extension ParticipantCopy {
    var releases: [ReleaseFact] {
        participant.releases.map { ReleaseFact(participant: participant.id, day: $0.day) }
    }
}
