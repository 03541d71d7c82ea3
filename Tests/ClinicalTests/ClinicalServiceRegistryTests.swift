import ClinicalAPI
import ClinicalRules
import ClinicalServer
import FoundationEssentials
import Hosting
import RPC
import RegistryAPI
import Storage
import Synchronization
import Testing
import Vocabulary

@Suite("What the registry tells the clinical service", .timeLimit(.minutes(1)))
struct ClinicalServiceRegistryTests {
    private let clinical: RunningClinical
    /// The record that stands for Ani once hers is merged into it; it has no enrollment.
    private let dewi = Scene.id(4) as ParticipantID

    init() throws { clinical = try RunningClinical() }

    /// A feed that breaks after every item, and the positions after which it was asked for.
    private final class Registry: Sendable {
        let items: [FeedItem]
        let asked = Mutex<[Int64]>([])

        init(_ items: [FeedItem]) { self.items = items }

        func caller() throws -> Caller {
            let handler = Handler.stream(FollowRegistry.self) { call, _, send in
                self.asked.withLock { $0.append(call.after) }
                guard let item = self.items.first(where: { $0.position > call.after }) else {
                    return try await Task.sleep(for: .seconds(60))
                }
                try await send(item)
                throw RPCFailure(.unavailable, "the line broke")
            }
            let router = try Router(
                declared: [FollowRegistry.self], handlers: [handler],
                logger: RunningClinical.logger, now: { Scene.moment.now })
            let clinical = ServiceIdentity(domain: "pulih.test", name: .clinical)
            return Caller(InMemoryTransport(router, as: .service(clinical))) {
                .random(at: Scene.moment.now)
            }
        }
    }

    @Test("is followed from where it got to, whatever breaks")
    func followed() async throws {
        let registry = Registry([
            try RunningClinical.item(1, .facility, RunningClinical.facility()),
            FeedItem(position: 2, at: Scene.moment.now),
            try RunningClinical.item(3, .participant, RunningClinical.participant(Scene.ani)),
            try RunningClinical.item(4, .enrollment, RunningClinical.enrollment(of: Scene.ani)),
        ])
        let subscription = try #require(clinical.service.subscriptions.first)
        let follower = FeedFollower(
            subscription, caller: try registry.caller(), store: clinical.store, state: HostState(),
            logger: RunningClinical.logger, now: { Scene.moment.now })
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await follower.run() }
            while registry.asked.withLock({ $0.last }) != 4 { await Task.yield() }
            group.cancelAll()
        }
        #expect(registry.asked.withLock { $0 } == [0, 1, 2, 3, 4])
        let state = try await clinical.store.read { snapshot in
            let state = try snapshot.feedState("registry")
            return [state.position, state.heardAt?.microseconds ?? 0]
        }
        #expect(state == [4, Scene.moment.now.microseconds])
        try await clinical.call(Requests.schedule(1, Scene.plan(of: [Scene.ani])))
        // Copies are no facts of this service's own journal.
        #expect(clinical.store.position == 1)
    }

    /// Something of each kind about a person.
    private func fill(_ first: UInt64, of person: ParticipantID, hour: Int) async throws {
        try await clinical.call(Requests.administer(first, ["9": 0], of: person))
        try await clinical.call(Requests.assess(first, of: person))
        try await clinical.call(Requests.plan(first, goal: "abstinen"))
        let plan = Scene.plan(of: [person], at: Scene.at(101, hour: hour))
        try await clinical.call(Requests.schedule(first, plan))
        try await clinical.call(Requests.note(first, "catatan", of: person))
        try await clinical.call(Requests.urineTest(first, of: person))
        try await clinical.call(Requests.raise(first, for: person))
    }

    /// The ids of what each list shows of a person, a list a line.
    private func shown(of person: ParticipantID) async throws -> [Set<String>] {
        func ids<Noun>(_ ids: [Identifier<Noun>]) -> Set<String> { Set(ids.map(\.description)) }
        let administrations = try await clinical.call(ListAdministrations(participant: person))
        let assessments = try await clinical.call(ListAssessments(participant: person))
        let sessions = try await clinical.call(
            ListSessions(from: Scene.day(90), through: Scene.day(110), participant: person))
        let notes = try await clinical.call(ListNotes(participant: person))
        let tests = try await clinical.call(ListUrineTests(participant: person))
        let alerts = try await clinical.call(ListAlerts(participant: person))
        let dossier = try await clinical.call(ParticipantTimeline(participant: person))
        return [
            ids(administrations.administrations.map(\.id)), ids(assessments.assessments.map(\.id)),
            ids(sessions.sessions.map(\.id)), ids(notes.notes.map(\.id)),
            ids(tests.tests.map(\.id)), ids(alerts.alerts.map(\.id)),
            Set(dossier.lines.map { $0.record.uuidString.lowercased() }),
        ]
    }

    @Test("brings the records of one person together, and an unmerge parts them")
    func merged() async throws {
        try await clinical.prepare()
        try await clinical.hear(.participant, RunningClinical.participant(dewi))
        try await clinical.hear(.consent, RunningClinical.consent(of: dewi))
        try await fill(10, of: Scene.ani, hour: 9)
        #expect(try await shown(of: dewi).allSatisfy(\.isEmpty))
        let plan = Scene.plan(of: [dewi], at: Scene.at(101, hour: 14))
        #expect(await clinical.refusal(Requests.schedule(20, plan)) == .notEnrolled)

        try await clinical.hear(
            .participant, RunningClinical.participant(Scene.ani, mergedInto: dewi))
        // The enrollment counts for whichever record is named.
        let own = Requests.schedule(20, plan)
        try await clinical.call(own)
        try await clinical.call(Requests.raise(20, for: dewi))
        let (first, second) = ("\(Scene.id(10) as NoteID)", "\(Scene.id(20) as NoteID)")
        for person in [Scene.ani, dewi] {
            #expect(
                try await shown(of: person) == [
                    [first], [first], [first, second], [first], [first], [first, second],
                    [first, second],
                ])
            #expect(
                try await clinical.call(NextSession(participant: person)).session?.id
                    == Scene.id(10))
            #expect(try await clinical.call(GetPlan(participant: person)).plan?.revision == 1)
        }
        #expect(try await shown(of: Scene.budi).allSatisfy(\.isEmpty))
        #expect(try await clinical.call(ListSafetyFlags(), as: Scene.physician).watch == [dewi])

        try await clinical.hear(.participant, RunningClinical.participant(Scene.ani))
        #expect(try await shown(of: Scene.ani).allSatisfy { $0 == [first] })
        #expect(
            try await clinical.call(ListSafetyFlags(), as: Scene.physician).watch
                == [Scene.ani, dewi])
    }

    @Test("may not send anybody round in a ring")
    func ring() async throws {
        try await clinical.prepare()
        try await clinical.hear(
            .participant, RunningClinical.participant(Scene.ani, mergedInto: Scene.budi))
        try await clinical.hear(
            .participant, RunningClinical.participant(Scene.budi, mergedInto: Scene.ani))
        try await clinical.call(Requests.note(1, "catatan"))
        let notes = try await clinical.call(ListNotes(participant: Scene.ani)).notes
        #expect(notes.map(\.id) == [Scene.id(1)])
    }
}
