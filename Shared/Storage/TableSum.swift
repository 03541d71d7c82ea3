/// A sum modulo 2²⁵⁶ of 32-byte numbers.
struct TableSum: Hashable, Sendable {
    /// The lowest first.
    private var words: SIMD4<UInt64> = .zero

    static let size = 32

    init() {}

    /// Reads 32 bytes, the lowest first.
    init(_ bytes: some Sequence<UInt8>) {
        var place = 0
        for byte in bytes.prefix(Self.size) {
            words[place / 8] |= UInt64(byte) << UInt64(place % 8 * 8)
            place += 1
        }
    }

    var bytes: [UInt8] {
        (0..<4).flatMap { place in
            withUnsafeBytes(of: words[place].littleEndian) { Array($0) }
        }
    }

    static func += (sum: inout TableSum, term: TableSum) {
        var carry: UInt64 = 0
        for place in 0..<4 {
            let (first, isOver) = sum.words[place].addingReportingOverflow(term.words[place])
            let (second, isOverAgain) = first.addingReportingOverflow(carry)
            sum.words[place] = second
            carry = isOver || isOverAgain ? 1 : 0
        }
    }

    static func -= (sum: inout TableSum, term: TableSum) {
        var borrow: UInt64 = 0
        for place in 0..<4 {
            let (first, isUnder) = sum.words[place].subtractingReportingOverflow(term.words[place])
            let (second, isUnderAgain) = first.subtractingReportingOverflow(borrow)
            sum.words[place] = second
            borrow = isUnder || isUnderAgain ? 1 : 0
        }
    }
}
