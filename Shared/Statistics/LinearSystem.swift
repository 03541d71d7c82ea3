/// Linear equations with as many unknowns, of the few that a comparison of groups needs.
struct LinearSystem {
    let matrix: [[Double]]
    let right: [Double]

    /// The unknowns, by Gaussian elimination with partial pivoting.
    ///
    /// Nil where the matrix is not square, holds a number that is not finite, or is singular: a
    /// pivot below 1e-10 of the largest entry counts as zero, because rounding leaves that much.
    func solution() -> [Double]? {
        let size = right.count
        guard size > 0, matrix.count == size, matrix.allSatisfy({ $0.count == size }),
            right.allSatisfy(\.isFinite), matrix.joined().allSatisfy(\.isFinite)
        else { return nil }
        let largest = matrix.joined().reduce(0) { max($0, abs($1)) }
        guard largest > 0 else { return nil }
        var rows = zip(matrix, right).map { $0 + [$1] }
        for column in 0..<size {
            let pivot = (column..<size).max { abs(rows[$0][column]) < abs(rows[$1][column]) }
            guard let pivot, abs(rows[pivot][column]) > 1e-10 * largest else { return nil }
            rows.swapAt(column, pivot)
            for row in (column + 1)..<max(size, column + 1) {
                let factor = rows[row][column] / rows[column][column]
                for entry in column...size { rows[row][entry] -= factor * rows[column][entry] }
            }
        }
        var unknowns = [Double](repeating: 0, count: size)
        for row in (0..<size).reversed() {
            var rest = rows[row][size]
            for later in (row + 1)..<max(size, row + 1) {
                rest -= rows[row][later] * unknowns[later]
            }
            unknowns[row] = rest / rows[row][row]
        }
        return unknowns
    }
}
