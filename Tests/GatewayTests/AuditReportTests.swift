import Shared
import Testing

@testable import Gateway

@Suite("The audit of all journals")
struct AuditReportTests {
    private static let at = Timestamp(microseconds: 0)

    private func mark(_ position: Int64, _ byte: UInt8) -> HeadMark {
        HeadMark(position: position, mac: [UInt8](repeating: byte, count: 32))
    }

    /// Three journals of five entries, of which both witnesses of each hold the fourth.
    private func report(
        held: (ServiceName, ServiceName) -> HeldHead? = { witness, service in
            HeldHead(
                of: service,
                head: HeadMark(position: 4, mac: [UInt8](repeating: 4, count: 32)), keptAt: at,
                confirmedAt: at, refused: nil)
        }, brokenAt: Int64? = nil, alteredTables: [String]? = [], silent: ServiceName? = nil
    ) -> AuditReport {
        let failure = RPCFailure(.unavailable, "it does not answer")
        let journals = ServiceName.allCases.map { service in
            FanOut<VerifyJournal.Reply>.Leg(
                service: service, subject: "journal",
                result: service == silent
                    ? .failure(failure)
                    : .success(
                        .init(
                            head: mark(5, 5),
                            check: WholeCheck(
                                entries: 5, brokenAt: brokenAt, endedAt: Self.at,
                                alteredTables: alteredTables),
                            checkedNow: true, marks: [mark(4, 4)])))
        }
        let heads = ServiceName.allCases.map { witness in
            FanOut<AskWitness.Reply>.Leg(
                service: witness, subject: "heads held",
                result: witness == silent
                    ? .failure(failure)
                    : .success(
                        .init(
                            heads: ServiceName.allCases.filter { $0 != witness }
                                .compactMap { held(witness, $0) }, ticket: nil)))
        }
        return AuditReport(journals: FanOut(legs: journals), held: FanOut(legs: heads))
    }

    @Test("agrees where every journal is whole and has what both its witnesses hold")
    func agreed() {
        let report = report()
        #expect(report.verdict == .agreed)
        #expect(report.findings.isEmpty)
        #expect(report.services.allSatisfy { $0.witnesses.map(\.standing) == [.agrees, .agrees] })
        #expect(report.table.text.contains("agrees 4"))
    }

    @Test("contradicts where a journal is broken, or has not what a witness holds")
    func contradicted() {
        #expect(report(brokenAt: 3).verdict == .contradicted)
        let altered = report(alteredTables: ["consent_copy"])
        #expect(altered.verdict == .contradicted)
        #expect(altered.findings.count == 3)
        #expect(altered.findings.allSatisfy { $0.hasSuffix("altered these tables: consent_copy") })
        #expect(altered.table.text.contains("ALTERED"))
        // A service that does not look at its tables has not said that they are whole.
        #expect(report(alteredTables: nil).verdict == .incomplete)
        for other in [mark(4, 9), mark(6, 4)] {
            let forked = report { witness, service in
                HeldHead(
                    of: service, head: witness == .clinical ? other : mark(4, 4), keptAt: Self.at,
                    confirmedAt: nil, refused: nil)
            }
            #expect(forked.verdict == .contradicted)
            #expect(
                forked.services.map { $0.witnesses.map(\.standing) } == [
                    [.contradicts, .agrees], [.agrees, .agrees], [.agrees, .contradicts],
                ])
            #expect(forked.findings.count == 2)
        }
        let refused = report { _, service in
            HeldHead(
                of: service, head: mark(4, 4), keptAt: Self.at, confirmedAt: nil,
                refused: RefusedHead(.wentBack, position: 2, at: Self.at))
        }
        #expect(refused.verdict == .contradicted)
    }

    @Test("is incomplete where somebody does not answer or holds nothing, and says who")
    func incomplete() {
        let silent = report(silent: .clinical)
        #expect(silent.verdict == .incomplete)
        #expect(silent.missing.map(\.service) == ["clinical"])
        #expect(silent.services[0].witnesses.map(\.standing) == [.unknown, .agrees])
        #expect(silent.services[1].chain == .unknown)
        let nothing = report { witness, service in
            witness == .registry
                ? nil
                : HeldHead(
                    of: service, head: mark(4, 4), keptAt: Self.at, confirmedAt: nil, refused: nil)
        }
        #expect(nothing.verdict == .incomplete)
        #expect(nothing.findings.count == 2)
    }
}
