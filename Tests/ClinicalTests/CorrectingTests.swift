import ClinicalAPI
import ClinicalRules
import RPC
import Testing
import Vocabulary

@Suite("Correcting an attendance sheet")
struct CorrectingTests {
    private let held: Session
    private let citra = Scene.id(3) as ParticipantID
    private let facts: RegistryFacts

    init() throws {
        facts = RegistryFacts(
            enrollments: [Scene.ani, Scene.budi, Scene.id(3)].map { Scene.enrolled($0) })
        held = try Self.hold(try Scene.session(1), Scene.present(Scene.ani, Scene.budi), facts)
    }

    private static func hold(
        _ session: Session, _ sheet: [Attendance], _ facts: RegistryFacts,
        by signatory: Signatory = Scene.counselor
    ) throws -> Session {
        try SessionRules.hold(
            HoldSession(session: session.id, attendance: sheet), session: session, others: [],
            facts: facts, by: signatory, Scene.moment
        ).record
    }

    private func correct(
        _ session: Session, _ sheet: [Attendance], removing removed: [ParticipantID] = [],
        others: [Session] = [], facts: RegistryFacts? = nil, because reason: String = "salah baris",
        by signatory: Signatory = Scene.colleague
    ) throws -> Change<Session> {
        try SessionRules.correct(
            CorrectSession(
                session: session.id, attendance: sheet, removed: removed, reason: reason),
            session: session, others: others, facts: facts ?? self.facts, by: signatory,
            Moment(now: Scene.at(101), zone: .wib))
    }

    private var other: [Attendance] {
        Scene.present(Scene.ani) + [Scene.absent(Scene.budi, .court)]
    }

    @Test("puts the new sheet in the place of the old, and says who did and why")
    func corrected() throws {
        let corrected = try correct(held, other).record
        #expect(corrected.attendance == other)
        #expect(
            corrected.corrections == [
                SheetCorrection(reason: "salah baris", by: Scene.colleague, at: Scene.at(101))
            ])
        // When the first sheet came in stays what it was.
        #expect(corrected.closedBy == held.closedBy)
        #expect(corrected.closedAt == held.closedAt)
        let back = try correct(corrected, Scene.present(Scene.ani, Scene.budi)).record
        #expect(back.corrections.count == 2)
    }

    @Test("changes nothing when it is said again, and refuses to correct nothing")
    func again() throws {
        let corrected = try correct(held, other).record
        #expect(try correct(corrected, other.reversed()) == .unchanged(corrected))
        #expect(throws: Refused(SessionRefusal.nothingChanged)) {
            try correct(corrected, other, because: "lain")
        }
        #expect(throws: Refused(SessionRefusal.nothingChanged)) {
            try correct(held, Scene.present(Scene.ani, Scene.budi))
        }
    }

    @Test("is for sheets that are there: not for what is planned, missed or cancelled")
    func notHeld() throws {
        var session = try Scene.session(1)
        for status in [Session.Status.scheduled, .missed, .cancelled] {
            session.status = status
            #expect(throws: Refused(SessionRefusal.notHeld)) { try correct(session, other) }
        }
    }

    @Test("takes out by name whoever was taken for another, and nobody in silence")
    func mistaken() throws {
        let wrong = try Self.hold(
            try Scene.session(1), Scene.present(Scene.ani, Scene.budi, citra), facts)
        #expect(throws: Refused(SessionRefusal.sheetIncomplete, "1 of 3 are missing")) {
            try correct(wrong, other)
        }
        let right = try correct(wrong, other, removing: [citra]).record
        #expect(right.participants == [Scene.ani, Scene.budi])
        #expect(right.attendance == other)
        for (removed, sheet) in [
            ([Scene.budi], other), ([Scene.stranger], other + Scene.present(citra)),
        ] {
            let error = #expect(throws: InvalidInput.self) {
                try correct(wrong, sheet, removing: removed)
            }
            #expect(error?.field == "removed")
        }
    }

    @Test("takes out somebody who has no line, once")
    func withoutLine() throws {
        var wrong = held
        wrong.participants.append(citra)
        let sheet = Scene.present(Scene.ani, Scene.budi)
        let right = try correct(wrong, sheet, removing: [citra]).record
        #expect(right.participants == [Scene.ani, Scene.budi])
        #expect(try correct(right, sheet, removing: [citra]) == .unchanged(right))
    }

    @Test("names another person at a session for one")
    func anotherPerson() throws {
        let plan = Scene.plan(.individual, of: [Scene.ani])
        let held = try Self.hold(try Scene.session(1, plan), Scene.present(Scene.ani), facts)
        let sheet = Scene.present(Scene.budi)
        let right = try correct(held, sheet, removing: [Scene.ani]).record
        #expect(right.participants == [Scene.budi])
        #expect(throws: (any Error).self) { try correct(held, sheet) }
    }

    @Test(
        "holds the new sheet to the rules of the old: enrollment, one place at a time, physicians")
    func rules() throws {
        #expect(throws: Refused(SessionRefusal.participantUnknown, "\(Scene.stranger)")) {
            try correct(held, other + Scene.present(Scene.stranger))
        }
        #expect(throws: Refused(SessionRefusal.notOnTheList, "\(citra)")) {
            try correct(held, other + [Scene.absent(citra, .refused)])
        }
        let elsewhere = try Self.hold(
            try Scene.session(2, Scene.plan(of: [citra], by: Scene.physician)),
            Scene.present(citra), facts)
        #expect(
            throws: Refused(
                SessionRefusal.doubleBooked, "\(citra) is at \(Scene.id(2) as SessionID)")
        ) {
            try correct(held, other + Scene.present(citra), others: [elsewhere])
        }
        let plan = Scene.plan(.examination, of: [Scene.ani])
        let examined = try Self.hold(
            try Scene.session(1, plan), Scene.present(Scene.ani), facts, by: Scene.physician)
        let absent = [Scene.absent(Scene.ani, .illness)]
        #expect(throws: Refused(SessionRefusal.medicalNeedsPhysician)) {
            try correct(examined, absent)
        }
        _ = try correct(examined, absent, by: Scene.physician)
        let blank = #expect(throws: InvalidInput.self) { try correct(held, other, because: " ") }
        #expect(blank?.field == "reason")
    }
}
