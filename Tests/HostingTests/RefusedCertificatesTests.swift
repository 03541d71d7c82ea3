import Authority
import Foundation
import Hosting
import RPC
import TLSTransport
import TestKit
import Testing
import Vocabulary

@Suite("Refused certificates", .timeLimit(.minutes(1)))
struct RefusedCertificatesTests {
    private let settled: Settled

    init() throws { settled = try Settled(.registry) }

    /// Runs a service while `body` does something to it, and stops it.
    private func running(
        _ body: @escaping @Sendable (_ port: Int) async throws -> Void
    ) async throws {
        let run = try await settled.host(WordService.self).start()
        let (stop, told) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await run.serve { for await _ in stop {} } }
            defer { told.finish() }
            try await body(run.port)
            told.finish()
            try await group.waitForAll()
        }
    }

    private func auditor(_ port: Int) throws -> Caller {
        try settled.caller(TestCertificates.person(.auditor), port: port)
    }

    /// Comes with a certificate that must be refused.
    private func intrude(_ port: Int, _ credential: (certificate: String, key: String)) async throws
    {
        let client = TLSClient(
            ServiceAddress(host: "127.0.0.1", port: port), peer: .registry,
            context: try TLSContext(
                role: .caller,
                files: TLSFiles(
                    certificate: credential.certificate, key: credential.key,
                    authorities: settled.certificates.authorityFile)), agent: "test")
        defer { client.close() }
        let caller = Caller(client, retries: .none) { .random(at: SystemClock.now()) }
        await #expect(throws: CallError<NoRefusal>.self) {
            try await caller.call(CheckHealth())
        }
    }

    private func expired() throws -> (certificate: String, key: String) {
        var request = TestCertificates.request(TestCertificates.person(.physician))
        request.notAfter = Date(timeIntervalSinceNow: -60)
        return try settled.certificates.issue(request)
    }

    @Test("are in the journal while the service runs: why, from where, how often, and whose")
    func listed() async throws {
        let stranger = try TestCertificates()
        let foreign = try stranger.issue(
            TestCertificates.request(TestCertificates.person(.administrator)))
        let expired = try expired()
        try await running { port in
            let auditor = try auditor(port)
            let before = try await auditor.call(CheckHealth())
            #expect(before.notices?.contains { $0.kind == .certificatesRefused } != true)
            for _ in 0..<3 { try await intrude(port, foreign) }
            try await intrude(port, expired)
            var rows: [RefusedCertificate] = []
            try await until {
                rows = try await auditor.call(ListRefusedCertificates()).certificates
                return rows.count == 2
            }
            #expect(Set(rows.map(\.reason?.known)) == [.otherAuthority, .expired])
            #expect(rows.allSatisfy { $0.from == "127.0.0.1" && $0.firstAt <= $0.lastAt })
            let mine = try #require(rows.first { $0.reason == .expired })
            let holder = TestCertificates.person(.physician).description
            #expect(mine.certificate?.uris == [holder])
            #expect(mine.certificate?.serial != nil)
            let notices = try await auditor.call(CheckHealth()).notices ?? []
            let notice = try #require(notices.first { $0.kind == .certificatesRefused })
            #expect(!notice.isDegrading)
            #expect(notice.text.contains("refused within the last hour"))
            // A page, and what is left.
            let page = try await auditor.call(ListRefusedCertificates(limit: 1))
            #expect(page.certificates.map(\.id) == [rows[0].id])
            let rest = try await auditor.call(ListRefusedCertificates(before: page.next, limit: 1))
            #expect(rest.certificates.map(\.id) == [rows[1].id])
            #expect(rest.next == nil)
            // Whoever treats people has nothing to do with it.
            let physician = try settled.caller(TestCertificates.person(.physician), port: port)
            await #expect(throws: CallError<NoRefusal>.self) {
                try await physician.call(ListRefusedCertificates())
            }
            await #expect(throws: CallError<NoRefusal>.self) {
                try await auditor.call(ListRefusedCertificates(limit: 0))
            }
        }
        // What was counted since is written when the service stops.
        try await running { port in
            let rows = try await auditor(port).call(ListRefusedCertificates()).certificates
            #expect(rows.map(\.count).sorted() == [1, 3])
        }
    }

    @Test("of many strangers fill no disk: a few rows, and one that counts the rest")
    func many() async throws {
        let stranger = try TestCertificates()
        let credentials = try (0..<14).map { number in
            try stranger.issue(
                TestCertificates.request(
                    TestCertificates.person(.administrator, code: "stranger\(number)")))
        }
        try await running { port in
            for credential in credentials { try await intrude(port, credential) }
        }
        try await running { port in
            let rows = try await auditor(port).call(ListRefusedCertificates()).certificates
            #expect(rows.count == 11)
            #expect(rows.reduce(0) { $0 + $1.count } == 14)
            #expect(rows.filter { $0.reason == nil }.map(\.count) == [4])
        }
    }
}
