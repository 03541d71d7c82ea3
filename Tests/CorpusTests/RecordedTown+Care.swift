import ClinicalAPI
import EvaluationAPI
import Shared

@testable import Gateway

// The clinical service's and the evaluation's part of what happens in the recorded town.

extension RecordedTown {
    /// Corrections, and what asks for somebody today.
    func treat(_ people: [SampleCourse]) async throws {
        let course = people[11]
        let counselor = course.counselor
        try await call(
            RecordAssessment(
                id: id(101), participant: course.participant, day: day(-1),
                severity: ASISeverity(drug: 5),
                substances: [
                    SubstanceUse(
                        substance: .methamphetamine, route: .smoked, lengthMonths: 30,
                        primary: true)
                ], recommendation: .social), as: counselor)
        try await call(
            RecordAssessment(
                id: id(102), participant: course.participant, day: day(-1),
                severity: ASISeverity(drug: 6),
                substances: [
                    SubstanceUse(
                        substance: .methamphetamine, route: .smoked, lengthMonths: 31,
                        primary: true)
                ], recommendation: .social,
                correction: Correction(of: id(101), reason: "salah ketik")), as: counselor)
        try await call(
            ask(103, course, by: counselor, item9: 2), as: counselor)
        try await call(
            ask(104, course, by: counselor, item9: 1, correcting: 103), as: counselor)
        try await call(
            WriteNote(
                id: id(105), participant: course.participant, kind: .family, at: Self.now,
                text: "Keluarga berkunjung. (contoh)"), as: counselor)
        try await call(
            AmendNote(note: id(105), text: "Ibu berkunjung. (contoh)", reason: "kurang tepat"),
            as: counselor)
        try await call(
            RaiseAlert(id: id(106), participant: course.participant, reason: "gelisah"),
            as: counselor)
        try await call(
            AcknowledgeAlert(alert: id(106), action: "ditemui", watchThrough: day(3)),
            as: SampleStaff.psychologist)
        let list = ListSessions(from: day(-21), through: day(14), participant: course.participant)
        let sessions = try await call(list, as: counselor).sessions
        guard let held = sessions.first(where: { $0.status == .held && $0.kind == .individual })
        else { throw CorpusProblem(description: "the sample holds no session") }
        try await call(
            CorrectSession(
                session: held.id,
                attendance: [Attendance(participant: course.participant, mark: .absent(.illness))],
                reason: "sakit hari itu"), as: counselor)
        try await call(GetSession(session: held.id), as: counselor)
    }

    private func ask(
        _ number: UInt64, _ course: SampleCourse, by assessor: SampleColleague, item9: Int,
        correcting original: UInt64? = nil
    ) -> AdministerInstrument {
        let answers = InstrumentCode.phq9.instrument.items.map { ($0.code, 1) }
        var values = Dictionary(uniqueKeysWithValues: answers)
        values["9"] = item9
        return AdministerInstrument(
            id: id(number), participant: course.participant, enrollment: course.enrollment,
            instrument: .phq9, mode: .interview, occasion: .other, day: day(-1),
            assessor: assessor.reference, answers: Answers(values),
            correction: original.map { Correction(of: id($0), reason: "salah ketik") })
    }

    func readClinical(_ people: [SampleCourse]) async throws {
        let course = people[11]
        let counselor = course.counselor
        let physician = SampleStaff.physician
        try await call(DescribeInstrument(instrument: .assist), as: counselor)
        try await call(GetAdministration(administration: id(104)), as: counselor)
        try await call(
            ListAdministrations(
                participant: course.participant, instrument: .phq9, includingCorrected: true),
            as: counselor)
        try await call(
            ListAssessments(participant: course.participant, includingCorrected: true),
            as: counselor)
        try await call(GetPlan(participant: course.participant), as: counselor)
        try await call(NextSession(participant: course.participant), as: counselor)
        try await call(
            ListSessions(
                from: day(-30), through: day(0), participant: course.participant,
                facilitator: physician.reference), as: physician)
        try await call(ListNotes(participant: course.participant), as: counselor)
        try await call(ListUrineTests(participant: course.participant), as: physician)
        // Of more than one, whose ids the service makes up, the order would be left to chance.
        try await call(ListAlerts(participant: people[13].participant), as: counselor)
        try await call(
            ListAlerts(participant: course.participant, includingAcknowledged: true),
            as: counselor)
        try await call(ListSafetyFlags(), as: SampleStaff.guardian)
        try await call(ParticipantTimeline(participant: course.participant), as: counselor)
        try await call(ParticipantAttendance(participant: course.participant), as: counselor)
    }

    func readEvaluation(_ people: [SampleCourse]) async throws {
        let (assessor, manager) = (SampleStaff.assessor, SampleStaff.manager)
        let aftercare = SampleStaff.aftercare
        try await call(
            ImportCohortOutcomes(rows: [
                CohortEntry(
                    participant: id(41), enrollment: id(51), cohort: "2024-1",
                    releasedOn: day(-500), followedUntil: day(-100),
                    firstEvent: CohortEvent(kind: .reArrest, day: day(-300)),
                    baseline: DomainScores(
                        physical: 50, psychological: 51, social: 52, environment: 53),
                    exit: DomainScores(
                        physical: 60, psychological: 61, social: 62, environment: 63),
                    group: "baru", programCode: SampleProgram.code, sex: .male,
                    admittedOn: day(-700), exitedOn: day(-520), exitStatus: "SELESAI"),
                CohortEntry(participant: id(42), enrollment: id(52), cohort: "2024-1"),
            ]), as: assessor)
        let list = ListEvaluations(enrollment: people[1].enrollment, limit: 1)
        for evaluation in try await call(list, as: assessor).evaluations {
            try await call(GetEvaluation(evaluation: evaluation.id), as: assessor)
        }
        try await call(ListEvaluations(enrollment: people[0].enrollment), as: assessor)
        try await call(DueEvaluations(programCode: SampleProgram.code), as: manager)
        try await call(ListCaseload(programCode: SampleProgram.code), as: manager)
        try await call(ListCaseload(participants: people.map(\.participant)), as: aftercare)
        for course in [people[1], people[5], people[3]] {
            try await call(ListContacts(participant: course.participant), as: aftercare)
            try await call(ListOutcomes(participant: course.participant), as: aftercare)
            try await call(EvaluationTimeline(participant: course.participant), as: assessor)
        }
        try await call(EvaluationTimeline(participant: id(41)), as: assessor)
        try await call(ListFollowUps(limit: 2), as: SampleStaff.registrar)
        try await call(ReportEffectiveness(), as: manager)
        try await call(
            ReportEffectiveness(
                programCode: SampleProgram.code, cohort: "2024-1", grouping: .group,
                index: .admission, horizons: [90, 180], outcome: .reArrest, bounds: .logLog,
                asOf: day(-1)), as: manager)
    }
}
