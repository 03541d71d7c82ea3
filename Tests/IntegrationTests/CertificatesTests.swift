import Authority
import Foundation
import TestKit
import Testing
import Vocabulary

@Suite("Certificates that the running services and the command refuse", .timeLimit(.minutes(1)))
struct CertificatesTests {
    private let cluster: Cluster
    private let registry: RunningService

    init() async throws {
        cluster = try Cluster()
        registry = try await cluster.start(.registry)
    }

    /// Asks the registry with a certificate; its answer must be a refusal that says why.
    private func refusal(
        _ credential: (certificate: String, key: String), trusting authorities: String? = nil
    ) async throws -> String {
        let command = try PulihCommand(
            cluster, with: credential,
            trusting: authorities ?? cluster.certificates.authorityFile)
        let result = try await command.run("facility", "list")
        #expect(result.status == 4, "\(result.notes)")
        #expect(result.output.isEmpty)
        return result.notes
    }

    @Test("from another authority: both sides say that they do not know it")
    func stranger() async throws {
        let stranger = try TestCertificates()
        let credential = try stranger.issue(
            TestCertificates.request(TestCertificates.person(.administrator)))
        #expect(try await refusal(credential).contains("does not trust the authority"))
        #expect(try cluster.log(of: .registry).contains("authority"))

        let own = try cluster.certificates.issue(
            TestCertificates.request(TestCertificates.person(.administrator)))
        let notes = try await refusal(own, trusting: stranger.authorityFile)
        #expect(notes.contains("authority"), "\(notes)")
        registry.kill()
    }

    @Test("that have expired: the caller learns it, and the log has it")
    func expired() async throws {
        var request = TestCertificates.request(TestCertificates.person(.administrator))
        request.notAfter = Date(timeIntervalSinceNow: -60)
        let notes = try await refusal(cluster.certificates.issue(request))
        #expect(notes.contains("expired"), "\(notes)")
        #expect(try cluster.log(of: .registry).contains("expired"))
        registry.kill()
    }

    @Test("are listed for who looks after the machines, and health says that there are some")
    func listed() async throws {
        var request = TestCertificates.request(TestCertificates.person(.physician))
        request.notAfter = Date(timeIntervalSinceNow: -60)
        _ = try await refusal(cluster.certificates.issue(request))
        let command = try PulihCommand(cluster, as: .administrator)
        var listed = try await command.run("audit", "refused", "-o", "csv")
        let waited = ContinuousClock.now
        while !listed.output.contains("registry"), waited.duration(to: .now) < .seconds(10) {
            listed = try await command.run("audit", "refused", "-o", "csv")
        }
        // The two others do not run.
        #expect(listed.status == 3, "\(listed.notes)")
        let row = listed.output.split(whereSeparator: \.isNewline).dropFirst().first ?? ""
        let holder = TestCertificates.person(.physician).description
        #expect(row.contains(",expired,127.0.0.1,\(holder),"), "\(listed.output)")
        let health = try await command.run("health")
        #expect(health.output.contains("[certificates-refused]"), "\(health.output)")
        let metrics = try await command.run("rpc", "metrics", "registry", "-o", "csv")
        let meter = metrics.output.split(whereSeparator: \.isNewline)
            .first { $0.contains("certificate_refusals_total") }
        #expect(meter?.contains("expired") == true, "\(metrics.output)")
        let other = try await PulihCommand(cluster, as: .physician).run("audit", "refused")
        #expect(other.output.isEmpty && other.status != 0)
        registry.kill()
    }

    @Test("that do not say in one name who somebody is")
    func nameless() async throws {
        var request = TestCertificates.request(TestCertificates.person(.administrator))
        request.uris.append("spiffe://pulih.test/service/clinical")
        let notes = try await refusal(cluster.certificates.issue(request))
        #expect(notes.contains("exactly one"), "\(notes)")
        registry.kill()
    }

    @Test("that are missing: the handshake is refused, and nothing is answered")
    func missing() async throws {
        let script = """
            import socket, ssl, sys
            context = ssl.create_default_context(cafile=sys.argv[2])
            context.set_alpn_protocols(["pulih/1"])
            raw = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10)
            try:
                secure = context.wrap_socket(raw, server_hostname="127.0.0.1")
                answer = secure.recv(1)
                sys.exit("was answered" if answer else "was closed without a reason")
            except ssl.SSLError as error:
                print(error.reason)
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c", script, "\(registry.port)", cluster.certificates.authorityFile,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let reason = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(reason.contains("CERTIFICATE_REQUIRED"), "\(reason)")
        #expect(try cluster.log(of: .registry).contains("no certificate"))
        registry.kill()
    }

    @Test("of another service: the service that was given one does not start")
    func wrongService() async throws {
        let (certificate, key) = try cluster.certificates.issue(
            TestCertificates.request(TestCertificates.service(.clinical)))
        let process = Process()
        process.executableURL = Cluster.products.appendingPathComponent("pulih-registry")
        process.arguments = [
            "--listen", "127.0.0.1:0", "--check", "--set", "tls.certificate=\(certificate)",
            "--set", "tls.key=\(key)",
            "--set", "tls.authorities=\(cluster.certificates.authorityFile)",
            "--set", "store.directory=\(cluster.directory.path)/other",
            "--set", "store.journalKey=\(cluster.directory.path)/journal.key",
            "--set", "store.encryptionKey=\(cluster.directory.path)/encryption.key",
        ]
        let notes = Pipe()
        process.standardError = notes
        try process.run()
        let reason = String(
            decoding: notes.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 2)
        #expect(reason.contains("must be issued to the service registry"), "\(reason)")
        registry.kill()
    }
}
