import ClinicalAPI
import Foundation
import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

@Suite("Reading the records of very many people, by the command", .timeLimit(.minutes(2)))
struct BulkReadingTests {
    /// Records two people, and waits until the clinical service has heard of them.
    private func prepare(_ town: Town) async throws -> [ParticipantID] {
        let master = try await MasterData.record(in: town)
        var people: [ParticipantID] = []
        for number in ["1/2025", "2/2025"] {
            var admission = Admission(master)
            admission.register = RegisterNumber(book: .b1, number: number)
            // Each decree has a number of its own, which this is not about.
            admission.decree = .none
            _ = try await admission.record(in: town)
            _ = try await town.onceHeard(
                GetPlan(participant: admission.participant), as: .counselor, despite: [])
            people.append(admission.participant)
        }
        return people
    }

    @Test("is refused after a restart too, is shown by health, and is gone once it is reviewed")
    func reviewed() async throws {
        let town = try await Town()
        defer { for name in ServiceName.allCases { town.kill(name) } }
        let people = try await prepare(town)
        // Two is more than one: what was read before the restart counts.
        town.kill(.clinical)
        try await town.start(.clinical, settings: ["access.peopleHourly=1"])
        let call = GetPlan(participant: people[0])
        do {
            _ = try await town.call(call, as: .counselor)
            Issue.record("what was read before the restart was forgotten")
        } catch let error as CallError<GetPlan.Refusal> {
            #expect(error.failure.rule == "too-many-people")
        }
        _ = try await town.call(call, as: .physician)

        let health = try await PulihCommand(town.cluster, as: .security).run("health")
        #expect(health.output.contains("[bulk-reading-to-review]"), "\(health.output)")
        let head = try PulihCommand(town.cluster, as: .facilityHead)
        let listed = try await head.run("bulk-reading", "list", "-o", "csv")
        #expect(listed.status == 0, "\(listed.notes)")
        let rows = listed.output.split(whereSeparator: \.isNewline)
        try #require(rows.count == 2, "\(listed.output)")
        let cells = rows[1].split(separator: ",", omittingEmptySubsequences: false)
        #expect(cells[0] == "clinical")
        #expect(cells[2].hasSuffix("/role/counselor/tester"))
        #expect(rows[1].hasSuffix(",waits"))
        let id = String(cells[1])
        let other = try await PulihCommand(town.cluster, as: .counselor).run(
            "bulk-reading", "review", id, "--justified", "--remark", "fine")
        #expect(other.status != 0)
        let review = try await head.run(
            "bulk-reading", "review", id, "--no-justified", "--remark", "no reason given")
        #expect(review.status == 0, "\(review.notes)")
        #expect(review.output.contains("not justified: no reason given"))
        let again = try await head.run("health")
        #expect(!again.output.contains("bulk-reading-to-review"), "\(again.output)")
        let unknown = try await head.run(
            "bulk-reading", "review", "0190b0a0-0000-7000-8000-000000000009", "--justified",
            "--remark", "x")
        #expect(unknown.status == 5 && unknown.notes.contains("pulih bulk-reading list"))
    }
}
