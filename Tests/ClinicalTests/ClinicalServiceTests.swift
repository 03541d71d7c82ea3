import ClinicalAPI
import ClinicalRules
import ClinicalServer
import Hosting
import RPC
import Storage
import Testing
import Vocabulary

@Suite("The clinical service", .timeLimit(.minutes(1)))
struct ClinicalServiceTests {
    private let clinical: RunningClinical

    init() throws { clinical = try RunningClinical() }

    @Test("answers every call that is declared")
    func methods() throws {
        #expect(clinical.service.handlers.count == ClinicalMethods.all.count)
        #expect(clinical.service.subscriptions.map(\.peer) == [.registry])
        let tried = Set(try Requests.everyMethod().map { type(of: $0).name.text })
        let unary = Set(ClinicalMethods.all.map { $0.name.text })
            .subtracting([FollowClinical.name.text])
        #expect(tried == unary)
    }

    /// Nil where the call gets as far as its handler.
    private func denial<M: RPCMethod>(_ request: M, as role: Role) async -> StatusCode? {
        let caller = Scene.signatory("s1", role)
        let failure = await clinical.failure(request, as: caller)
        return failure?.outcome == .notProcessed && failure?.rule == nil ? failure?.code : nil
    }

    @Test("refuses every role that a call does not name, and no other", arguments: Role.allCases)
    func roles(role: Role) async throws {
        for request in try Requests.everyMethod() {
            let isNamed = type(of: request).access.roles.contains(role)
            let denial = await denial(request, as: role)
            #expect(denial == (isNamed ? nil : .permissionDenied), "\(type(of: request).name)")
        }
        #expect(try await clinical.events().isEmpty)
    }

    @Test("refuses a service everything but the feed, and the feed to everybody else")
    func services() async throws {
        for service in ServiceName.allCases {
            let caller = clinical.caller(as: service)
            do throws(CallError<ListAlerts.Refusal>) {
                _ = try await caller.call(ListAlerts())
                Issue.record("\(service) reads alerts")
            } catch {
                #expect(error.failure.code == .permissionDenied)
            }
        }
        for caller in [
            clinical.caller(as: Scene.physician), clinical.caller(as: ServiceName.clinical),
        ] {
            do throws(RPCFailure) {
                for try await _ in try await caller.stream(FollowClinical(after: 0)) {
                    Issue.record("the feed was opened")
                    break
                }
                Issue.record("the feed ended well")
            } catch {
                #expect(error.code == .permissionDenied)
            }
        }
    }

    private func isOutOfReach(_ request: some RPCMethod) async -> Bool {
        await clinical.failure(request)?.rule == "out-of-reach"
    }

    @Test("knows nobody before the registry told of them")
    func beforeTheFeed() async throws {
        #expect(await isOutOfReach(Requests.administer(1, ["9": 1])))
        #expect(await isOutOfReach(Requests.assess(1)))
        #expect(await isOutOfReach(Requests.schedule(1)))
        #expect(await isOutOfReach(Requests.note(1, "x")))
        #expect(await isOutOfReach(Requests.urineTest(1)))
        #expect(await isOutOfReach(Requests.raise(1)))
        #expect(try await clinical.events().isEmpty)
    }

    @Test("names what is not there")
    func notFound() async throws {
        try await clinical.prepare()
        let nothing: [any RPCMethod] = [
            GetAdministration(administration: Scene.id(9)), GetSession(session: Scene.id(9)),
            Requests.hold(9, Scene.present(Scene.ani)),
            MissSession(session: Scene.id(9), reason: "x"),
            CancelSession(session: Scene.id(9), reason: "x"),
            AmendNote(note: Scene.id(9), text: "x", reason: "x"), Requests.confirm(9),
            AcknowledgeAlert(alert: Scene.id(9), action: "x"),
            Requests.plan(9, goal: "abstinen"),
        ]
        for request in nothing {
            #expect(await clinical.failure(request)?.code == .notFound, "\(request)")
        }
        let diagnosis = try Requests.diagnose(9)
        #expect(await clinical.failure(diagnosis, as: Scene.physician)?.code == .notFound)
    }

    @Test("gives a repeat under one key the first answer, and refuses the key for another call")
    func repeats() async throws {
        try await clinical.prepare()
        let caller = clinical.caller(as: Scene.counselor)
        let options = CallOptions(key: Scene.id(950))
        let call = Requests.administer(1, ["9": 2])
        let first = try await caller.call(call, options: options)
        let position = clinical.store.position
        clinical.clock.go(to: Scene.at(101))
        #expect(try await caller.call(call, options: options) == first)
        #expect(clinical.store.position == position)
        do throws(CallError<AdministerInstrument.Refusal>) {
            _ = try await caller.call(Requests.administer(2, ["9": 2]), options: options)
            Issue.record("another call under the same key was answered")
        } catch {
            #expect(error.failure.rule == "idempotency-key-reused")
        }
        // Under a new key the rules see that the record is there.
        #expect(try await clinical.call(call) == first)
        #expect(clinical.store.position == position)
        #expect(try await clinical.call(ListAlerts()).alerts.count == 1)
    }

    /// Something of every kind of record.
    private func fill() async throws {
        try await clinical.prepare()
        try await clinical.call(Requests.administer(1, ["9": 2]))
        try await clinical.call(Requests.assess(2))
        try await clinical.call(Requests.plan(2, goal: "abstinen"))
        try await clinical.call(Requests.plan(2, replacing: 1, goal: "bekerja"))
        try await clinical.call(Requests.schedule(3))
        try await clinical.call(Requests.hold(3, Scene.present(Scene.ani, Scene.budi)))
        try await clinical.call(Requests.schedule(4, Scene.plan(at: Scene.at(105))))
        try await clinical.call(Requests.note(5, "tenang", in: 3))
        try await clinical.call(
            AmendNote(note: Scene.id(5), text: "gelisah", reason: "salah orang"))
        try await clinical.call(Requests.urineTest(6))
        try await clinical.call(Requests.raise(7, for: Scene.budi))
    }

    /// What the calls that read show of everything.
    private func everything(_ clinical: RunningClinical) async throws -> [String] {
        var shown: [String] = []
        for person in [Scene.ani, Scene.budi] {
            let caller = clinical.caller(as: Scene.physician)
            shown.append("\(try await caller.call(ListAdministrations(participant: person)))")
            shown.append("\(try await caller.call(ListAssessments(participant: person)))")
            shown.append("\(try await caller.call(GetPlan(participant: person)))")
            shown.append("\(try await caller.call(NextSession(participant: person)))")
            shown.append("\(try await caller.call(ListNotes(participant: person)))")
            shown.append("\(try await caller.call(ListUrineTests(participant: person)))")
            shown.append("\(try await caller.call(ParticipantTimeline(participant: person)))")
        }
        shown.append("\(try await clinical.call(ListAlerts(includingAcknowledged: true)))")
        shown.append("\(try await clinical.call(Requests.days))")
        shown.append("\(try await clinical.call(ListSafetyFlags(), as: Scene.physician))")
        return shown
    }

    @Test("keeps everything over a new start")
    func reopened() async throws {
        try await fill()
        let before = try await everything(clinical)
        let position = clinical.store.position
        clinical.store.close()
        let again = try RunningClinical(in: clinical.directory)
        #expect(again.store.position == position)
        #expect(try await everything(again) == before)
        #expect(try await again.store.verifyChain().brokenAt == nil)
        // What the registry told is kept as well.
        try await again.call(Requests.note(8, "sesudah mulai lagi"))
    }

    /// Every row of the tables that the journal makes, but those of peers' copies.
    private func tables() async throws -> [String] {
        try await clinical.store.read { snapshot in
            let records =
                try snapshot.all(Administration.self).map { "\($0)" }
                + snapshot.all(Assessment.self).map { "\($0)" }
                + snapshot.all(Plan.self).map { "\($0)" }
                + snapshot.all(SessionRecord.self).map { "\($0)" }
                + snapshot.all(Note.self).map { "\($0)" }
                + snapshot.all(UrineTest.self).map { "\($0)" }
                + snapshot.all(Alert.self).map { "\($0)" }
            let people = try snapshot.rows(
                """
                SELECT record, participant, begins, ends FROM session_participant
                ORDER BY record, participant
                """, []
            ) { "\($0.blob(0)) \($0.blob(1)) \($0.integer(2)) \($0.integer(3))" }
            return records + people
        }
    }

    @Test("makes the same tables from its journal again")
    func rebuilt() async throws {
        try await fill()
        let before = try await tables()
        #expect(before.count == 13)
        try await clinical.store.rebuild()
        #expect(try await tables() == before)
        // The registry's feed starts again from its beginning.
        #expect(try await clinical.store.read { try $0.feedState("registry").position } == 0)
        #expect(await isOutOfReach(Requests.note(8, "x")))
        let revisions = try await clinical.events().filter { $0.noun == "plan" }
        #expect(revisions.map(\.verb) == ["set", "set"])
    }

    @Test("says in its journal who did what, and of whom")
    func journal() async throws {
        try await fill()
        let entries = try await clinical.events()
        let actor = "spiffe://pulih.test/facility/rutan-kraksaan/role/counselor/konselor-1"
        #expect(entries.allSatisfy { $0.actor == actor })
        let alert = try #require(entries.first { $0.noun == "alert" })
        #expect(alert.verb == "raised")
        #expect(alert.subject == Scene.ani.uuid)
        #expect(
            entries.map { "\($0.noun) \($0.verb)" } == [
                "alert raised", "administration administered", "assessment recorded",
                "plan set", "plan set", "session scheduled", "session held",
                "session scheduled", "note written", "note amended", "urine_test recorded",
                "alert raised",
            ])
    }
}
