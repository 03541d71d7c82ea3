import Foundation
import Statistics
import Testing

@Suite("What a comparison can show")
struct TwoArmComparisonTests {
    @Test("35 → 25 % needs 329 in each group")
    func needed() throws {
        #expect(TwoArmComparison.neededInEach(of: 0.35, and: 0.25) == 329)
        #expect(TwoArmComparison.neededInEach(of: 0.25, and: 0.35) == 329)
        let enough = try #require(TwoArmComparison(first: 329, second: 329))
        let short = try #require(TwoArmComparison(first: 328, second: 328))
        #expect(try #require(enough.chance(ofFinding: 0.35, against: 0.25)) >= 0.8)
        #expect(try #require(short.chance(ofFinding: 0.35, against: 0.25)) < 0.8)
        #expect(agrees(enough.detectableFall(from: 0.35), 0.09992357901671532, within: 1e-9))
    }

    @Test("24 in each group could have shown no less than 35 → 3.8 %")
    func small() throws {
        let small = try #require(TwoArmComparison(first: 24, second: 24))
        #expect(agrees(small.detectableFall(from: 0.35), 0.31200741345123983, within: 1e-9))
        #expect(agrees(small.detectableRise(from: 0.35), 0.3928175062544072, within: 1e-9))
        let uneven = try #require(TwoArmComparison(first: 40, second: 60))
        #expect(agrees(uneven.detectableRise(from: 0.2), 0.2681156154440645, within: 1e-9))
    }

    @Test("where even the largest difference would be missed, there is none to print")
    func tooSmall() throws {
        let tiny = try #require(TwoArmComparison(first: 10, second: 10))
        #expect(tiny.detectableFall(from: 0.35) == nil)
        #expect(tiny.detectableFall(from: 0) == nil)
        #expect(tiny.detectableRise(from: 1) == nil)
    }

    @Test("nonsense is nil")
    func nonsense() throws {
        #expect(TwoArmComparison(first: 0, second: 5) == nil)
        #expect(TwoArmComparison(first: 5, second: -1) == nil)
        #expect(TwoArmComparison(first: 5, second: 5, significance: .nan) == nil)
        #expect(TwoArmComparison(first: 5, second: 5, power: 1) == nil)
        let fine = try #require(TwoArmComparison(first: .max, second: .max))
        for share in [-0.1, 1.1, Double.nan, .infinity] {
            #expect(fine.detectableFall(from: share) == nil)
            #expect(fine.detectableRise(from: share) == nil)
            #expect(fine.chance(ofFinding: share, against: 0.5) == nil)
            #expect(TwoArmComparison.neededInEach(of: share, and: 0.5) == nil)
        }
        #expect(TwoArmComparison.neededInEach(of: 0.5, and: 0.5) == nil)
        #expect(TwoArmComparison.neededInEach(of: 0.5, and: 0.5 + 1e-12) == nil)
        #expect(TwoArmComparison.neededInEach(of: 0, and: 1) == 2)
        let text = #"{"first":0,"second":5,"significance":0.05,"power":0.8}"#
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(TwoArmComparison.self, from: Data(text.utf8))
        }
    }
}
