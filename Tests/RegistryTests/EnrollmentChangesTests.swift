import RPC
import RegistryAPI
import RegistryRules
import Testing
import Vocabulary

@Suite("The course of an enrollment")
struct EnrollmentChangesTests {
    let today = day("2026-12-31")

    private func advance(
        _ stage: String, _ from: String, reason: String? = nil,
        _ enrollment: Enrollment = Example.enrollment()
    ) throws -> Enrollment {
        try StageRules.advance(
            AdvanceEnrollment(
                enrollment: enrollment.id, stage: stage, from: day(from), reason: reason),
            enrollment: enrollment, program: Example.program(), today: today)
    }

    @Test("goes to the next phase, and elsewhere only with a reason")
    func stages() throws {
        let second = try advance("primary", "2026-03-31")
        #expect(second.stages.map(\.stage) == ["entry", "primary"])
        typealias Reason = AdvanceEnrollment.Refusal
        #expect(refusal(Reason.self) { try advance("re-entry", "2026-03-31") } == .outOfOrder)
        #expect(refusal(Reason.self) { try advance("entry", "2026-03-31") } == .alreadyThere)
        #expect(refusal(Reason.self) { try advance("other", "2026-03-31") } == .stageUnknown)
        let back = try advance("entry", "2026-04-30", reason: "relapse", second)
        #expect(back.stages.last?.reason == "relapse")
        #expect(wrongField { try advance("re-entry", "2026-03-30", second) } == "from")
    }

    @Test("moved on day 70 and back on day 84 is one episode with 14 days on hold")
    func hold() throws {
        let enrollment = Example.enrollment()
        let away = enrollment.openedOn.adding(days: 70)
        let held = try HoldRules.hold(
            HoldEnrollment(enrollment: enrollment.id, from: away, reason: .transfer),
            enrollment: enrollment, today: today)
        #expect(held.status == .onHold)
        let reply = try HoldRules.resume(
            ResumeEnrollment(
                enrollment: enrollment.id, on: enrollment.openedOn.adding(days: 84)),
            enrollment: held, today: today)
        #expect(reply.daysOnHold == 14)
        #expect(reply.enrollment.id == enrollment.id)
        #expect(reply.enrollment.status == .active)
        #expect(reply.enrollment.holds.count == 1)
        #expect(reply.enrollment.plannedEnd == enrollment.openedOn.adding(days: 194))
        let day100 = enrollment.openedOn.adding(days: 100)
        #expect(HoldRules.daysInProgram(reply.enrollment, until: day100) == 86)
        #expect(HoldRules.days(held.holds, until: enrollment.openedOn.adding(days: 75)) == 5)
        #expect(HoldRules.days(held.holds, until: enrollment.openedOn) == 0)
    }

    @Test("is held once at a time, and resumed only when held")
    func holdRefusals() throws {
        let enrollment = Example.enrollment()
        let call = HoldEnrollment(
            enrollment: enrollment.id, from: day("2026-04-01"), reason: .hospital)
        let held = try HoldRules.hold(call, enrollment: enrollment, today: today)
        typealias Reason = HoldEnrollment.Refusal
        #expect(
            refusal(Reason.self) {
                try HoldRules.hold(call, enrollment: held, today: today)
            } == .alreadyOnHold)
        #expect(
            refusal(AdvanceEnrollment.Refusal.self) { try advance("primary", "2026-04-02", held) }
                == .onHold)
        let resume = ResumeEnrollment(enrollment: enrollment.id, on: day("2026-03-31"))
        #expect(
            refusal(ResumeEnrollment.Refusal.self) {
                try HoldRules.resume(resume, enrollment: enrollment, today: today)
            } == .notOnHold)
        #expect(
            wrongField { try HoldRules.resume(resume, enrollment: held, today: today) } == "on")
        let early = HoldEnrollment(
            enrollment: enrollment.id, from: day("2026-02-28"), reason: .court)
        #expect(
            wrongField { try HoldRules.hold(early, enrollment: enrollment, today: today) }
                == "from")
    }

    @Test("changes no more after the exit")
    func exited() throws {
        var ended = Example.enrollment()
        ended.status = .exited
        #expect(
            refusal(AdvanceEnrollment.Refusal.self) { try advance("primary", "2026-04-02", ended) }
                == .exited)
        #expect(
            refusal(HoldEnrollment.Refusal.self) {
                try HoldRules.hold(
                    HoldEnrollment(enrollment: ended.id, from: day("2026-04-01"), reason: .court),
                    enrollment: ended, today: today)
            } == .exited)
        #expect(
            refusal(ResumeEnrollment.Refusal.self) {
                try HoldRules.resume(
                    ResumeEnrollment(enrollment: ended.id, on: day("2026-04-01")),
                    enrollment: ended, today: today)
            } == .exited)
    }

    @Test("is evaluated later by the days on hold")
    func calendar() {
        let program = Example.program()
        let due = program.evaluationCalendar.map {
            ProgramRules.dueDay(of: $0, openedOn: day("2026-03-01"), daysOnHold: 14)
        }
        #expect(due == [day("2026-03-15"), day("2026-06-15")])
    }
}
