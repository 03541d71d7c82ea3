import Foundation
import Statistics
import Testing

@Suite("Whole moments")
struct MomentsTests {
    @Test("moments of two facilities merge to those of all, exactly", arguments: 1...10)
    func merging(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let scores = (0..<50).map { _ in Int.random(in: -1000...1000, using: &generator) }
        let cut = Int.random(in: 0...50, using: &generator)
        let one = try #require(Moments(scores[..<cut]))
        let other = try #require(Moments(scores[cut...]))
        let all = try #require(Moments(scores.shuffled(using: &generator)))
        #expect(one.merged(with: other) == all)
        #expect(other.merged(with: one) == all)
        let sample = try #require(Sample(scores.map(Double.init)))
        #expect(agrees(all.mean, try #require(sample.mean), within: 1e-9))
        let deviation = try #require(sample.standardDeviation)
        #expect(agrees(all.standardDeviation, deviation, within: 1e-9))
    }

    @Test("nothing cancels where scores are large and close")
    func cancellation() throws {
        let scores = [1_000_000_001, 1_000_000_002, 1_000_000_003]
        #expect(Moments(scores)?.standardDeviation == 1)
    }

    @Test("what does not fit is nil, and what was invented has no deviation")
    func edges() throws {
        #expect(Moments([]) == Moments())
        #expect(Moments().mean == nil)
        #expect(Moments([5])?.standardDeviation == nil)
        #expect(Moments([.min]) == nil)
        #expect(Moments([3_000_000_000, 3_000_000_000]) == nil)
        let text = #"{"count":2,"sum":9223372036854775807,"sumOfSquares":1}"#
        let invented = try JSONDecoder().decode(Moments.self, from: Data(text.utf8))
        #expect(invented.standardDeviation == nil)
        #expect(invented.merged(with: invented) == nil)
    }
}
