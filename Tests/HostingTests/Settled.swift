import Authority
import Foundation
import Hosting
import Logging
import RPC
import TLSTransport
import TestKit
import Vocabulary

let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Good settings for a service, to be spoiled one at a time.
struct Settled {
    let certificates: TestCertificates
    let directory: TemporaryDirectory
    var flags: [String: String]

    init(_ service: ServiceName) throws {
        certificates = try TestCertificates()
        directory = try TemporaryDirectory()
        let files = try certificates.issue(
            TestCertificates.request(TestCertificates.service(service)))
        flags = [
            "listen": "127.0.0.1:0", "tls.certificate": files.certificate, "tls.key": files.key,
            "tls.authorities": certificates.authorityFile,
            "store.directory": directory.path + "/store",
            "store.journalKey": try directory.write(
                "journal.key", String(repeating: "5a", count: 32) + "\n"),
            "store.encryptionKey": try directory.write(
                "encryption.key", String(repeating: "a5", count: 32) + "\n"),
        ]
    }

    func read() async throws -> HostConfiguration {
        try await HostConfiguration.read(file: nil, environment: [:], flags: flags)
    }

    func host<Service: HostedService>(
        _ service: Service.Type
    ) async throws -> ServiceHost<Service> {
        ServiceHost<Service>(try await read(), logger: silent)
    }

    /// Calls over TLS what listens at a port.
    func caller(_ identity: Identity, port: Int) throws -> Caller {
        let (certificate, key) = try certificates.issue(TestCertificates.request(identity))
        let files = TLSFiles(
            certificate: certificate, key: key, authorities: certificates.authorityFile)
        let client = TLSClient(
            ServiceAddress(host: "127.0.0.1", port: port), peer: .registry,
            context: try TLSContext(role: .caller, files: files), agent: "test")
        return Caller(client, retries: .none) { .random(at: SystemClock.now()) }
    }
}

/// Waits until something holds; the suite's time limit ends it where it never does.
func until(_ holds: () async throws -> Bool) async throws {
    while try await !holds() { try await Task.sleep(for: .milliseconds(5)) }
}
