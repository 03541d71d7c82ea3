import EvaluationAPI
import RPC
import RegistryAPI
import Testing
import Vocabulary

@Suite("The evaluation service after a release", .timeLimit(.minutes(1)))
struct AftercareServiceTests {
    private let service: TestService
    private let officer: Caller
    private let manager: Caller

    init() throws {
        service = try TestService()
        officer = service.caller(person("A1", at: board, as: .aftercareOfficer))
        manager = service.caller(person("M1", as: .programManager))
    }

    private func contact(_ number: Int, on day: Day, reached: Bool) -> RecordContact {
        RecordContact(
            id: id(number), participant: id(1), day: day, mode: .phone, reached: reached)
    }

    @Test("moves the clock of contacts only where somebody was reached")
    func contacts() async throws {
        try await service.hearOfStay(admitted: day(-300), releasedOn: day(-40))
        _ = try await officer.call(contact(1, on: day(-30), reached: false))
        #expect(try await manager.call(ListFollowUps()).followUps.isEmpty)
        _ = try await officer.call(contact(2, on: day(-25), reached: true))
        let followUps = try await manager.call(ListFollowUps()).followUps
        #expect(followUps == [FollowUp(participant: id(1), contactUntil: day(-25))])
        let listed = try await officer.call(ListContacts(participant: id(1)))
        #expect(listed.contacts.map(\.day) == [day(-30), day(-25)])
        #expect(listed.handover?.state == .met)
    }

    @Test("records no contact with somebody who was not released")
    func notReleased() async throws {
        try await service.hearOfStay(admitted: day(-300))
        await #expect {
            try await officer.call(contact(1, on: day(-3), reached: true))
        } throws: { error in
            (error as? CallError<RecordContact.Refusal>)?.reason == .notReleased
        }
    }

    @Test("counts what was reported, up to the day the register was read")
    func outcomes() async throws {
        try await service.hearOfStay(
            admitted: day(-300), exit: (.completed, day(-120)), releasedOn: day(-110))
        let registrar = service.caller(person("R1", as: .registrar))
        let event = OutcomeEvent(
            id: id(7), participant: id(1), kind: .reArrest, day: day(-20), source: .register,
            reportedOn: day(-10), knownUntil: day(-10))
        #expect(try await registrar.call(RecordOutcome(event: event)) == event)
        let follow = RecordFollowUp(participants: [id(1)], registerUntil: day(-5))
        #expect(try await registrar.call(follow).moved == 1)
        #expect(try await registrar.call(follow).moved == 0)
        let listed = try await manager.call(ListOutcomes(participant: id(1)))
        #expect(listed.events == [event])
        #expect(listed.followUp?.registerUntil == day(-5))
        let report = try await manager.call(ReportEffectiveness(programCode: "sosial-6"))
        #expect(report.enrollments == 1)
        #expect(report.recidivism.groups.map(\.events) == [1])
        #expect(report.exits.completionOfAll.count == 1)
        #expect(report.sources.map(\.service) == [.registry, .clinical])
        #expect(report.sources.map { $0.heardAt == nil } == [false, true])
    }

    @Test("knows nobody's outcome whom the registry does not name")
    func unknown() async throws {
        let registrar = service.caller(person("R1", as: .registrar))
        let event = OutcomeEvent(
            id: id(7), participant: id(1), kind: .death, day: day(-20), source: .register,
            reportedOn: day(-10), knownUntil: day(-10))
        await #expect {
            try await registrar.call(RecordOutcome(event: event))
        } throws: { error in
            (error as? CallError<RecordOutcome.Refusal>)?.failure.rule == "out-of-reach"
        }
    }

    @Test("shows what is overdue, and a dossier by date")
    func caseload() async throws {
        try await service.hearOfStay(admitted: day(-150), releasedOn: day(-2))
        let due = try await manager.call(DueEvaluations(programCode: "sosial-6"))
        #expect(due.evaluations.map(\.state.known) == [.overdue])
        #expect(try await manager.call(DueEvaluations(programCode: "other")).evaluations.isEmpty)
        let lines = try await manager.call(ListCaseload()).lines
        #expect(lines.map(\.overdue) == [1])
        #expect(lines.first?.handover?.state == .pending)
        #expect(try await manager.call(ListCaseload(participants: [id(2)])).lines.isEmpty)
        let dossier = try await manager.call(EvaluationTimeline(participant: id(1)))
        #expect(dossier.lines.map(\.kind.known) == [.release, .handoverDue])
    }

    @Test("refuses a page of no records")
    func emptyPage() async throws {
        await #expect {
            try await manager.call(ListFollowUps(limit: 0))
        } throws: { error in
            (error as? CallError<NoRefusal>)?.failure.field == "limit"
        }
    }
}
