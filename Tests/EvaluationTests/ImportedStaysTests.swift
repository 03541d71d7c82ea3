import EvaluationAPI
import EvaluationRules
import Testing
import Vocabulary

@Suite("What an import tells of, before the registry's feed does")
struct ImportedStaysTests {
    private func entry(
        _ number: Int, admitted: Day? = day(-400), exited: Day? = day(-220),
        status: String? = "SELESAI", released: Day? = day(-200), until: Day? = day(-10)
    ) -> CohortEntry {
        CohortEntry(
            participant: id(number), enrollment: id(number), cohort: "2019", releasedOn: released,
            followedUntil: until, group: "a", programCode: "sosial-6", sex: .female,
            admittedOn: admitted, exitedOn: exited, exitStatus: status)
    }

    private func bare(_ number: Int) -> CohortEntry {
        CohortEntry(
            participant: id(number), enrollment: id(number), cohort: "2019",
            programCode: "sosial-6")
    }

    private func report(
        _ entries: [CohortEntry], _ request: ReportEffectiveness = ReportEffectiveness(),
        _ change: (inout EffectivenessFacts) -> Void = { _ in }
    ) -> EffectivenessReport {
        var facts = EffectivenessFacts()
        facts.imported = entries
        facts.plannedDays = ["sosial-6": 180]
        change(&facts)
        return Effectiveness.report(facts, request, on: today)
    }

    @Test("has exits, groups, sexes and programs at once")
    func complete() {
        let request = ReportEffectiveness(programCode: "sosial-6", grouping: .sex)
        let result = report([entry(1), entry(2, status: "MUNDUR")], request)
        #expect(result.enrollments == 2 && result.participants == 2 && result.imported == 2)
        #expect(result.exits.completionOfDecided.count == 1)
        #expect(result.exits.plannedDays == 180 && result.exits.open == 0)
        #expect(result.recidivism.groups.map(\.name) == ["female"])
        #expect(report([entry(1)], ReportEffectiveness(programCode: "x")).participants == 0)
    }

    @Test("counts a stay once when the registry's copy has come")
    func once() {
        let copied = stay(
            1, admitted: day(-400),
            exit: ExitFact(
                day: day(-220), status: "SELESAI", group: .successful), cohort: "2019")
        let before = report([entry(1)])
        let after = report([entry(1)]) { $0.enrollments = [copied] }
        #expect(after.enrollments == 1 && after.participants == 1)
        #expect(after.exits == before.exits)
    }

    @Test("counts people of whom nothing more is known, and says that no curve has them")
    func bareEntries() {
        let result = report([entry(1), bare(2), entry(3, until: nil)])
        #expect(result.participants == 3 && result.imported == 3)
        #expect(result.enrollments == 2)
        #expect(result.recidivism.groups.map(\.count) == [1])
        #expect(result.recidivism.withoutIndex == 1)
        #expect(result.recidivism.withoutFollowUp == 1)
        #expect(result.warnings.contains(Open(.indexMissing)))
        #expect(!report([entry(1)]).warnings.contains(Open(.indexMissing)))
    }

    @Test("makes no stay of an entry without admission or exit")
    func incomplete() {
        let result = report([entry(1, admitted: nil), entry(2, exited: nil, status: nil)])
        #expect(result.enrollments == 0 && result.exits.open == 0)
        #expect(result.recidivism.groups.map(\.count) == [2])
    }

    @Test("takes a row that tells nothing, and refuses days that contradict each other")
    func checks() throws {
        func check(_ row: CohortEntry) throws(ImportCohortOutcomes.Refusal) {
            try CohortImport.check(ImportCohortOutcomes(rows: [row]), on: today)
        }
        try check(bare(1))
        try check(entry(1))
        #expect(throws: ImportCohortOutcomes.Refusal.stayReversed) {
            try check(entry(1, admitted: day(-210)))
        }
        #expect(throws: ImportCohortOutcomes.Refusal.stayReversed) {
            try check(entry(1, admitted: day(-100), exited: nil, status: nil))
        }
        #expect(throws: ImportCohortOutcomes.Refusal.inFuture) {
            try check(entry(1, exited: day(1), released: nil, until: nil))
        }
        #expect(throws: ImportCohortOutcomes.Refusal.exitUnknown) {
            try check(entry(1, status: "DONE"))
        }
    }
}
