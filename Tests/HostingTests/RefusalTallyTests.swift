import RPC
import TestKit
import Testing
import Vocabulary

@testable import Hosting

@Suite("The count of refused certificates")
struct RefusalTallyTests {
    private let start = Timestamp(microseconds: 1_000_000_000)
    private var tally = RefusalTally()

    private func shown(_ number: Int) -> ShownCertificate {
        ShownCertificate(subject: "/CN=\(number)", uris: [], serial: nil)
    }

    private mutating func add(_ number: Int, seconds: Int64 = 0) {
        tally.add(shown(number), .expired, from: "192.0.2.1", at: start.adding(seconds: seconds))
    }

    /// Writes what is due, and returns it.
    private mutating func write(seconds: Int64, isLast: Bool = false) -> [RefusedCertificate] {
        let now = start.adding(seconds: seconds)
        let due = tally.due(at: now, isLast: isLast)
        tally.wrote(due, at: now)
        return due
    }

    @Test("writes the first of a kind at once, and all of its minute when that is over")
    mutating func minute() {
        add(1)
        let first = write(seconds: 1)
        #expect(first.map(\.count) == [1])
        add(1, seconds: 2)
        add(1, seconds: 59)
        #expect(write(seconds: 59).isEmpty)
        let whole = write(seconds: 60)
        #expect(whole.map(\.count) == [3])
        #expect(whole.first?.id == first.first?.id)
        #expect(whole.first?.firstAt == start && whole.first?.lastAt == start.adding(seconds: 59))
        #expect(write(seconds: 61).isEmpty)
        // The next begins anew, under another id.
        add(1, seconds: 62)
        let next = write(seconds: 63)
        #expect(next.map(\.count) == [1])
        #expect(next.first?.id != first.first?.id)
    }

    @Test("tells apart who, why and from where")
    mutating func groups() {
        add(1)
        add(2)
        tally.add(shown(1), .revoked, from: "192.0.2.1", at: start)
        tally.add(shown(1), .expired, from: "192.0.2.2", at: start)
        #expect(write(seconds: 1).count == 4)
    }

    @Test("has eleven rows a minute and two entries each at most, and loses none of the count")
    mutating func flood() {
        var entries = 0
        var rows: [RefusedCertificateID: RefusedCertificate] = [:]
        for number in 0..<60_000 {
            add(number % 20_000, seconds: Int64(number / 1000))
            if number % 1000 == 999 {
                for row in write(seconds: Int64(number / 1000)) {
                    entries += 1
                    rows[row.id] = row
                }
            }
        }
        for row in write(seconds: 60) {
            entries += 1
            rows[row.id] = row
        }
        SecurityFigure.atMost(
            "journal entries of a minute of refused certificates", Double(entries), 22)
        #expect(rows.count == RefusalTally.rowsMaximum + 1)
        #expect(entries <= 2 * rows.count)
        #expect(rows.values.reduce(0) { $0 + $1.count } == 60_000)
        let rest = rows.values.filter { $0.reason == nil }
        #expect(rest.count == 1)
        #expect(rest.first?.certificate == nil && rest.first?.from == nil)
    }

    @Test("keeps what the journal does not take, without more rows")
    mutating func unwritten() {
        for minute in 0..<100 {
            for number in 0..<50 { add(number + 50 * minute, seconds: Int64(60 * minute)) }
            _ = tally.due(at: start.adding(seconds: Int64(60 * minute)))
        }
        let all = write(seconds: 6000)
        #expect(all.count == RefusalTally.rowsMaximum + 1)
        #expect(all.reduce(0) { $0 + $1.count } == 5000)
    }

    @Test("gives all that is left when the service stops")
    mutating func last() {
        add(1)
        #expect(write(seconds: 1).count == 1)
        add(1, seconds: 2)
        #expect(write(seconds: 3).isEmpty)
        #expect(write(seconds: 3, isLast: true).map(\.count) == [2])
    }
}
