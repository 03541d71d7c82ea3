import Authority
import RPC
import TLSTransport
import TestKit
import Vocabulary

/// Certificate, key and authorities of somebody in their places, to be replaced there.
struct InstalledFiles {
    let files: TLSFiles
    private let directory: TemporaryDirectory
    private let identity: Identity

    /// Puts the first files in their places.
    init(
        _ identity: Identity, by issuer: TestCertificates, trusting trusted: [TestCertificates]
    ) throws {
        directory = try TemporaryDirectory()
        files = TLSFiles(
            certificate: directory.path + "/own.pem", key: directory.path + "/own.key",
            authorities: directory.path + "/ca.pem")
        self.identity = identity
        try renew(by: issuer)
        try trust(trusted)
    }

    /// Issues a new certificate with a new key.
    ///
    /// `change`: what is asked for besides.
    func renew(
        by issuer: TestCertificates, _ change: (inout CertificateRequest) -> Void = { _ in }
    ) throws {
        var request = TestCertificates.request(identity)
        change(&request)
        let credential = try issuer.authority.issue(request)
        try write(certificate: credential.certificate)
        try write(key: credential.key)
    }

    func trust(_ authorities: [TestCertificates]) throws {
        let texts = try authorities.map { try $0.authority.credential.certificate }
        try directory.replace(files.authorities, with: texts.joined())
    }

    func write(certificate: String) throws {
        try directory.replace(files.certificate, with: certificate)
    }

    func write(key: String) throws { try directory.replace(files.key, with: key) }

    func client(_ source: any TLSContextSource, port: Int) -> TLSClient {
        TLSClient(
            ServiceAddress(host: "127.0.0.1", port: port), peer: .registry, context: source,
            agent: "test")
    }
}

extension Caller {
    /// Calls without repeating anything.
    init(once client: TLSClient) {
        self.init(client, retries: .none) { .random(at: Timestamp(microseconds: 0)) }
    }
}
