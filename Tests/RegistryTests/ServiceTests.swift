import RPC
import RegistryAPI
import RegistryServer
import Storage
import Testing
import Vocabulary

@Suite("The registry over the wire", .timeLimit(.minutes(1)))
struct ServiceTests {
    private let registry: RunningRegistry

    init() throws { registry = try RunningRegistry() }

    @Test("A person goes from registration through the phases to completion")
    func life() async throws {
        try await registry.prepare()
        try await registry.admit()
        try await registry.screen()
        let opened = try await registry.call(Example.opening(), as: .registrar)
        #expect(opened.enrollment == Example.enrollment())
        registry.go(to: day("2026-08-30"))
        _ = try await registry.call(
            AdvanceEnrollment(enrollment: id(700), stage: "primary", from: day("2026-04-01")),
            as: .counselor)
        _ = try await registry.call(
            HoldEnrollment(enrollment: id(700), from: day("2026-05-01"), reason: .hospital),
            as: .registrar)
        let back = try await registry.call(
            ResumeEnrollment(enrollment: id(700), on: day("2026-05-08")), as: .registrar)
        #expect(back.daysOnHold == 7)
        #expect(back.enrollment.plannedEnd == day("2026-09-04"))
        let exit = ExitEnrollment(
            enrollment: id(700),
            exit: Exit(exitClass: .completed, day: day("2026-08-30"), reason: "all phases"))
        #expect(await registry.refusal(exit, as: .programManager) == .phasesUnfinished)
        _ = try await registry.call(
            AdvanceEnrollment(enrollment: id(700), stage: "re-entry", from: day("2026-08-01")),
            as: .counselor)
        _ = try await registry.call(exit, as: .programManager)
        let kept = try await registry.call(GetEnrollment(enrollment: id(700)), as: .counselor)
        #expect(kept.status == .exited)
        #expect(kept.stages.map(\.stage) == ["entry", "primary", "re-entry"])
        #expect(kept.exit?.exitClass == .completed)
        let chain = try await registry.store.verifyChain()
        #expect(chain.brokenAt == nil)
    }

    @Test("Each paper that is missing keeps a person out, and is named")
    func entry() async throws {
        try await registry.prepare()
        let opening = Example.opening()
        #expect(await registry.status(opening, as: .registrar) == .notFound)
        _ = try await registry.call(RunningRegistry.registration(), as: .registrar)
        #expect(await registry.refusal(opening, as: .registrar) == .noConsent)
        _ = try await registry.call(RecordConsent(consent: Example.consent()), as: .counselor)
        #expect(await registry.refusal(opening, as: .registrar) == .screeningMissing)
        try await registry.screen("low")
        #expect(await registry.refusal(opening, as: .registrar) == .riskTooLow)
        try await registry.screen()
        #expect(await registry.refusal(opening, as: .registrar) == .noDecision)
        _ = try await registry.call(RecordDecision(decision: Example.decision), as: .physician)
        #expect(await registry.refusal(opening, as: .registrar) == .noDecree)
        _ = try await registry.call(IssueDecree(decree: Example.decree), as: .facilityHead)
        #expect(await registry.refusal(opening, as: .registrar) == .notPlaced)
        _ = try await registry.call(
            PlaceParticipant(participant: id(1), block: "R", from: day("2025-09-02")),
            as: .security)
        _ = try await registry.call(opening, as: .registrar)
        #expect(
            await registry.refusal(Example.opening(701), as: .registrar) == .alreadyEnrolled)
    }

    @Test("A revoked consent keeps a person out")
    func revoked() async throws {
        try await registry.prepare()
        try await registry.admit()
        try await registry.screen()
        let revoke = RevokeConsent(
            consent: id(300), day: day("2026-02-27"), reason: "changed his mind")
        _ = try await registry.call(revoke, as: .counselor)
        #expect(await registry.refusal(revoke, as: .counselor) == .alreadyRevoked)
        #expect(await registry.refusal(Example.opening(), as: .registrar) == .consentRevoked)
    }

    @Test("A corrected screening no longer counts")
    func correctedScreening() async throws {
        try await registry.prepare()
        try await registry.admit()
        try await registry.screen()
        _ = try await registry.store.write { transaction in
            try transaction.putCopy(
                ScreeningCopy(
                    administration: id(802), participant: id(1), day: day("2026-02-04"),
                    highestDrugBand: "low", replaces: id(800)))
        }
        #expect(await registry.refusal(Example.opening(), as: .registrar) == .riskTooLow)
    }

    @Test("A release ends the enrollment, and a death too")
    func departures() async throws {
        try await registry.prepare()
        try await registry.admit()
        try await registry.screen()
        _ = try await registry.call(Example.opening(), as: .registrar)
        let released = try await registry.call(
            ReleaseParticipant(participant: id(1), day: Example.today, kind: .parole),
            as: .registrar)
        #expect(released.enrollment?.exit?.exitClass == .released)
        let kept = try await registry.call(GetEnrollment(enrollment: id(700)), as: .counselor)
        #expect(kept.status == .exited)
        let death = RecordDeath(participant: id(1), day: Example.today, source: "hospital")
        let died = try await registry.call(death, as: .physician)
        #expect(died.participant.diedOn == Example.today)
        #expect(died.enrollment == nil)
    }

    @Test("A role that is not named is refused, and changes nothing")
    func roles() async throws {
        try await registry.prepare()
        let registration = RunningRegistry.registration()
        #expect(await registry.status(registration, as: .counselor) == .permissionDenied)
        #expect(await registry.status(registration, as: .administrator) == .permissionDenied)
        let get = GetParticipant(participant: id(1))
        #expect(await registry.status(get, as: .registrar) == .notFound)
        #expect(await registry.status(get, as: .auditor) == .permissionDenied)
        let standing = GetLegalStanding(participant: id(1))
        #expect(await registry.status(standing, as: .registrar) == .notFound)
        #expect(await registry.status(standing, as: .auditor) == .permissionDenied)
        let diagnosis = RecordItem(
            item: RecordedItem(
                id: id(900), participant: id(1), aspect: .diagnosis, text: "F15.2",
                recordedOn: Example.today, source: "examination"))
        _ = try await registry.call(registration, as: .registrar)
        let whole = try await registry.call(get, as: .counselor)
        #expect(
            try await registry.call(standing, as: .counselor) == LegalStanding(whole))
        #expect(
            await registry.refusal(diagnosis, as: .counselor) == .diagnosisNeedsPhysician)
        _ = try await registry.call(diagnosis, as: .physician)
        let items = try await registry.call(ListItems(participant: id(1)), as: .counselor)
        #expect(items.items.map(\.aspect) == [.diagnosis])
        #expect(!items.missing.contains(.diagnosis))
    }

    @Test("A repeat under one key has one effect, and another call under it none")
    func repeats() async throws {
        try await registry.prepare()
        let options = CallOptions(key: id(950))
        let caller = registry.caller(as: .registrar)
        let call = RunningRegistry.registration()
        let first = try await caller.call(call, options: options)
        let position = registry.store.position
        let second = try await caller.call(call, options: options)
        #expect(second == first)
        #expect(registry.store.position == position)
        let other = RunningRegistry.registration(2, name: "Agus", birth: "1980-01-02")
        do throws(CallError<RegisterParticipant.Refusal>) {
            _ = try await caller.call(other, options: options)
            Issue.record("another call under the same key was answered")
        } catch {
            #expect(error.failure.rule == "idempotency-key-reused")
        }
        #expect(registry.store.position == position)
    }

    @Test("Former staff are shown only when they are asked for")
    func formerStaff() async throws {
        try await registry.prepare()
        _ = try await registry.call(
            AddStaff(member: Example.staff(505, .counselor, active: false)), as: .administrator)
        let present = try await registry.call(ListStaff(), as: .registrar)
        #expect(!present.staff.contains { $0.id == id(505) })
        let all = try await registry.call(ListStaff(includingFormer: true), as: .registrar)
        #expect(all.staff.contains { $0.id == id(505) })
    }
}
