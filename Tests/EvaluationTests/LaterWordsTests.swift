import ClinicalAPI
import EvaluationAPI
import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

@Suite("The evaluation, told of something in words of a later version", .timeLimit(.minutes(1)))
struct LaterWordsTests {
    private let service: TestService

    init() throws { service = try TestService() }

    private func report() async throws -> EffectivenessReport {
        try await service.caller(person("M1", as: .programManager)).call(ReportEffectiveness())
    }

    /// The participant's one stay, ended 20 days ago.
    private func hearOfStay() async throws {
        try await service.hearOfStay(
            admitted: day(-200), exit: (.completed, day(-20)), releasedOn: day(-10))
    }

    @Test("shows an exit under the registry's word, and judges nobody by it")
    func exit() async throws {
        try await hearOfStay()
        let enrollment = EnrollmentSummary(
            id: id(1), participant: id(1), program: id(1), cohort: "2026-1", status: .exited,
            stage: nil, stageFrom: nil, holds: [], openedOn: day(-200), plannedEnd: day(-20),
            exitClass: .completed, exitedOn: day(-20), historical: false)
        try await service.hear(
            .enrollment, inLaterWords(enrollment, ["exitClass": "DITUNDA", "status": "postponed"]))
        let exits = try await report().exits
        #expect(exits.byStatus.map(\.status) == ["DITUNDA"])
        #expect(exits.byClass.filter { $0.rate.count > 0 }.map(\.exitGroup) == [.administrative])
        #expect(exits.completionOfDecided.of == 0)
    }

    @Test("counts sessions and tests that it cannot read neither for nor against anybody")
    func sessionsAndTests() async throws {
        try await hearOfStay()
        let held = ClinicalFeed.session(1, on: -100, expected: [1], [1: .countsAgainst])
        try await service.hear(.attendance, inLaterWords(held, ["presence": "by-video"]), at: 1)
        let other = ClinicalFeed.session(2, on: -99, expected: [1], [1: .present])
        try await service.hear(.attendance, inLaterWords(other, ["status": "moved"]), at: 2)
        let test = ClinicalFeed.urine(1, of: 1, .random, on: -98, .confirmedPositive)
        try await service.hear(.urineTest, inLaterWords(test, ["verdict": "diluted"]), at: 3)
        let known = ClinicalFeed.session(3, on: -97, expected: [1], [1: .present])
        try await service.hear(.attendance, inLaterWords(known, ["domain": "digital"]), at: 4)
        let report = try await report()
        #expect(report.attendance.attended.count == 1)
        #expect(report.attendance.attended.of == 1)
        // What only names a kind is shown as it came.
        #expect(report.attendance.byType.map(\.type) == ["digital"])
        #expect(report.urine.ofValid.of == 0)
        #expect(report.urine.invalid == 0)
    }

    @Test("refuses to evaluate at a point whose day it cannot say")
    func point() async throws {
        try await service.hearOfStay(admitted: day(-100))
        let program = Program(
            id: id(1), agreement: id(1), code: "sosial-6", name: "Sosial", kind: .social,
            lengthDays: 180, phases: [], capacity: 20,
            evaluationCalendar: [
                EvaluationPoint(code: "M3", after: 12, unit: .day, instruments: [], urine: true)
            ], entryRules: EntryRules())
        try await service.hear(
            .program, inLaterWords(program, ["unit": "week", "kind": "digital"]))
        do throws(CallError<OpenEvaluation.Refusal>) {
            _ = try await service.caller(ofFacility).call(
                OpenEvaluation(
                    id: id(9), participant: id(1), enrollment: id(1),
                    kind: .periodic(point: "M3"), heldOn: day(-2), findings: "steady",
                    recommendation: .continue))
            Issue.record("an evaluation was opened at a point without a day")
        } catch {
            #expect(error.reason == .pointUnknown)
        }
    }
}
