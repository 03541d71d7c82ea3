import RPC
import RegistryAPI
import RegistryRules
import Testing
import Vocabulary

@Suite("The end of an enrollment")
struct ExitsTests {
    typealias Reason = ExitEnrollment.Refusal
    let today = day("2026-12-31")

    private func exit(
        _ exitClass: ExitClass, on text: String = "2026-08-28", destination: String? = nil,
        removal: Removal? = nil, _ enrollment: Enrollment = Example.enrollment()
    ) throws -> Enrollment {
        try ExitRules.exit(
            ExitEnrollment(
                enrollment: enrollment.id,
                exit: Exit(
                    exitClass: exitClass, day: day(text), reason: "as the minutes say",
                    destination: destination, removal: removal)),
            enrollment: enrollment, program: Example.program(), today: today)
    }

    private var last: Enrollment {
        var enrollment = Example.enrollment()
        enrollment.stages += [
            StageEntry(stage: "primary", from: day("2026-03-31")),
            StageEntry(stage: "re-entry", from: day("2026-07-29")),
        ]
        return enrollment
    }

    @Test("counts as success only when completed, and against nobody who could not stay")
    func outcomes() {
        let outcomes = ExitClass.allCases.map(ExitRules.outcome)
        #expect(
            outcomes == [
                .successful, .administrative, .administrative, .administrative, .administrative,
                .unsuccessful, .unsuccessful, .unsuccessful, .administrative,
            ])
    }

    @Test("is a completion only from the last phase")
    func completion() throws {
        let ended = try exit(.completed, last)
        #expect(ended.status == .exited)
        #expect(ended.exit?.exitClass == .completed)
        #expect(refusal(Reason.self) { try exit(.completed) } == .phasesUnfinished)
        var held = last
        held.status = .onHold
        held.holds = [Hold(from: day("2026-08-01"), reason: .court)]
        #expect(refusal(Reason.self) { try exit(.completed, held) } == .onHold)
    }

    @Test("happens once, by the right call, not before the last change, not in the future")
    func refusals() throws {
        let ended = try exit(.withdrew)
        #expect(refusal(Reason.self) { try exit(.withdrew, ended) } == .exited)
        for other in [ExitClass.released, .died, .transferred, .partlyCompleted] {
            #expect(refusal(Reason.self) { try exit(other) } == .hasOwnCall)
        }
        #expect(wrongField { try exit(.withdrew, on: "2026-07-28", last) } == "day")
        #expect(wrongField { try exit(.escaped, on: "2027-01-01") } == "exit.day")
        #expect(wrongField { try exit(.referred) } == "exit.destination")
        #expect(try exit(.referred, destination: "RSUD").exit?.destination == "RSUD")
    }

    @Test("closes an open hold")
    func closesHold() throws {
        var held = Example.enrollment()
        held.status = .onHold
        held.holds = [Hold(from: day("2026-05-01"), reason: .hospital)]
        let ended = try exit(.withdrew, on: "2026-05-11", held)
        #expect(ended.holds.map(\.until) == [day("2026-05-11")])
        #expect(HoldRules.daysInProgram(ended, until: today) == 61)
    }

    @Test("is a removal only after a hearing, and never for a urine test alone")
    func removal() throws {
        func heard(_ grounds: [Removal.Ground], _ text: String = "2026-08-20") -> Removal {
            Removal(grounds: grounds, heardOn: day(text))
        }
        #expect(refusal(Reason.self) { try exit(.removed) } == .notHeard)
        #expect(
            refusal(Reason.self) {
                try exit(.removed, removal: heard([.ruleBreak], "2026-08-29"))
            } == .notHeard)
        #expect(
            refusal(Reason.self) { try exit(.removed, removal: heard([.confirmedUrine])) }
                == .urineAlone)
        let both = try exit(.removed, removal: heard([.confirmedUrine, .violence]))
        #expect(both.status == .exited)
        #expect(
            wrongField { try exit(.withdrew, removal: heard([.ruleBreak])) } == "exit.removal")
        #expect(
            wrongField { try exit(.removed, removal: heard([])) } == "exit.removal.grounds")
    }

    @Test("by transfer moves the participant, and keeps the plan only after a completed phase")
    func transfer() throws {
        func move(_ enrollment: Enrollment, plan: Bool, to code: String? = "rutan-situbondo")
            throws -> TransferEnrollment.Reply
        {
            try ExitRules.transfer(
                TransferEnrollment(
                    enrollment: enrollment.id, day: day("2026-08-01"),
                    destination: "Rutan Situbondo", facilityCode: code, reason: "nearer home",
                    planGoesAlong: plan),
                enrollment: enrollment, participant: Example.participant(),
                program: Example.program(), facilityCodes: Example.facilities, today: today)
        }
        let reply = try move(Example.enrollment(), plan: false)
        #expect(reply.enrollment.exit?.exitClass == .transferred)
        #expect(reply.participant.facilityCode == "rutan-situbondo")
        #expect(PlacementRules.current(reply.participant) == nil)
        #expect(RegisterRules.current(reply.participant.legal) != nil)
        typealias Reason = TransferEnrollment.Refusal
        #expect(
            refusal(Reason.self) { try move(Example.enrollment(), plan: true) }
                == .noPhaseCompleted)
        #expect(try move(last, plan: true).enrollment.exit?.exitClass == .partlyCompleted)
        #expect(
            refusal(Reason.self) { try move(last, plan: true, to: "rutan-x") } == .facilityUnknown)
        #expect(refusal(Reason.self) { try move(reply.enrollment, plan: false) } == .exited)
        #expect(wrongField { try move(last, plan: false, to: Example.rutan) } == "facilityCode")
    }
}
