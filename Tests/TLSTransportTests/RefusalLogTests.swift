import Testing

@testable import TLSTransport

@Suite("The log of refused connections")
struct RefusalLogTests {
    @Test("has a row for each, but cannot be flooded, and says how many it left out")
    func bounded() {
        let log = LogKeeper()
        let refusals = RefusalLog(log.logger)
        let began = ContinuousClock.now
        for number in 0..<1000 {
            refusals.note(
                .peerRevoked, from: "a", at: began.advanced(by: .milliseconds(number % 900)))
        }
        #expect(log.rows.count == RefusalLog.rowsMaximum)
        refusals.note(.peerExpired, from: "b", at: began.advanced(by: .seconds(1)))
        #expect(log.rows.count == RefusalLog.rowsMaximum + 2)
        #expect(log.rows.contains { $0.hasSuffix("count=\(1000 - RefusalLog.rowsMaximum)") })
        #expect(log.rows.last?.contains("has expired") == true)
    }
}
