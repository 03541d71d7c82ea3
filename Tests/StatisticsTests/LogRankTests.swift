import Statistics
import Testing

@Suite("Log-rank test")
struct LogRankTests {
    private static func freireich() throws -> [RiskTable] {
        [
            RiskTable(try Cohorts.signed(Cohorts.mercaptopurine)),
            RiskTable(try Cohorts.signed(Cohorts.placebo)),
        ]
    }

    @Test("Freireich: 16.7929, with 9 seen and 19.2505 expected on 6-MP")
    func freireich() throws {
        let comparison = try #require(LogRank(try Self.freireich()))
        let test = try #require(comparison.test)
        #expect(agrees(test.statistic, 16.7929, within: 5e-5))
        #expect(agrees(test.p, 4.17e-5, within: 5e-8))
        #expect(test.degreesOfFreedom == 1)
        let treated = comparison.groups[0]
        #expect((treated.count, treated.observed) == (21, 9))
        #expect(agrees(treated.expected, 19.2505, within: 5e-5))
        #expect(agrees(treated.variance, 6.2570, within: 5e-5))
        #expect(comparison.groups[1].observed == 21)
        #expect(agrees(comparison.groups[1].expected, 10.7495, within: 5e-5))
    }

    @Test("Rossi by aid: 3.8376, p .0501")
    func rossi() throws {
        let groups = [
            try Cohorts.rossi { !$0.hadAid }, try Cohorts.rossi { $0.hadAid },
        ]
        let comparison = try #require(LogRank(groups))
        #expect(comparison.groups.map(\.observed) == [66, 48])
        #expect(agrees(comparison.test?.statistic, 3.8376, within: 5e-5))
        #expect(agrees(comparison.test?.p, 0.0501, within: 5e-5))
    }

    @Test("the toy of six people: .384615, p .535143")
    func toy() throws {
        let one = RiskTable(
            [
                try .init(days: 10, isEvent: true), try .init(days: 20, isEvent: false),
                try .init(days: 30, isEvent: true),
            ])
        let other = RiskTable(
            [
                try .init(days: 10, isEvent: true), try .init(days: 20, isEvent: false),
                try .init(days: 50, isEvent: true),
            ])
        let test = try #require(LogRank([one, other])?.test)
        #expect(agrees(test.statistic, 0.384615, within: 1e-6))
        #expect(agrees(test.p, 0.535143, within: 1e-6))
    }

    private static func byPriors(
        _ condition: (Cohorts.Prisoner) -> Bool = { _ in true }
    ) throws -> [RiskTable] {
        [
            try Cohorts.rossi { condition($0) && $0.priors == 0 },
            try Cohorts.rossi { condition($0) && (1...2).contains($0.priors) },
            try Cohorts.rossi { condition($0) && $0.priors > 2 },
        ]
    }

    // lifelines and statsmodels agree on the first; statsmodels gave the stratified ones.
    @Test("Rossi in three groups of earlier convictions: 13.3190, p .00128")
    func threeGroups() throws {
        let test = try #require(LogRank(try Self.byPriors())?.test)
        #expect(test.degreesOfFreedom == 2)
        #expect(agrees(test.statistic, 13.318990294753373, within: 1e-9))
        #expect(agrees(test.p, 0.0012817933237844, within: 1e-12))
    }

    @Test("Rossi within race: 4.0485 by aid, 14.3407 by earlier convictions")
    func stratified() throws {
        let aid = try [0, 1].map { race in
            [
                try Cohorts.rossi { $0.race == race && !$0.hadAid },
                try Cohorts.rossi { $0.race == race && $0.hadAid },
            ]
        }
        let byAid = try #require(LogRank(strata: aid))
        #expect(byAid.groups.map(\.count) == [216, 216])
        #expect(agrees(byAid.test?.statistic, 4.048496597739741, within: 1e-9))
        let priors = try [0, 1].map { race in try Self.byPriors { $0.race == race } }
        let test = try #require(LogRank(strata: priors)?.test)
        #expect(agrees(test.statistic, 14.340727647915845, within: 1e-9))
        #expect(agrees(test.p, 0.0007690428840967378, within: 1e-12))
    }

    @Test("the order of the groups makes no difference")
    func groupOrder() throws {
        let groups = try Self.byPriors()
        let one = try #require(LogRank(groups)?.test)
        let other = try #require(LogRank([groups[2], groups[0], groups[1]])?.test)
        #expect(agrees(one.statistic, other.statistic, within: 1e-9))
    }

    @Test("the order of the records makes no difference", arguments: 1...10)
    func order(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let treated = try Cohorts.signed(Cohorts.mercaptopurine.shuffled(using: &generator))
        let untreated = try Cohorts.signed(Cohorts.placebo.shuffled(using: &generator))
        let shuffled = LogRank([RiskTable(treated), RiskTable(untreated)])
        #expect(shuffled == LogRank(try Self.freireich()))
    }

    @Test("groups that cannot be compared have no test, and nothing traps")
    func edges() throws {
        let group = RiskTable(try Cohorts.signed(Cohorts.placebo))
        let nobody = RiskTable([])
        let censored = RiskTable(try Cohorts.signed([-3, -4]))
        let atOnce = RiskTable(try Cohorts.signed([7, 7]))
        #expect(LogRank([]) == nil)
        #expect(LogRank([group]) == nil)
        #expect(LogRank(strata: []) == nil)
        #expect(LogRank(strata: [[group, group], [group, group, group]]) == nil)
        for groups in [
            [nobody, nobody], [group, nobody], [group, group, nobody], [censored, censored],
            [atOnce, atOnce],
        ] {
            let comparison = try #require(LogRank(groups))
            #expect(comparison.test == nil)
            let isFinite = comparison.groups.allSatisfy(\.expected.isFinite)
            #expect(isFinite)
        }
        // Two pairs that are never compared with each other are not one comparison.
        let pairs = try #require(
            LogRank(strata: [[group, atOnce, nobody, nobody], [nobody, nobody, atOnce, group]]))
        #expect(pairs.test == nil)
        let stratum = try #require(LogRank(strata: [[group, group], [nobody, nobody]]))
        #expect(stratum.test?.statistic == 0)
        #expect(stratum.test?.p == 1)
    }
}
