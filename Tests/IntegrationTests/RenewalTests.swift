import Authority
import Foundation
import RPC
import TLSTransport
import TestKit
import Testing
import Vocabulary

@Suite("The certificate of a running service", .timeLimit(.minutes(2)))
struct RenewalTests {
    /// Puts a new certificate and key in the places of those a service reads.
    private func renew(
        _ service: RunningService, in cluster: Cluster,
        notAfter: Date = Date(timeIntervalSinceNow: 3600)
    ) throws {
        var request = TestCertificates.request(TestCertificates.service(service.name))
        request.notAfter = notAfter
        let credential = try cluster.certificates.authority.issue(request)
        let directory = cluster.certificates.directory
        try directory.replace(service.files.certificate, with: credential.certificate)
        try directory.replace(service.files.key, with: credential.key)
    }

    private func serial(_ service: RunningService) async throws -> String {
        try await servedSerial(port: service.port, trusting: service.files.authorities)
    }

    /// Waits until something holds, but no longer than `limit`.
    private func until(_ limit: Duration, _ holds: () async throws -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now.advanced(by: limit)
        while ContinuousClock.now < deadline {
            if try await holds() { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    @Test("is renewed without a restart: on SIGHUP at once, and else within seconds")
    func renewed() async throws {
        let cluster = try Cluster()
        let registry = try await cluster.start(.registry)
        defer { registry.kill() }
        let clinical = try await cluster.start(.clinical)
        defer { clinical.kill() }
        let caller = try cluster.caller(.administrator, of: registry)
        let before = try await caller.call(CheckHealth())
        let first = try await serial(registry)

        try renew(registry, in: cluster)
        kill(registry.id, SIGHUP)
        #expect(try await until(.seconds(4)) { try await serial(registry) != first })
        let second = try await serial(registry)
        #expect(try cluster.log(of: .registry).contains(second))

        try renew(registry, in: cluster)
        #expect(try await until(.seconds(15)) { try await serial(registry) != second })

        // The same process, its store, its open connections and its feeds.
        let after = try await caller.call(CheckHealth())
        #expect(after.ready)
        #expect(after.startedAt == before.startedAt)
        #expect(!(try cluster.log(of: .clinical).contains("feed interrupted")))
        #expect(try await cluster.caller(.administrator, of: registry).call(CheckHealth()).ready)
        #expect(registry.stop() == 0)
    }

    @Test("stays where the new files are bad, and the log says why")
    func kept() async throws {
        let cluster = try Cluster()
        let registry = try await cluster.start(.registry)
        defer { registry.kill() }
        let first = try await serial(registry)
        try renew(registry, in: cluster, notAfter: Date(timeIntervalSinceNow: -60))
        kill(registry.id, SIGHUP)
        #expect(
            try await until(.seconds(4)) {
                try cluster.log(of: .registry).contains("certificate has expired")
            })
        #expect(try cluster.log(of: .registry).contains("new certificate files are not used"))
        #expect(try await serial(registry) == first)
        let health = try await cluster.caller(.administrator, of: registry).call(CheckHealth())
        #expect(health.ready)
        #expect(registry.stop() == 0)
    }

    @Test("can be issued again for the key that is there")
    func keptKey() async throws {
        let command = try PulihCommand(try Cluster(), as: .administrator)
        let directory = try TemporaryDirectory()
        func file(_ name: String) throws -> String {
            try String(contentsOfFile: "\(directory.path)/\(name)", encoding: .utf8)
        }
        let issue = [
            "pki", "issue-service", "registry", "--directory", directory.path, "--host", "a.test",
        ]
        #expect(try await command.run("pki", "init", "--directory", directory.path).status == 0)
        let none = try await command.run(issue + ["--keep-key"])
        #expect(none.status == 2 || none.status == 1)
        #expect(none.notes.contains("registry.key"), "\(none.notes)")
        #expect(try await command.run(issue).status == 0)
        let (certificate, key) = (try file("registry.pem"), try file("registry.key"))
        #expect(try await command.run(issue + ["--keep-key"]).status == 0)
        #expect(try file("registry.key") == key)
        #expect(try file("registry.pem") != certificate)
        let files = TLSFiles(
            certificate: "\(directory.path)/registry.pem", key: "\(directory.path)/registry.key",
            authorities: "\(directory.path)/ca.pem")
        // The context is refused where the key does not fit.
        #expect(try TLSContext(role: .service, files: files).problemWithOwnCertificate() == nil)
    }
}
