import ClinicalAPI
import ClinicalRules
import RPC
import Testing
import Vocabulary

@Suite("A session in one call, missed, cancelled, or looked for")
struct SessionEndsTests {
    private func record(
        _ sheet: [Attendance], existing: Session? = nil, others: [Session] = [],
        at time: Timestamp = Scene.at(100)
    ) throws -> Change<Session> {
        try SessionRules.record(
            RecordSession(id: Scene.id(1), plan: Scene.plan(at: time), attendance: sheet),
            existing: existing, others: others, facts: Scene.facts, by: Scene.counselor,
            Scene.moment)
    }

    @Test("A paper sheet is recorded in one call, and sent twice once")
    func recorded() throws {
        let sheet = Scene.present(Scene.ani, Scene.budi)
        let first = try record(sheet).record
        #expect(first.status == .held)
        #expect(try record(sheet, existing: first) == .unchanged(first))
        #expect(throws: Refused(SessionRefusal.idTaken)) {
            try record([Scene.absent(Scene.ani, .illness)], existing: first)
        }
        #expect(throws: Refused(SessionRefusal.sheetIncomplete, "1 of 2 are missing")) {
            try record(Scene.present(Scene.ani))
        }
        #expect(throws: Refused(SessionRefusal.notBegun)) { try record(sheet, at: Scene.at(101)) }
    }

    @Test("A sheet for a time at which the facilitator held another session is refused")
    func facilitator() throws {
        let sheet = Scene.present(Scene.ani, Scene.budi)
        let other = try SessionRules.record(
            RecordSession(
                id: Scene.id(2), plan: Scene.plan(of: [Scene.id(3)]),
                attendance: Scene.present(Scene.id(3))),
            existing: nil, others: [],
            facts: RegistryFacts(enrollments: [Scene.enrolled(Scene.id(3))]),
            by: Scene.counselor, Scene.moment
        ).record
        #expect(throws: Refused(SessionRefusal.facilitatorDoubleBooked, "\(other.id)")) {
            try record(sheet, others: [other])
        }
    }

    @Test("A session ends once: as held, missed or cancelled")
    func endsOnce() throws {
        let session = try Scene.session(1)
        let missed = try SessionRules.miss(
            MissSession(session: session.id, reason: "konselor sakit"), session: session,
            by: Scene.counselor, Scene.moment
        ).record
        #expect(missed.status == .missed)
        #expect(missed.statusReason == "konselor sakit")
        let cancel = CancelSession(session: session.id, reason: "hari libur")
        #expect(throws: Refused(SessionRefusal.alreadyMissed)) {
            try SessionRules.cancel(cancel, session: missed, by: Scene.counselor, Scene.moment)
        }
        let cancelled = try SessionRules.cancel(
            cancel, session: session, by: Scene.counselor, Scene.moment
        ).record
        #expect(
            try SessionRules.cancel(
                cancel, session: cancelled, by: Scene.counselor, Scene.moment)
                == .unchanged(cancelled))
        #expect(throws: Refused(SessionRefusal.alreadyCancelled)) {
            try SessionRules.hold(
                HoldSession(
                    session: session.id, attendance: Scene.present(Scene.ani, Scene.budi)),
                session: cancelled, others: [], facts: Scene.facts, by: Scene.counselor,
                Scene.moment)
        }
        let held = try record(Scene.present(Scene.ani, Scene.budi)).record
        #expect(throws: Refused(SessionRefusal.alreadyHeld)) {
            try SessionRules.cancel(cancel, session: held, by: Scene.counselor, Scene.moment)
        }
    }

    @Test("A reason must say something")
    func reason() throws {
        let session = try Scene.session(1)
        let error = #expect(throws: InvalidInput.self) {
            try SessionRules.cancel(
                CancelSession(session: session.id, reason: " \u{a0}"), session: session,
                by: Scene.counselor, Scene.moment)
        }
        #expect(error?.field == "reason")
    }

    @Test("A list shows what was asked for, in order, without medical detail")
    func list() throws {
        let late = try Scene.session(1, Scene.plan(at: Scene.at(101)))
        var early = try Scene.session(
            2, Scene.plan(.examination, of: [Scene.ani], at: Scene.at(99), by: Scene.physician))
        early.medical = MedicalDetail(findings: "sehat")
        let sessions = [late, early]
        func ids(_ call: ListSessions) -> [SessionID] {
            SessionRules.list(call, of: sessions, zone: .wib).map(\.id)
        }
        let (from, through) = (Scene.day(99), Scene.day(101))
        #expect(ids(ListSessions(from: from, through: through)) == [early.id, late.id])
        #expect(ids(ListSessions(from: from, through: from)) == [early.id])
        #expect(
            ids(ListSessions(from: from, through: through, participant: Scene.budi)) == [late.id])
        let physician = Scene.physician.staff
        #expect(
            ids(ListSessions(from: from, through: through, facilitator: physician)) == [early.id])
        let shown = SessionRules.list(
            ListSessions(from: from, through: through), of: sessions, zone: .wib)
        #expect(shown.allSatisfy { $0.medical == nil })
    }

    @Test("A list spans at most a year and a day, forwards")
    func range() throws {
        try SessionRules.check(ListSessions(from: Scene.day(0), through: Scene.day(366)))
        for last in [-1, 367] {
            let error = #expect(throws: InvalidInput.self) {
                try SessionRules.check(ListSessions(from: Scene.day(0), through: Scene.day(last)))
            }
            #expect(error?.field == "through")
        }
    }

    @Test("The next session is the earliest planned one that has not begun")
    func next() throws {
        let past = try Scene.session(1, Scene.plan(at: Scene.at(100, hour: 9)))
        let soon = try Scene.session(2, Scene.plan(at: Scene.at(100, hour: 15)))
        let later = try Scene.session(3, Scene.plan(at: Scene.at(101)))
        let now = Scene.moment.now
        #expect(
            SessionRules.next(for: Scene.ani, of: [later, soon, past], after: now)?.id == soon.id)
        #expect(SessionRules.next(for: Scene.ani, of: [past], after: now) == nil)
        #expect(SessionRules.next(for: Scene.stranger, of: [soon], after: now) == nil)
    }
}
