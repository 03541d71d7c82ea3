import CBOR
import ClinicalAPI
import ClinicalServer
import NIOCore
import RPC
import RegistryAPI
import Storage
import Testing
import Vocabulary

@Suite("Sessions over the wire", .timeLimit(.minutes(1)))
struct ClinicalServiceSessionsTests {
    private let clinical: RunningClinical
    private let manager = Scene.signatory("pm-1", .programManager)

    init() async throws {
        clinical = try RunningClinical()
        try await clinical.prepare()
    }

    private func list(_ participant: ParticipantID? = nil) async throws -> [Session] {
        try await clinical.call(
            ListSessions(
                from: Scene.day(90), through: Scene.day(110), participant: participant)
        ).sessions
    }

    private func next(_ participant: ParticipantID) async throws -> SessionID? {
        try await clinical.call(NextSession(participant: participant)).session?.id
    }

    @Test("go from the schedule to a sheet that says who came, and why the others did not")
    func held() async throws {
        let citra = Scene.id(3) as ParticipantID
        try await clinical.hear(.participant, RunningClinical.participant(citra))
        try await clinical.hear(.enrollment, RunningClinical.enrollment(of: citra))
        let planned = try await clinical.call(
            Requests.schedule(1, Scene.plan(at: Scene.at(101))), as: manager)
        #expect(planned.status == .scheduled)
        #expect(planned.scheduledBy == manager)
        #expect(try await next(Scene.budi) == planned.id)
        #expect(try await list(citra).isEmpty)

        clinical.clock.go(to: Scene.at(101, hour: 11))
        let sheet = Scene.present(Scene.ani, citra) + [Scene.absent(Scene.budi, .illness)]
        let held = try await clinical.call(Requests.hold(1, sheet))
        #expect(held.status == .held)
        #expect(held.attendance == sheet)
        #expect(held.closedBy == Scene.counselor)
        #expect(try await next(Scene.budi) == nil)
        // Whoever came unplanned is found by it too.
        for person in [Scene.ani, Scene.budi, citra] { #expect(try await list(person) == [held]) }
        let before = try await clinical.events()
        #expect(try await clinical.call(Requests.hold(1, sheet)) == held)
        #expect(try await clinical.events() == before)
        let other = Requests.hold(1, Scene.present(Scene.ani, Scene.budi, citra))
        #expect(await clinical.refusal(other) == .alreadyHeld)
    }

    @Test("are corrected as a whole sheet, which is kept beside the old one and told anew")
    func corrected() async throws {
        try await clinical.call(Requests.schedule(1))
        let old = try await clinical.call(
            Requests.hold(1, Scene.present(Scene.ani, Scene.budi)))
        let sheet = Scene.present(Scene.ani)
        let half = CorrectSession(session: Scene.id(1), attendance: sheet, reason: "salah nama")
        #expect(await clinical.refusal(half, as: manager) == .sheetIncomplete)
        let new = try await clinical.call(
            CorrectSession(
                session: Scene.id(1), attendance: sheet, removed: [Scene.budi],
                reason: "salah nama"), as: manager)
        #expect(new.attendance == sheet)
        #expect(new.corrections.map(\.by) == [manager])
        #expect(try await list() == [new])
        #expect(try await list(Scene.budi).isEmpty)
        let kept = try await clinical.events()
        #expect(kept.map(\.verb) == ["scheduled", "held", "corrected"])
        let before = try CBORDecoder().decode(SessionRecord.self, from: kept[1].body)
        #expect(before.session == old)
        let told = try await clinical.feed(to: .evaluation, after: kept[1].position)
            .filter { $0.noun != nil }
        let summary = try CBORDecoder().decode(
            AttendanceSummary.self, from: try #require(told.first?.body))
        #expect(summary.expected == [Scene.ani])
        #expect(summary.lines.map(\.participant) == [Scene.ani])
        #expect(summary.closedAt == old.closedAt)
    }

    @Test("are missed or cancelled with the reason, and then neither held nor next")
    func ended() async throws {
        try await clinical.call(Requests.schedule(1))
        let missed = try await clinical.call(
            MissSession(session: Scene.id(1), reason: "konselor sakit"))
        #expect(missed.status == .missed)
        #expect(missed.statusReason == "konselor sakit")
        try await clinical.call(Requests.schedule(2, Scene.plan(at: Scene.at(102))))
        #expect(try await next(Scene.ani) == Scene.id(2))
        let cancelled = try await clinical.call(
            CancelSession(session: Scene.id(2), reason: "aula dipakai"), as: manager)
        #expect(cancelled.status == .cancelled)
        #expect(cancelled.closedBy == manager)
        #expect(try await next(Scene.ani) == nil)
        #expect(try await list() == [missed, cancelled])
        #expect(
            await clinical.refusal(Requests.hold(1, Scene.present(Scene.ani, Scene.budi)))
                == .alreadyMissed)
        #expect(
            await clinical.refusal(MissSession(session: Scene.id(2), reason: "x"))
                == .alreadyCancelled)
    }

    @Test("are recorded from paper in one call, and a sheet with a gap stores nothing")
    func paper() async throws {
        let incomplete = RecordSession(
            id: Scene.id(1), plan: Scene.plan(at: Scene.at(95)),
            attendance: Scene.present(Scene.ani))
        #expect(await clinical.refusal(incomplete) == .sheetIncomplete)
        #expect(try await clinical.events().isEmpty)
        let whole = RecordSession(
            id: Scene.id(1), plan: incomplete.plan,
            attendance: Scene.present(Scene.ani) + [Scene.absent(Scene.budi, .unexcused)])
        let stored = try await clinical.call(whole)
        #expect(stored.status == .held)
        #expect(try await clinical.call(whole) == stored)
        #expect(try await clinical.call(GetSession(session: Scene.id(1))) == stored)
        #expect(try await list(Scene.budi) == [stored])
        #expect(try await clinical.events().map(\.verb) == ["recorded"])
    }

    @Test("bind each person and facilitator once at a time, among all that is planned")
    func doubleBooked() async throws {
        // What lies before and after must not hide the one that overlaps.
        for day in [80, 99, 102, 120] {
            try await clinical.call(
                Requests.schedule(UInt64(day), Scene.plan(of: [Scene.ani], at: Scene.at(day))))
        }
        try await clinical.call(
            Requests.schedule(1, Scene.plan(of: [Scene.ani], at: Scene.at(101), minutes: 90)))
        let late = Scene.at(101).adding(seconds: 89 * 60)
        #expect(
            await clinical.refusal(
                Requests.schedule(2, Scene.plan(of: [Scene.ani], at: late, by: Scene.colleague)))
                == .doubleBooked)
        #expect(
            await clinical.refusal(Requests.schedule(2, Scene.plan(of: [Scene.budi], at: late)))
                == .facilitatorDoubleBooked)
        let after = Scene.at(101).adding(seconds: 90 * 60)
        try await clinical.call(Requests.schedule(2, Scene.plan(of: [Scene.ani], at: after)))
        try await clinical.call(CancelSession(session: Scene.id(1), reason: "aula dipakai"))
        try await clinical.call(Requests.schedule(3, Scene.plan(at: Scene.at(101))))
    }

    @Test("ask who is enrolled that day, as the registry told")
    func enrolled() async throws {
        try await clinical.hear(
            .enrollment,
            RunningClinical.enrollment(
                of: Scene.ani,
                holds: [Hold(from: Scene.day(101), until: Scene.day(103), reason: .court)]))
        for (day, reason) in [(100, nil), (101, SessionRefusal.onHold), (102, .onHold), (103, nil)]
        {
            let plan = Scene.plan(of: [Scene.ani], at: Scene.at(day, hour: 14))
            #expect(
                await clinical.refusal(Requests.schedule(UInt64(day), plan)) == reason, "\(day)")
        }
        try await clinical.hear(
            .enrollment,
            RunningClinical.enrollment(of: Scene.budi, .exited, exitedOn: Scene.day(100)))
        let gone = Scene.plan(of: [Scene.budi], at: Scene.at(101), by: Scene.colleague)
        #expect(await clinical.refusal(Requests.schedule(1, gone)) == .ended)
        try await clinical.hear(.participant, RunningClinical.participant(Scene.stranger))
        let never = Scene.plan(of: [Scene.stranger], at: Scene.at(101), by: Scene.colleague)
        #expect(await clinical.refusal(Requests.schedule(1, never)) == .notEnrolled)
    }

    /// An examination of Ani that a physician has recorded.
    private func examine() async throws -> Session {
        let plan = Scene.plan(.examination, of: [Scene.ani])
        try await clinical.call(Requests.schedule(1, plan), as: manager)
        let detail = MedicalDetail(
            findings: "hepatomegali",
            medications: [Medication(name: "diazepam", dose: 5, unit: "mg", route: .oral)])
        let call = Requests.hold(1, Scene.present(Scene.ani), medical: detail)
        #expect(await clinical.refusal(call) == .medicalNeedsPhysician)
        #expect(await clinical.refusal(call, as: manager) == .medicalNeedsPhysician)
        #expect(try await list().map(\.status) == [.scheduled])
        return try await clinical.call(call, as: Scene.physician)
    }

    @Test("of medical care are held by physicians, and shown whole only to those who treat")
    func medical() async throws {
        let held = try await examine()
        #expect(held.medical?.findings == "hepatomegali")
        let whole = try await clinical.call(GetSession(session: held.id), as: Scene.colleague)
        #expect(whole == held)
        #expect(await clinical.failure(GetSession(session: held.id), as: manager) != nil)
        for reader in [manager, Scene.physician] {
            let shown = try await clinical.call(Requests.days, as: reader).sessions
            #expect(shown.map(\.id) == [held.id])
            #expect(shown.allSatisfy { $0.medical == nil })
        }
        // Nor does planning the same again show it to whoever planned.
        let again = try await clinical.call(
            Requests.schedule(1, Scene.plan(.examination, of: [Scene.ani])), as: manager)
        #expect(again.status == .held)
        #expect(again.medical == nil)
    }

    @Test("are on the day of their place, wherever the person is held later")
    func zones() async throws {
        let east = "rutan-jayapura"
        try await clinical.hear(.facility, RunningClinical.facility(2, east, .wit))
        try await clinical.hear(.participant, RunningClinical.participant(Scene.ani, at: east))
        // An hour before midnight in Kraksaan, two hours later in Jayapura.
        let late = Scene.at(101, hour: 23)
        let there = Signatory(
            staff: StaffReference(affiliation: Affiliation(kind: .facility, code: east), code: "k"),
            role: .counselor)
        try await clinical.call(
            Requests.schedule(1, Scene.plan(of: [Scene.ani], at: late)), as: there)
        func ids(
            on day: Int, of participant: ParticipantID?, as reader: Signatory
        ) async throws -> [SessionID] {
            try await clinical.call(
                ListSessions(
                    from: Scene.day(day), through: Scene.day(day), participant: participant),
                as: reader
            ).sessions.map(\.id)
        }
        #expect(try await ids(on: 101, of: Scene.ani, as: there).isEmpty)
        #expect(try await ids(on: 102, of: Scene.ani, as: there) == [Scene.id(1)])
        // For all together the caller's own place decides.
        #expect(try await ids(on: 102, of: nil, as: there) == [Scene.id(1)])
        // Nobody elsewhere sees any of it.
        #expect(try await ids(on: 101, of: nil, as: Scene.counselor).isEmpty)
        let before = try await clinical.feed(to: .evaluation)
        let told = try CBORDecoder().decode(
            AttendanceSummary.self, from: try #require(before.first?.body))
        #expect(told.day == Scene.day(102))
        try await clinical.hear(.participant, RunningClinical.participant(Scene.ani))
        #expect(try await clinical.feed(to: .evaluation) == before)
        let kept = try await clinical.store.read { try $0.all(SessionRecord.self) }
        #expect(kept.map(\.zone) == [.wit])
    }

    @Test("refuse a length or a list that nothing can have, without harm")
    func hostile() async throws {
        for minutes in [Int.max, Int.min, 0, 481] {
            let plan = Scene.plan(minutes: minutes)
            let calls: [any RPCMethod] = [
                Requests.schedule(1, plan),
                RecordSession(id: Scene.id(1), plan: plan, attendance: []),
            ]
            for call in calls {
                let failure = await clinical.failure(call)
                #expect(failure?.field == "durationMinutes", "\(minutes)")
            }
        }
        let crowd = (1...501).map { Scene.id($0) as ParticipantID }
        let many = Requests.schedule(1, Scene.plan(of: crowd))
        #expect(await clinical.failure(many)?.field == "participants")
        let sheet = crowd.map { Attendance(participant: $0, mark: .present) }
        #expect(await clinical.failure(Requests.hold(1, sheet))?.field == "attendance")
        let nobody = Requests.schedule(1, Scene.plan(of: []))
        #expect(await clinical.failure(nobody)?.field == "participants")
        let years = ListSessions(from: Scene.day(0), through: Scene.day(400))
        #expect(await clinical.failure(years)?.field == "through")
        #expect(try await clinical.events().isEmpty)
    }
}
