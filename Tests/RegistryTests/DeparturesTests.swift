import RPC
import RegistryAPI
import RegistryRules
import Testing
import Vocabulary

@Suite("Leaving custody")
struct DeparturesTests {
    let today = day("2026-12-31")

    private func release(
        on day: Day, open: Enrollment? = nil, _ participant: Participant = Example.participant()
    ) throws -> Departure {
        try DepartureRules.release(
            ReleaseParticipant(
                participant: participant.id, day: day, kind: .byLaw, letter: "5.47/1"),
            participant: participant, open: open, today: today)
    }

    @Test("by the court on day 60 is BEBAS, with the handover due by 21 days later")
    func day60() throws {
        let enrollment = Example.enrollment()
        let day60 = enrollment.openedOn.adding(days: 60)
        let departure = try release(on: day60, open: enrollment)
        #expect(departure.enrollment?.status == .exited)
        #expect(departure.enrollment?.exit?.exitClass == .released)
        #expect(departure.enrollment?.exit?.day == day60)
        #expect(departure.participant.releases.last?.handoverDue == day60.adding(days: 21))
        #expect(RegisterRules.current(departure.participant.legal) == nil)
        #expect(PlacementRules.current(departure.participant) == nil)
        #expect(departure.participant.legal.register.count == 2)
        #expect(MergeRules.census([departure.participant]) == 0)
    }

    @Test("leaves an episode that was over as it was")
    func withoutEnrollment() throws {
        #expect(try release(on: day("2026-04-30")).enrollment == nil)
    }

    @Test("cannot happen twice, to the dead, or before the last change")
    func refusals() throws {
        typealias Reason = ReleaseParticipant.Refusal
        let gone = try release(on: day("2026-04-30")).participant
        #expect(refusal(Reason.self) { try release(on: day("2026-05-01"), gone) } == .notInCustody)
        var dead = Example.participant()
        dead.diedOn = day("2026-01-01")
        #expect(refusal(Reason.self) { try release(on: day("2026-05-01"), dead) } == .deceased)
        var merged = Example.participant()
        merged.mergedInto = id(2)
        #expect(refusal(Reason.self) { try release(on: day("2026-05-01"), merged) } == .merged)
        #expect(wrongField { try release(on: day("2027-01-01")) } == "day")
        #expect(wrongField { try release(on: day("2025-08-31")) } == "day")
        #expect(
            wrongField { try release(on: day("2026-02-28"), open: Example.enrollment()) } == "day")
    }

    @Test("and coming back is a new register entry, with a case of its own")
    func comingBack() throws {
        let gone = try release(on: day("2026-04-30")).participant
        func back(_ text: String) throws -> LegalChange {
            try RegisterRules.move(
                MoveRegister(
                    participant: id(1), number: RegisterNumber(book: .a1, number: "9/2026"),
                    from: day(text)),
                participant: gone, facilityCodes: Example.facilities, today: today)
        }
        let returned = try back("2026-10-01")
        #expect(returned.participant.legal.register.count == 3)
        #expect(RegisterRules.status(returned.participant.legal) == .detainee)
        #expect(returned.participant.legal.sentenceMonths == nil)
        #expect(returned.participant.legal.releaseDates.isEmpty)
        #expect(returned.participant.releases.count == 1)
        #expect(returned.warnings.isEmpty)
        #expect(wrongField { try back("2026-04-29") } == "from")
    }

    @Test("by death ends the episode and the register entry, once")
    func death() throws {
        func die(
            _ text: String, open: Enrollment? = nil,
            _ participant: Participant = Example.participant()
        ) throws -> Departure {
            try DepartureRules.recordDeath(
                RecordDeath(participant: id(1), day: day(text), source: "death certificate 1"),
                participant: participant, open: open, today: today)
        }
        let departure = try die("2026-05-01", open: Example.enrollment())
        #expect(departure.participant.diedOn == day("2026-05-01"))
        #expect(departure.enrollment?.exit?.exitClass == .died)
        #expect(RegisterRules.current(departure.participant.legal) == nil)
        let dead = departure.participant
        #expect(try die("2026-05-01", dead).participant == dead)
        typealias Reason = RecordDeath.Refusal
        #expect(refusal(Reason.self) { try die("2026-05-02", dead) } == .alreadyRecorded)
        var merged = Example.participant()
        merged.mergedInto = id(2)
        #expect(refusal(Reason.self) { try die("2026-05-01", merged) } == .merged)
        #expect(wrongField { try die("2025-08-31") } == "day")
        let released = try release(on: day("2026-04-30")).participant
        #expect(try die("2026-06-01", released).participant.releases.count == 1)
    }
}
