import Testing

@testable import Statistics

@Suite("Linear equations")
struct LinearSystemTests {
    @Test("unknowns are found, also where a pivot must be moved")
    func solved() throws {
        let system = LinearSystem(
            matrix: [[0, 2, 1], [1, 1, 1], [4, 0, -2]], right: [7, 6, -2])
        let solution = try #require(system.solution())
        for (value, expected) in zip(solution, [1.0, 2, 3]) {
            #expect(agrees(value, expected, within: 1e-12))
        }
    }

    @Test("a matrix that only rounding keeps from being singular counts as singular")
    func singular() {
        let rounded = LinearSystem(matrix: [[0.3, 0.1 + 0.2], [0.1 + 0.2, 0.3]], right: [1, 1])
        #expect(rounded.solution() == nil)
        #expect(LinearSystem(matrix: [[0]], right: [1]).solution() == nil)
    }

    @Test("what is no square of finite numbers has no solution")
    func shapes() {
        #expect(LinearSystem(matrix: [], right: []).solution() == nil)
        #expect(LinearSystem(matrix: [[1, 2]], right: [1]).solution() == nil)
        #expect(LinearSystem(matrix: [[1], [2]], right: [1, 2]).solution() == nil)
        #expect(LinearSystem(matrix: [[.nan]], right: [1]).solution() == nil)
        #expect(LinearSystem(matrix: [[1]], right: [.infinity]).solution() == nil)
    }
}
