import Statistics
import Testing

@Suite("Gray's test")
struct GrayTestTests {
    struct Recorded: Sendable, CustomTestStringConvertible {
        let name: String
        let groups: [Int]
        let people: Set<Int>
        let cause: String
        let statistic: Double
        let p: Double
        var testDescription: String { "\(name), cause \(cause)" }
    }

    static let everybody = Set(0..<100)
    static let firstEighty = Set(0..<80).subtracting([4, 9, 49])

    /// From the recorded output of the test of R's package `cmprsk`, to all its digits.
    static let recorded = [
        Recorded(
            name: "three groups", groups: [1, 2, 3], people: everybody, cause: "1",
            statistic: 3.393977, p: 0.1832345),
        Recorded(
            name: "three groups", groups: [1, 2, 3], people: everybody, cause: "2",
            statistic: 1.989511, p: 0.3698139),
        Recorded(
            name: "three groups of a part", groups: [1, 2, 3], people: firstEighty, cause: "1",
            statistic: 4.716769, p: 0.0945729),
        Recorded(
            name: "three groups of a part", groups: [1, 2, 3], people: firstEighty, cause: "2",
            statistic: 2.696396, p: 0.2597078),
        Recorded(
            name: "two groups", groups: [1, 3], people: everybody, cause: "1",
            statistic: 3.5151549, p: 0.06080997),
        Recorded(
            name: "two groups", groups: [1, 3], people: everybody, cause: "2",
            statistic: 0.1400145, p: 0.70826655),
    ]

    @Test("the recorded output of R's cmprsk comes out", arguments: recorded)
    func matches(recorded: Recorded) throws {
        let strata = try RecordedCohort.strata(groups: recorded.groups) {
            recorded.people.contains($0)
        }
        let gray = try #require(GrayTest(strata: strata, cause: recorded.cause))
        let test = try #require(gray.test)
        #expect(agrees(test.statistic, recorded.statistic, within: 5.1e-7))
        #expect(agrees(test.p, recorded.p, within: 5.1e-8))
        #expect(test.degreesOfFreedom == recorded.groups.count - 1)
        #expect(agrees(gray.scores.reduce(0, +), 0, within: 1e-9))
    }

    // The second implementation also gives the published results for the 177 transplants of
    // Scrucca, Santucci & Aversa (2010), where times are tied: 2.8623325 and 0.4481279.
    @Test(
        "ties come out as in a second implementation of the paper",
        arguments: [
            ("1", 3.6819109538414367, 4.279487159502702),
            ("2", 2.3435642175001137, 3.187754545195826),
        ])
    func ties(cause: String, stratified: Double, pooled: Double) throws {
        let strata = try RecordedCohort.strata(tied: true)
        let within = try #require(GrayTest(strata: strata, cause: cause)?.test)
        #expect(agrees(within.statistic, stratified, within: 1e-9))
        let groups = try zip(strata[0], strata[1]).map { try $0.merged(with: $1) }
        let across = try #require(GrayTest(groups, cause: cause)?.test)
        #expect(agrees(across.statistic, pooled, within: 1e-9))
    }

    @Test("the order of the groups makes no difference")
    func groupOrder() throws {
        let forward = try RecordedCohort.strata(groups: [1, 2, 3])
        let backward = try RecordedCohort.strata(groups: [3, 1, 2])
        let one = try #require(GrayTest(strata: forward, cause: "1")?.test)
        let other = try #require(GrayTest(strata: backward, cause: "1")?.test)
        #expect(agrees(one.statistic, other.statistic, within: 1e-9))
    }

    @Test("groups that are alike do not differ")
    func alike() throws {
        let table = try Cohorts.table(Cohorts.released)
        let test = try #require(GrayTest([table, table], cause: "arrest")?.test)
        #expect(agrees(test.statistic, 0, within: 1e-12))
        #expect(agrees(test.p, 1, within: 1e-6))
    }

    @Test("groups that cannot be compared have no test, and nothing traps")
    func edges() throws {
        let table = try Cohorts.table(Cohorts.released)
        let censored = try Cohorts.table([(3, nil), (9, nil)])
        let atOnce = try Cohorts.table([(5, "arrest"), (5, "arrest")])
        #expect(GrayTest([], cause: "arrest") == nil)
        #expect(GrayTest([table], cause: "arrest") == nil)
        #expect(GrayTest(strata: [], cause: "arrest") == nil)
        #expect(GrayTest(strata: [[table, table], [table]], cause: "arrest") == nil)
        for groups in [
            [RiskTable([]), RiskTable([])], [table, RiskTable([])], [censored, censored],
            [atOnce, atOnce],
        ] {
            let gray = try #require(GrayTest(groups, cause: "arrest"))
            #expect(gray.test == nil)
            let isFinite = gray.scores.allSatisfy(\.isFinite)
            #expect(isFinite)
        }
        #expect(GrayTest([table, table], cause: "unheard")?.test == nil)
        let last = try #require(GrayTest([table, atOnce], cause: "arrest"))
        let isFinite = last.scores.allSatisfy(\.isFinite)
        #expect(isFinite)
        let emptied = try Cohorts.table([(1, "arrest"), (2, "death")])
        let gone = try #require(GrayTest([emptied, table], cause: "arrest"))
        #expect(gone.test?.statistic.isFinite == true)
    }
}
