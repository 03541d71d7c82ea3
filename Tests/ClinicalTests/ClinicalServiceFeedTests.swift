import CBOR
import ClinicalAPI
import ClinicalServer
import Instruments
import NIOCore
import RPC
import RegistryAPI
import Storage
import Testing
import Vocabulary

@Suite("What the followers of the clinical service see", .timeLimit(.minutes(1)))
struct ClinicalServiceFeedTests {
    private let clinical: RunningClinical

    init() async throws {
        clinical = try RunningClinical()
        try await clinical.prepare()
    }

    /// One or more entries of every kind; the noun of each item that a follower gets.
    private func fill() async throws {
        try await clinical.call(Requests.administer(1, ["1": 1], on: .dast10))
        try await clinical.call(Requests.administer(2, ["9": 3], occasion: .month3))
        try await clinical.call(Requests.assess(3))
        try await clinical.call(Requests.plan(3, goal: "rahasia"))
        try await clinical.call(Requests.schedule(4))
        try await clinical.call(
            Requests.hold(4, Scene.present(Scene.ani) + [Scene.absent(Scene.budi, .isolation)]))
        try await clinical.call(Requests.note(5, "rahasia"))
        try await clinical.call(Requests.urineTest(6))
        try await clinical.call(Requests.urineTest(7, for: .security))
        try await clinical.call(Requests.confirm(6))
        try await clinical.call(
            Requests.schedule(
                8,
                Scene.plan(
                    .examination, of: [Scene.ani], at: Scene.at(100, hour: 7), by: Scene.physician))
        )
        let detail = MedicalDetail(findings: "rahasia")
        try await clinical.call(
            Requests.hold(8, Scene.present(Scene.ani), medical: detail), as: Scene.physician)
        try await clinical.call(Requests.raise(9, because: "rahasia"))
    }

    private func read<Body: Decodable>(_ type: Body.Type, _ items: [FeedItem]) throws -> [Body] {
        try items.map { try CBORDecoder().decode(type, from: try #require($0.body)) }
    }

    @Test("is one item an entry: for the registry screenings and the days of urine tests")
    func registry() async throws {
        try await fill()
        let items = try await clinical.feed(to: .registry)
        #expect(items.map(\.position) == Array(1...clinical.store.position))
        #expect(items.compactMap(\.noun) == ["screening", "urine-test", "urine-test"])
        let screenings = try read(ScreeningSummary.self, items.filter { $0.noun == "screening" })
        #expect(screenings.map(\.administration) == [Scene.id(1)])
        #expect(items.first?.id == screenings.first?.administration.uuid)
        let days = try read(UrineTestDay.self, items.filter { $0.noun == "urine-test" })
        let day = UrineTestDay(
            test: Scene.id(6), participant: Scene.ani, day: Scene.day(97))
        #expect(days == [day, day])
    }

    @Test("is for the evaluation scores, attendance and the verdicts of clinical urine tests")
    func evaluation() async throws {
        try await fill()
        let items = try await clinical.feed(to: .evaluation)
        #expect(items.map(\.position) == Array(1...clinical.store.position))
        let scores = try read(ScoreSummary.self, items.filter { $0.noun == "score" })
        #expect(scores.map(\.administration) == [Scene.id(1), Scene.id(2)])
        #expect(scores.map(\.occasion.known) == [.screening, .month3])
        let sheets = try read(AttendanceSummary.self, items.filter { $0.noun == "attendance" })
        #expect(sheets.map(\.status.known) == [.scheduled, .held, .scheduled, .held])
        #expect(sheets[1].lines.map(\.presence.known) == [.present, .excused])
        #expect(sheets[1].day == Scene.day(100))
        let urine = try read(UrineSummary.self, items.filter { $0.noun == "urine-test" })
        #expect(urine.map(\.test) == [Scene.id(6), Scene.id(6)])
        #expect(urine.map(\.verdict.known) == [.presumptivePositive, .confirmedPositive])
        #expect(items.compactMap(\.noun).count == 8)
    }

    @Test("has nothing of a note, a plan, a finding, an alert or an answer, whoever follows")
    func secrets() async throws {
        try await fill()
        for follower in [ServiceName.registry, .evaluation] {
            for item in try await clinical.feed(to: follower) {
                #expect((item.noun == nil) == (item.body == nil))
                #expect((item.noun == nil) == (item.id == nil))
                let text = String(decoding: item.body ?? [], as: UTF8.self)
                let results = follower == .registry ? ["verdict", "positive", "scores"] : []
                for word in ["rahasia", "answers", "isolation", "suicide", "findings"] + results {
                    #expect(!text.contains(word), "\(follower) \(item.noun ?? "")")
                }
            }
        }
    }

    @Test("goes on from a position, and tells of what happens later")
    func later() async throws {
        try await clinical.call(Requests.administer(1, ["9": 0]))
        let caller = clinical.caller(as: .evaluation)
        let stream = try await caller.stream(FollowClinical(after: 1))
        try await clinical.call(Requests.administer(2, ["9": 0], correcting: 1))
        var items = stream.makeAsyncIterator()
        // First the entry that the follower has, so that it knows the journal again.
        let known = try #require(try await items.next())
        #expect(known.position == 1)
        #expect(known.body == nil)
        let item = try #require(try await items.next())
        #expect(item.position == 2)
        #expect(try read(ScoreSummary.self, [item]).map(\.replaces) == [Scene.id(1)])
    }
}
