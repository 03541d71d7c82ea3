import Statistics
import Testing

@Suite("Many looks")
struct FalseDiscoveryTests {
    @Test("adjusted values are those of Benjamini & Hochberg")
    func adjusted() throws {
        let adjusted = try #require(FalseDiscovery.adjusted([0.01, 0.04, 0.03, 0.005, 0.2, 0.03]))
        for (value, expected) in zip(adjusted, [0.03, 0.048, 0.045, 0.03, 0.2, 0.045]) {
            #expect(agrees(value, expected, within: 1e-12))
        }
        #expect(FalseDiscovery.adjusted([]) == [])
        #expect(FalseDiscovery.adjusted([0.1, .nan]) == nil)
        #expect(FalseDiscovery.adjusted([1.1]) == nil)
    }

    @Test("four independent domains give a false change in 18.5 %")
    func fourDomains() {
        #expect(agrees(FalseDiscovery.chanceOfAny(among: 4), 0.185, within: 5e-4))
        #expect(FalseDiscovery.chanceOfAny(among: 0) == 0)
        #expect(FalseDiscovery.chanceOfAny(among: -1) == nil)
        #expect(FalseDiscovery.chanceOfAny(among: 4, significance: .nan) == nil)
    }
}
