import ClinicalAPI
import ClinicalRules
import RPC
import Testing
import Vocabulary

@Suite("Planning a session")
struct SchedulingTests {
    private func schedule(
        _ plan: SessionPlan, existing: Session? = nil, others: [Session] = [],
        facts: RegistryFacts = Scene.facts
    ) throws -> Change<Session> {
        try SessionRules.schedule(
            ScheduleSession(id: Scene.id(1), plan: plan), existing: existing, others: others,
            facts: facts, by: Scene.counselor, Scene.moment)
    }

    @Test("stores a scheduled session that nobody attended yet")
    func stores() throws {
        guard case .store(let session) = try schedule(Scene.plan()) else {
            Issue.record("it was not stored")
            return
        }
        #expect(session.status == .scheduled)
        #expect(session.attendance == nil)
        #expect(session.participants == [Scene.ani, Scene.budi])
        #expect(session.scheduledBy == Scene.counselor)
    }

    @Test("twice with the same content changes nothing, with other content is refused")
    func repeated() throws {
        let session = try schedule(Scene.plan()).record
        #expect(try schedule(Scene.plan(), existing: session) == .unchanged(session))
        #expect(throws: Refused(SessionRefusal.idTaken)) {
            try schedule(Scene.plan(place: "musala"), existing: session)
        }
        #expect(throws: Refused(SessionRefusal.idTaken)) {
            try schedule(Scene.plan(of: [Scene.budi]), existing: session)
        }
    }

    @Test(
        "refuses whoever is not enrolled that day, each by its own rule",
        arguments: [
            (RegistryFacts(), SessionRefusal.participantUnknown),
            (RegistryFacts(participants: [Scene.ani]), .notEnrolled),
            (RegistryFacts(enrollments: [Scene.enrolled(Scene.ani, from: 101)]), .notEnrolled),
            (
                RegistryFacts(
                    enrollments: [Scene.enrolled(Scene.ani, holds: [Scene.hold(90, nil)])]),
                .onHold
            ),
            (RegistryFacts(enrollments: [Scene.enrolled(Scene.ani, status: .onHold)]), .onHold),
            (RegistryFacts(enrollments: [Scene.enrolled(Scene.ani, until: 99)]), .ended),
            (RegistryFacts(enrollments: [Scene.enrolled(Scene.ani, status: .ended)]), .ended),
        ])
    func standing(facts: RegistryFacts, refusal: SessionRefusal) {
        #expect(throws: Refused(refusal, "\(Scene.ani)")) {
            try schedule(Scene.plan(of: [Scene.ani]), facts: facts)
        }
    }

    @Test("accepts the day of the exit and the day of the return")
    func edges() throws {
        let exit = RegistryFacts(enrollments: [Scene.enrolled(Scene.ani, until: 100)])
        _ = try schedule(Scene.plan(of: [Scene.ani]), facts: exit)
        let back = RegistryFacts(
            enrollments: [Scene.enrolled(Scene.ani, holds: [Scene.hold(90, 100)])])
        _ = try schedule(Scene.plan(of: [Scene.ani]), facts: back)
    }

    @Test("goes by the enrollment that is active, whatever became of an earlier one")
    func secondEnrollment() throws {
        let facts = RegistryFacts(
            enrollments: [
                Scene.enrolled(Scene.ani, until: 40), Scene.enrolled(Scene.ani, from: 60),
            ])
        _ = try schedule(Scene.plan(of: [Scene.ani]), facts: facts)
        #expect(throws: Refused(SessionRefusal.ended, "\(Scene.ani)")) {
            try schedule(Scene.plan(of: [Scene.ani], at: Scene.at(50)), facts: facts)
        }
    }

    @Test("refuses to put a person or a facilitator into two places at once")
    func doubleBooked() throws {
        let other = try Scene.session(
            2, Scene.plan(of: [Scene.ani], at: Scene.at(100), by: Scene.colleague))
        let overlapping = Scene.plan(at: Scene.at(100).adding(seconds: 3599))
        #expect(throws: Refused(SessionRefusal.doubleBooked, "\(Scene.ani) is at \(other.id)")) {
            try schedule(overlapping, others: [other])
        }
        let theirs = Scene.plan(of: [Scene.budi], at: Scene.at(100), by: Scene.colleague)
        #expect(throws: Refused(SessionRefusal.facilitatorDoubleBooked, "\(other.id)")) {
            try schedule(theirs, others: [other])
        }
    }

    @Test("may begin as another ends, and at the time of a cancelled one")
    func notDoubleBooked() throws {
        let other = try Scene.session(2)
        _ = try schedule(Scene.plan(at: Scene.at(100, hour: 10)), others: [other])
        let cancelled = try SessionRules.cancel(
            CancelSession(session: other.id, reason: "hari libur"), session: other,
            by: Scene.counselor, Scene.moment
        ).record
        _ = try schedule(Scene.plan(), others: [cancelled])
    }

    @Test(
        "refuses what cannot be, and names the field",
        arguments: [
            (Scene.plan(minutes: 4), "durationMinutes"),
            (Scene.plan(minutes: 481), "durationMinutes"),
            (Scene.plan(of: []), "participants"),
            (Scene.plan(of: [Scene.ani, Scene.ani]), "participants"),
            (Scene.plan(.individual), "participants"),
            (Scene.plan(.examination), "participants"),
            (Scene.plan(at: Scene.at(467)), "scheduledAt"),
            (Scene.plan(place: " "), "place"),
            (Scene.plan(place: "aula\u{7}"), "place"),
            (Scene.plan(place: "aula\n2"), "place"),
            (Scene.plan(by: Scene.signatory("", .counselor)), "facilitator.code"),
        ])
    func input(plan: SessionPlan, field: String) {
        let error = #expect(throws: InvalidInput.self) { try schedule(plan) }
        #expect(error?.field == field)
    }

    @Test("allows the shortest and the longest session, and the last day ahead")
    func bounds() throws {
        _ = try schedule(Scene.plan(minutes: 5))
        _ = try schedule(Scene.plan(minutes: 480))
        _ = try schedule(Scene.plan(at: Scene.at(466)))
    }
}
