import Foundation
import Statistics
import Testing

@Suite("Observations and risk tables")
struct RiskTableTests {
    @Test("times that are no times are refused, and say why")
    func refusedTimes() {
        for time in [Double.nan, .infinity, -.infinity] {
            #expect(throws: Observation.Refusal.notFinite) {
                try Observation(time: time, isEvent: true)
            }
        }
        #expect(throws: Observation.Refusal.negative(-2)) {
            try Observation(days: -2, cause: "arrest")
        }
        #expect("\(Observation.Refusal.negative(-2))".contains("-2.0 days ends before it begins"))
    }

    @Test("negative zero is zero")
    func negativeZero() throws {
        let table = RiskTable([
            try Observation(time: -0.0, isEvent: true), try Observation(time: 0, isEvent: true),
        ])
        #expect(table.rows.count == 1)
        #expect(table.rows[0].time.sign == .plus)
    }

    @Test("tables of two facilities merge to the table of all their people", arguments: 1...20)
    func merging(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let people = try Cohorts.causes(Cohorts.released + Cohorts.enrolled)
            .shuffled(using: &generator)
        let cut = Int.random(in: 0...people.count, using: &generator)
        let one = RiskTable(people[..<cut])
        let other = RiskTable(people[cut...])
        #expect(try one.merged(with: other) == RiskTable(people))
        #expect(try other.merged(with: one) == RiskTable(people))
    }

    @Test("censoring other causes keeps every person")
    func censoring() throws {
        let table = try Cohorts.table(Cohorts.released).censoring(allBut: ["arrest", "unheard"])
        #expect(table.causes == ["arrest"])
        #expect(table.count == 10)
        #expect(table.rows.map(\.censored) == [1, 0, 1, 0, 1, 0, 4])
        #expect(table.atRisk == [10, 9, 8, 7, 6, 5, 4])
    }

    @Test("rows that are no table are refused")
    func refusedRows() throws {
        func refusal(_ causes: [String], _ rows: [RiskTable.Row]) -> RiskTable.Refusal? {
            do throws(RiskTable.Refusal) {
                _ = try RiskTable(causes: causes, rows: rows)
                return nil
            } catch {
                return error
            }
        }
        let fine = RiskTable.Row(time: 1, events: [1], censored: 0)
        #expect(refusal(["a"], [fine]) == nil)
        #expect(refusal(["b", "a"], []) == .causesOutOfOrder)
        #expect(refusal(["a", "a"], []) == .causesOutOfOrder)
        #expect(refusal(["a"], [fine, fine]) == .timesOutOfOrder(row: 1))
        for time in [-1, Double.nan, .infinity] {
            let row = RiskTable.Row(time: time, events: [1], censored: 0)
            #expect(refusal(["a"], [row]) == .timesOutOfOrder(row: 0))
        }
        for (events, censored) in [([], 1), ([1, 1], 0), ([-1], 2), ([1], -1), ([0], 0)] {
            let row = RiskTable.Row(time: 1, events: events, censored: censored)
            #expect(refusal(["a"], [row]) == .wrongCounts(row: 0))
        }
        for row in [
            RiskTable.Row(time: 1, events: [.max], censored: .max),
            RiskTable.Row(time: 1, events: [RiskTable.mostPeople], censored: 1),
        ] {
            #expect(refusal(["a"], [row]) == .tooManyPeople)
        }
        let full = try RiskTable(
            causes: ["a"], rows: [.init(time: 1, events: [RiskTable.mostPeople], censored: 0)])
        #expect(throws: RiskTable.Refusal.tooManyPeople) { try full.merged(with: full) }
    }

    @Test("counts that were sent are checked again")
    func decoding() throws {
        let text = #"{"causes":["a"],"rows":[{"time":5,"events":[1,2],"censored":0}]}"#
        #expect(throws: RiskTable.Refusal.wrongCounts(row: 0)) {
            try JSONDecoder().decode(RiskTable.self, from: Data(text.utf8))
        }
        #expect(throws: RiskTable.Refusal.wrongCounts(row: 0)) {
            try JSONDecoder().decode(CumulativeIncidence.self, from: Data(text.utf8))
        }
    }
}
