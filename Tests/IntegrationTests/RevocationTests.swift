import Authority
import ClinicalAPI
import Foundation
import RPC
import RegistryAPI
import TLSTransport
import TestKit
import Testing
import Vocabulary

@Suite("A revocation that the registry records", .timeLimit(.minutes(3)))
struct RevocationTests {
    /// Nobody who is revoked may be answered for longer, on an open connection either.
    private static let bound = Duration.seconds(60)

    /// The holder's files, and a caller that keeps its connection.
    private func holder(
        _ identity: Identity, in cluster: Cluster, of service: RunningService
    ) throws -> (files: TLSFiles, caller: Caller) {
        let (certificate, key) = try cluster.certificates.issue(TestCertificates.request(identity))
        let files = TLSFiles(
            certificate: certificate, key: key, authorities: cluster.certificates.authorityFile)
        let client = TLSClient(
            ServiceAddress(host: "127.0.0.1", port: service.port), peer: service.name,
            context: try TLSContext(role: .caller, files: files), agent: "test")
        return (files, Caller(client, retries: .none) { .random(at: Timestamp(microseconds: 0)) })
    }

    /// Calls until it is refused, and returns how long that took and what was said.
    private func untilCutOff(_ caller: Caller) async throws -> (after: Duration, RPCFailure) {
        let began = ContinuousClock.now
        while true {
            do throws(CallError<NoRefusal>) {
                _ = try await caller.call(CheckHealth())
            } catch {
                return (began.duration(to: .now), error.failure)
            }
            try #require(began.duration(to: .now) < Self.bound, "was not cut off")
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test("cuts a person off at all services, and outlasts a restart")
    func person() async throws {
        let cluster = try Cluster()
        let registry = try await cluster.start(.registry)
        let clinical = try await cluster.start(.clinical)
        let counselor = TestCertificates.person(.counselor, code: "melati")
        let (files, atClinical) = try holder(counselor, in: cluster, of: clinical)
        let (_, atRegistry) = try holder(counselor, in: cluster, of: registry)
        #expect(try await atClinical.call(CheckHealth()).ready)
        #expect(try await atRegistry.call(CheckHealth()).ready)

        let command = try PulihCommand(cluster, as: .administrator)
        let revoked = try await command.run(
            "certificate", "revoke", "identity=\(counselor)", "reason=key-compromise")
        #expect(revoked.status == 0, "\(revoked.notes)")
        for (place, caller) in [("registry", atRegistry), ("clinical", atClinical)] {
            let (after, failure) = try await untilCutOff(caller)
            #expect(failure.code == .unauthenticated)
            #expect(failure.message.contains("revoked"), "\(failure.message)")
            SecurityFigure.atMost(
                "a revoked person is cut off at \(place) after", after, Self.bound)
        }
        #expect(try cluster.log(of: .clinical).contains("is revoked"))
        let hers = try PulihCommand(
            cluster, with: (files.certificate, files.key), trusting: files.authorities)
        let refused = try await hers.run("facility", "list")
        #expect(refused.status == 4)
        #expect(refused.notes.contains("revoked; ask an administrator"), "\(refused.notes)")
        let list = try await command.run("certificate", "list", "-o", "json")
        #expect(list.output.contains("key-compromise") && list.output.contains("melati"))
        let again = try await command.run(
            "certificate", "revoke", "identity=\(counselor)", "reason=key-compromise",
            "issuedBefore=2026-01-01T00:00:00Z")
        #expect(again.status == 4)
        #expect(again.notes.contains("certificate-already-revoked"), "\(again.notes)")

        // Both read it from their own stores.
        clinical.kill()
        registry.kill()
        let later = try await cluster.start(.clinical)
        let (_, caller) = try holder(counselor, in: cluster, of: later)
        #expect(try await untilCutOff(caller).1.message.contains("revoked"))
        #expect(later.stop() == 0)
    }

    @Test("cuts a service off from those it follows, and no longer than it must")
    func service() async throws {
        let cluster = try Cluster()
        let registry = try await cluster.start(.registry)
        let clinical = try await cluster.start(.clinical)
        let serial = try CertificateSerial(
            TLSContext(role: .caller, files: clinical.files).serial)
        let administrator = try cluster.caller(.administrator, of: registry)
        _ = try await administrator.call(
            RevokeCertificate(
                id: Identifier(at: Timestamp(microseconds: 0), high: 0, low: 1), serial: serial,
                reason: .superseded))
        let began = ContinuousClock.now
        while !(try cluster.log(of: .clinical).contains("is revoked")) {
            try #require(began.duration(to: .now) < Self.bound, "was not cut off")
            try await Task.sleep(for: .milliseconds(5))
        }
        SecurityFigure.atMost(
            "a revoked service is cut off after", began.duration(to: .now), Self.bound)
        #expect(try cluster.log(of: .registry).contains("its certificate is accepted no more"))

        // With a new certificate it follows again, without a restart.
        let credential = try cluster.certificates.authority.issue(
            TestCertificates.request(TestCertificates.service(.clinical)))
        let directory = cluster.certificates.directory
        try directory.replace(clinical.files.certificate, with: credential.certificate)
        try directory.replace(clinical.files.key, with: credential.key)
        kill(clinical.id, SIGHUP)
        let counselor = try cluster.caller(.counselor, of: clinical)
        var feeds: [FeedState] = []
        while feeds.first?.position != 1 { feeds = try await counselor.call(CheckHealth()).feeds }
        #expect(registry.stop() == 0)
        #expect(clinical.stop() == 0)
    }
}
