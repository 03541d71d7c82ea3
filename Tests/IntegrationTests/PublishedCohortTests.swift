import EvaluationAPI
import Foundation
import RPC
import TestKit
import Testing
import Vocabulary

@Suite("The published cohort, through a running evaluation service", .timeLimit(.minutes(2)))
struct PublishedCohortTests {
    private static let release = Day(number: 20_000)

    /// Rossi, Berk and Lenihan (1980): 432 people released from prison, followed for 52 weeks.
    private func rows() throws -> [CohortEntry] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/rossi.csv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
        return try lines.dropFirst().enumerated().map { number, line in
            let fields = line.split(separator: ",")
            let week = try #require(Int(fields[0]))
            let end = Self.release.adding(days: week * 7)
            let time = Timestamp(microseconds: Int64(number) * 1000)
            return CohortEntry(
                participant: .random(at: time), enrollment: .random(at: time), cohort: "rossi",
                releasedOn: Self.release, followedUntil: end,
                firstEvent: fields[1] == "1" ? CohortEvent(kind: .reArrest, day: end) : nil,
                group: fields[2] == "1" ? "aid" : "no aid")
        }
    }

    private func isNear(_ value: Double?, _ published: Double) -> Bool {
        value.map { abs($0 - published) <= 5e-5 } ?? false
    }

    @Test("gives the published figures, also after a restart and a second import")
    func published() async throws {
        let cluster = try Cluster()
        let registry = try await cluster.start(.registry)
        defer { registry.kill() }
        var evaluation = try await cluster.start(.evaluation)
        let rows = try rows()
        let caller = try cluster.caller(.programManager, of: evaluation)
        for start in stride(from: 0, to: rows.count, by: ImportCohortOutcomes.rowsMax) {
            let batch = Array(rows.dropFirst(start).prefix(ImportCohortOutcomes.rowsMax))
            _ = try await caller.call(ImportCohortOutcomes(rows: batch))
        }
        #expect(evaluation.stop() == 0)
        evaluation = try await cluster.start(.evaluation)
        defer { evaluation.kill() }
        let again = try cluster.caller(.programManager, of: evaluation)
        let repeated = try await again.call(ImportCohortOutcomes(rows: Array(rows.prefix(200))))
        #expect(repeated.rows.allSatisfy { $0.verdict == .unchanged })

        let whole = try await again.call(ReportEffectiveness(cohort: "rossi")).recidivism
        #expect(whole.groups.map(\.events) == [114])
        #expect(whole.groups.map(\.count) == [432])
        let report = try await again.call(
            ReportEffectiveness(cohort: "rossi", grouping: .group)
        ).recidivism
        let noAid = try #require(report.groups.last { $0.name == "no aid" })
        let year = try #require(noAid.points.first { $0.day == 364 })
        #expect(isNear(year.survival, 0.6944))
        #expect(isNear(report.logRank?.chiSquare, 3.8376))
        #expect(isNear(report.logRank?.p, 0.0501))
    }
}
