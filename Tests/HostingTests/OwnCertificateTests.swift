import Authority
import Foundation
import Hosting
import RPC
import TestKit
import Testing
import Vocabulary

@Suite("A running service's own certificate", .timeLimit(.minutes(1)))
struct OwnCertificateTests {
    @Test("takes it out of service when it ends, and a new one brings it back")
    func ends() async throws {
        var settled = try Settled(.registry)
        let identity = TestCertificates.service(.registry)
        var request = TestCertificates.request(identity)
        request.notAfter = Date(timeIntervalSinceNow: 2)
        let files = try settled.certificates.issue(request)
        settled.flags["tls.certificate"] = files.certificate
        settled.flags["tls.key"] = files.key
        let run = try await settled.host(WordService.self).start()
        #expect(run.state.isReady)
        try await until {
            await run.reload()
            return !run.state.isReady
        }
        #expect(run.state.certificateProblem?.contains("expired") == true)

        let new = try settled.certificates.authority.issue(TestCertificates.request(identity))
        try settled.certificates.directory.replace(files.certificate, with: new.certificate)
        // Half of it is not enough.
        await run.reload()
        #expect(!run.state.isReady)
        try settled.certificates.directory.replace(files.key, with: new.key)
        // Nor is a key that others can read.
        try TemporaryDirectory.allow(0o644, on: files.key)
        await run.reload()
        #expect(!run.state.isReady)
        try TemporaryDirectory.allow(0o600, on: files.key)
        await run.reload()
        #expect(run.state.isReady)
        let caller = try settled.caller(TestCertificates.person(.counselor), port: run.port)
        #expect(try await caller.call(CheckHealth()).ready)
        try await run.serve {}
    }

    @Test("is warned of in health before it ends, and so is the end of its authority")
    func warned() async throws {
        for (days, words) in [(0, nil), (21, "the authority ends within a day: make a new one")] {
            var settled = try Settled(.registry)
            settled.flags["tls.warnDays"] = "\(days)"
            let run = try await settled.host(WordService.self).start()
            let caller = try settled.caller(TestCertificates.person(.counselor), port: run.port)
            let health = try await caller.call(CheckHealth())
            #expect(health.ready)
            let certificate = try #require(health.certificate)
            if let words {
                #expect(certificate.warning?.hasPrefix(words) == true)
            } else {
                #expect(certificate.warning == nil)
            }
            #expect(
                certificate.validUntil < certificate.authorityValidUntil ?? .init(microseconds: 0))
            try await run.serve {}
        }
    }

    @Test("ends in as many days as are left, and its authority's end counts first")
    func days() throws {
        let now = Timestamp(microseconds: 1_800_000_000_000_000)
        func warning(_ own: Int64, _ authority: Int64?) -> String? {
            CertificateState(
                validUntil: now.adding(seconds: own * 86_400 + 60),
                authorityValidUntil: authority.map { now.adding(seconds: $0 * 86_400 + 60) },
                at: now, warnDays: 21
            ).warning
        }
        #expect(warning(21, 100) == nil)
        #expect(warning(20, 100) == "the certificate ends within 21 days: renew it")
        #expect(warning(0, nil) == "the certificate ends within a day: renew it")
        #expect(warning(-3, nil) == "the certificate ends within a day: renew it")
        #expect(warning(5, 20)?.hasPrefix("the authority ends within 21 days") == true)
    }
}
