import ClinicalAPI
import EvaluationAPI
import Instruments
import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

@Suite("One participant, from registration to the report", .timeLimit(.minutes(2)))
struct WholeLifeTests {
    private let counselor = StaffReference(affiliation: Town.rutan, code: "konselor-1")

    @Test("goes through all three services, and the report counts what was recorded")
    func life() async throws {
        let town = try await Town()
        let master = try await MasterData.record(in: town)
        var admission = Admission(master)
        admission.admittedOn = -200
        let opening = try await admission.record(in: town)
        let enrollment = try await town.onceHeard(
            opening, as: .registrar, despite: [.screeningMissing, .urineMissing]
        ).enrollment
        try await recordLegalMinimum(of: enrollment.participant, in: town)
        try await treat(enrollment, in: town)
        try await evaluate(enrollment, "M3", on: -105, in: town)
        try await moveOn(enrollment, in: town)
        try await evaluate(enrollment, "M6", on: -16, in: town)
        try await leave(enrollment, in: town)
        try await follow(enrollment.participant, in: town)

        let report = try await report(in: town)
        try check(report)
        for name in ServiceName.allCases {
            #expect(town.stop(name) == 0)
            try await town.start(name)
        }
        try check(try await self.report(in: town))
    }

    // MARK: - In the facility

    private func recordLegalMinimum(of participant: ParticipantID, in town: Town) async throws {
        for aspect in RecordedAspect.allCases {
            let item = RecordedItem(
                id: fresh(), participant: participant, aspect: aspect, text: "as assessed",
                recordedOn: town.day(-199), source: "assessment form")
            _ = try await town.call(RecordItem(item: item), as: .physician)
        }
        let items = try await town.call(ListItems(participant: participant), as: .physician)
        #expect(items.missing.isEmpty)
    }

    private func treat(_ enrollment: Enrollment, in town: Town) async throws {
        let participant = enrollment.participant
        let assessment = try await town.call(
            RecordAssessment(
                id: fresh(), participant: participant, day: town.day(-199),
                severity: ASISeverity(drug: 6),
                substances: [
                    SubstanceUse(
                        substance: .methamphetamine, route: .smoked, lengthMonths: 30,
                        primary: true)
                ], recommendation: .social), as: .counselor)
        _ = try await town.call(
            SetPlan(
                assessment: assessment.id,
                goals: [
                    Plan.Goal(
                        text: "no use for 90 days", targetDay: town.day(-100),
                        responsible: counselor)
                ], services: ["individual counseling"]), as: .counselor)
        try await answerQuality(enrollment, .baseline, "3", on: -198, in: town)
        // Two came, one refused, one was at court, and one meeting did not take place.
        try await meet(enrollment, .individual, .present, on: -190, in: town)
        try await meet(enrollment, .group, .present, on: -180, in: town)
        try await meet(enrollment, .group, .absent(.refused), on: -170, in: town)
        try await meet(enrollment, .group, .absent(.court), on: -160, in: town)
        let missed = try await plan(.individual, of: participant, on: -150, in: town)
        _ = try await town.call(
            MissSession(session: missed.id, reason: "counselor ill"), as: .counselor)
        _ = try await town.call(
            WriteNote(
                id: fresh(), participant: participant, at: noon(town.day(-190)),
                text: "tells of home"), as: .counselor)
        try await answerQuality(enrollment, .month3, "4", on: -108, in: town)
        _ = try await town.call(
            RecordUrineTest(
                id: fresh(), participant: participant, day: town.day(-107), occasion: .mid,
                panel: [AnalyteResult(analyte: .methamphetamine, result: .negative)]),
            as: .physician)
    }

    private func noon(_ day: Day) -> Timestamp {
        Timestamp(microseconds: (Int64(day.number) * 24 + 5) * 3_600_000_000)
    }

    private func plan(
        _ kind: SessionKind, of participant: ParticipantID, on offset: Int, in town: Town
    ) async throws -> Session {
        try await town.onceHeard(
            ScheduleSession(
                id: fresh(),
                plan: SessionPlan(
                    kind: kind, participants: [participant], scheduledAt: noon(town.day(offset)),
                    durationMinutes: 60, facilitator: counselor, place: "block R")),
            as: .counselor, despite: [.participantUnknown, .notEnrolled])
    }

    private func meet(
        _ enrollment: Enrollment, _ kind: SessionKind, _ mark: Attendance.Mark, on offset: Int,
        in town: Town
    ) async throws {
        let session = try await plan(kind, of: enrollment.participant, on: offset, in: town)
        let held = try await town.call(
            HoldSession(
                session: session.id,
                attendance: [Attendance(participant: enrollment.participant, mark: mark)]),
            as: .counselor)
        #expect(held.status == .held)
    }

    /// A WHOQOL-BREF with one answer throughout, but for the three items that are reversed.
    private static func quality(_ answer: String) -> Answers {
        let value = answer == "4" ? 4 : 3
        return Answers(
            Dictionary(
                uniqueKeysWithValues: (1...26).map { item in
                    ("\(item)", [3, 4, 26].contains(item) ? 6 - value : value)
                }))
    }

    private func answerQuality(
        _ enrollment: Enrollment, _ occasion: Administration.Occasion, _ answer: String,
        on offset: Int, in town: Town
    ) async throws {
        _ = try await town.onceHeard(
            AdministerInstrument(
                id: fresh(), participant: enrollment.participant, enrollment: enrollment.id,
                instrument: .whoqolBref, mode: .paper, occasion: occasion, day: town.day(offset),
                assessor: counselor, answers: Self.quality(answer)), as: .counselor,
            despite: [.enrollmentUnknown])
    }

    // MARK: - Both institutions

    private func evaluate(
        _ enrollment: Enrollment, _ point: String, on offset: Int, in town: Town
    ) async throws {
        try await evaluate(enrollment, .periodic(point: point), on: offset, in: town)
    }

    private func evaluate(
        _ enrollment: Enrollment, _ kind: EvaluationKind, on offset: Int, in town: Town
    ) async throws {
        let opened = try await town.onceHeard(
            OpenEvaluation(
                id: fresh(), participant: enrollment.participant, enrollment: enrollment.id,
                kind: kind, heldOn: town.day(offset), findings: "steady",
                recommendation: .continue), as: .psychologist,
            despite: [.enrollmentUnknown, .notExited])
        let sign = SignEvaluation(evaluation: opened.id, revision: opened.revision)
        // Who treats somebody does not judge their own work.
        #expect(
            try await town.refusal(sign, as: .counselor, code: counselor.code)
                == .treatingCounselor)
        let half = try await town.call(sign, as: .psychologist)
        #expect(half.status == .draft)
        #expect(try await town.refusal(sign, as: .psychologist) == .signedAlready)
        let joint = try await town.call(sign, as: .boardCounselor)
        #expect(joint.status == .joint)
    }

    private func moveOn(_ enrollment: Enrollment, in town: Town) async throws {
        for (stage, offset) in [("primary", -170), ("re-entry", -50)] {
            _ = try await town.call(
                AdvanceEnrollment(
                    enrollment: enrollment.id, stage: stage, from: town.day(offset)),
                as: .counselor)
        }
        _ = try await town.call(
            HoldEnrollment(enrollment: enrollment.id, from: town.day(-40), reason: .hospital),
            as: .registrar)
        let back = try await town.call(
            ResumeEnrollment(enrollment: enrollment.id, on: town.day(-30)), as: .registrar)
        #expect(back.daysOnHold == 10)
        try await answerQuality(enrollment, .month6, "4", on: -18, in: town)
    }

    // MARK: - Out again

    private func leave(_ enrollment: Enrollment, in town: Town) async throws {
        _ = try await town.call(
            ExitEnrollment(
                enrollment: enrollment.id,
                exit: Exit(exitClass: .completed, day: town.day(-14), reason: "all phases")),
            as: .programManager)
        try await evaluate(enrollment, .exit, on: -14, in: town)
        let departure = try await town.call(
            ReleaseParticipant(
                participant: enrollment.participant, day: town.day(-10), kind: .parole),
            as: .registrar)
        #expect(departure.participant.releases.map(\.day) == [town.day(-10)])
    }

    private func follow(_ participant: ParticipantID, in town: Town) async throws {
        _ = try await town.onceHeard(
            RecordContact(
                id: fresh(), participant: participant, day: town.day(-5), mode: .visit,
                reached: true, urine: .negative), as: .aftercareOfficer, despite: [.notReleased])
        _ = try await town.call(
            RecordOutcome(
                event: OutcomeEvent(
                    id: fresh(), participant: participant, kind: .reArrest, day: town.day(-2),
                    source: .register, reportedOn: town.day(-1), knownUntil: town.day(-1))),
            as: .registrar)
        _ = try await town.call(
            RecordFollowUp(participants: [participant], registerUntil: town.day(-1)),
            as: .registrar)
    }

    private func report(in town: Town) async throws -> EffectivenessReport {
        try await town.eventually(
            ReportEffectiveness(programCode: "sosial-6"), as: .programManager
        ) { report in
            report.exits.completionOfAll.of == 1 && report.attendance.cancelled == 1
                && report.quality.contains { $0.point == "M6" && $0.pairs == 1 }
        }
    }

    private func check(_ report: EffectivenessReport) throws {
        #expect(report.participants == 1)
        #expect(report.exits.completionOfAll.count == 1)
        #expect(report.exits.completionOfDecided.of == 1)
        #expect(report.attendance.attended.count == 2)
        #expect(report.attendance.attended.of == 3)
        #expect(report.attendance.excused == 1)
        // The first test, before admission, belongs to no stay.
        #expect(report.urine.ofValid.of >= 1)
        #expect(report.urine.ofValid.count <= 1)
        let before = WHOQOLBREF.score(Self.quality("3"))
        let after = WHOQOLBREF.score(Self.quality("4"))
        for domain in QualityDomain.allCases {
            let figure = try #require(
                report.quality.first { $0.domain == domain && $0.point == "M3" })
            let from = try #require(before[domain.scaleCode]?.value)
            let to = try #require(after[domain.scaleCode]?.value)
            #expect(figure.pairs == 1)
            #expect(figure.meanDifference == to - from)
            #expect(figure.improved.count == 1)
        }
        let recidivism = report.recidivism
        #expect(recidivism.groups.map(\.events) == [1])
        #expect(recidivism.groups.map(\.count) == [1])
        #expect(report.sources.allSatisfy { $0.heardAt != nil })
    }
}
