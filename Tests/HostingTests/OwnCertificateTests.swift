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
}
