import EvaluationAPI
import EvaluationServer
import Foundation
import Hosting
import RPC
import Testing
import Vocabulary

@Suite("The evaluation service", .timeLimit(.minutes(1)))
struct ServiceTests {
    private let service: TestService

    init() throws { service = try TestService() }

    @Test("answers every call that is declared")
    func methods() {
        let answered = service.evaluation.handlers.count
        #expect(answered == EvaluationMethods.all.count)
        #expect(service.evaluation.subscriptions.map(\.peer) == [.registry, .clinical])
    }

    private func rossi() throws -> [CohortEntry] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "IntegrationTests/Fixtures/rossi.csv")
        let rows = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
        return try rows.dropFirst().enumerated().map { number, row in
            let fields = row.split(separator: ",").map(String.init)
            let week = try #require(Int(fields[0]))
            let released = day(-900 + number)
            let end = released.adding(days: week * 7)
            return CohortEntry(
                participant: id(number), enrollment: id(number), cohort: "rossi",
                releasedOn: released, followedUntil: end,
                firstEvent: fields[1] == "1" ? CohortEvent(kind: .reArrest, day: end) : nil,
                group: fields[2] == "1" ? "aid" : "no aid")
        }
    }

    private func isNear(_ value: Double?, _ golden: Double) -> Bool {
        value.map { abs($0 - golden) <= 5e-5 } ?? false
    }

    @Test("imports a cohort in batches and reports its published figures")
    func cohort() async throws {
        let manager = service.caller(person("M1", as: .programManager))
        let entries = try rossi()
        for entry in entries { try await service.hearOf(entry.participant) }
        for start in stride(from: 0, to: entries.count, by: ImportCohortOutcomes.rowsMax) {
            let batch = Array(entries.dropFirst(start).prefix(ImportCohortOutcomes.rowsMax))
            let reply = try await manager.call(ImportCohortOutcomes(rows: batch))
            #expect(reply.rows.map(\.enrollment) == batch.map(\.enrollment))
            #expect(reply.rows.allSatisfy { $0.verdict == .created })
        }
        let again = try await manager.call(ImportCohortOutcomes(rows: Array(entries.prefix(9))))
        #expect(again.rows.allSatisfy { $0.verdict == .unchanged })

        let whole = try await manager.call(ReportEffectiveness(cohort: "rossi"))
        #expect(whole.imported == 432)
        #expect(whole.recidivism.groups.map(\.events) == [114])
        #expect(whole.recidivism.groups.map(\.count) == [432])
        let figures = try await manager.call(
            ReportEffectiveness(cohort: "rossi", grouping: .group)
        ).recidivism
        let noAid = try #require(figures.groups.last { $0.name == "no aid" })
        let year = try #require(noAid.points.first { $0.day == 364 })
        #expect(isNear(year.survival, 0.6944))
        #expect(isNear(figures.logRank?.chiSquare, 3.8376))
        #expect(isNear(figures.logRank?.p, 0.0501))
    }

    @Test("stores nothing of an import with one wrong row")
    func wrongRow() async throws {
        let manager = service.caller(person("M1", as: .programManager))
        let good = try rossi()[0]
        let wrong = CohortEntry(
            participant: id(900), enrollment: id(900), cohort: "rossi", releasedOn: day(-10),
            followedUntil: day(-20))
        for entry in [good, wrong] { try await service.hearOf(entry.participant) }
        await #expect {
            try await manager.call(ImportCohortOutcomes(rows: [good, wrong]))
        } throws: { error in
            (error as? CallError<ImportCohortOutcomes.Refusal>)?.reason == .followUpReversed
        }
        let report = try await manager.call(ReportEffectiveness())
        #expect(report.imported == 0)
    }

    private let opening = OpenEvaluation(
        id: id(50), participant: id(1), enrollment: id(1), kind: .periodic(point: "M3"),
        heldOn: day(-1), findings: "steady", recommendation: .continue)

    @Test("knows of no enrollment before the registry told of it")
    func beforeTheFeed() async throws {
        let assessor = service.caller(ofFacility)
        await #expect {
            try await assessor.call(opening)
        } throws: { error in
            (error as? CallError<OpenEvaluation.Refusal>)?.failure.rule == "out-of-reach"
        }
    }

    @Test("makes an evaluation joint once both sides have signed it")
    func joint() async throws {
        try await service.hearOfStay(admitted: day(-100))
        try await service.hear(clinical: FeedItem(position: 1, at: TestService.now))
        let (one, other) = (service.caller(ofFacility), service.caller(ofBoard))
        let opened = try await one.call(opening)
        #expect(opened.dueOn == day(-100).adding(months: 3))
        let half = try await one.call(SignEvaluation(evaluation: opened.id, revision: 1))
        #expect(half.status == .draft)
        await #expect {
            try await one.call(SignEvaluation(evaluation: opened.id, revision: 1))
        } throws: { error in
            (error as? CallError<SignEvaluation.Refusal>)?.reason == .signedAlready
        }
        let both = try await other.call(SignEvaluation(evaluation: opened.id, revision: 1))
        #expect(both.status == .joint)
        #expect(try await one.call(GetEvaluation(evaluation: opened.id)) == both)
        let listed = try await one.call(ListEvaluations(participant: id(1), status: .joint))
        #expect(listed.evaluations == [both])
        #expect(try await one.call(ListEvaluations(status: .draft)).evaluations.isEmpty)
        try await service.hearOf(id(2))
        #expect(try await one.call(ListEvaluations(participant: id(2))).evaluations.isEmpty)
    }

    @Test("voids the first signature where the content is amended")
    func amended() async throws {
        try await service.hearOfStay(admitted: day(-100))
        try await service.hear(clinical: FeedItem(position: 1, at: TestService.now))
        let (one, other) = (service.caller(ofFacility), service.caller(ofBoard))
        let opened = try await one.call(opening)
        _ = try await one.call(SignEvaluation(evaluation: opened.id, revision: 1))
        let amended = try await other.call(
            AmendEvaluation(evaluation: opened.id, revision: 1, findings: "less steady"))
        #expect(amended.revision == 2)
        #expect(amended.signatures.isEmpty)
        await #expect {
            try await other.call(SignEvaluation(evaluation: opened.id, revision: 1))
        } throws: { error in
            (error as? CallError<SignEvaluation.Refusal>)?.reason == .contentChanged
        }
    }
}
