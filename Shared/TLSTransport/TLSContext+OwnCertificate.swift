internal import COpenSSL
internal import RPC
package import Vocabulary

extension TLSContext {
    /// Why peers that trust the same authorities would refuse this side's own certificate.
    ///
    /// It is held, as of now, against the authorities that this side trusts: its dates, its
    /// chain, that it may stand on both ends of a connection, and what is known to be revoked. Nil
    /// where nothing is wrong.
    package func problemWithOwnCertificate() -> String? {
        ERR_clear_error()
        defer { ERR_clear_error() }
        for purpose in [X509_PURPOSE_SSL_SERVER, X509_PURPOSE_SSL_CLIENT] {
            if let problem = problem(for: purpose) { return problem }
        }
        guard let own = SSL_CTX_get0_certificate(pointer) else { return "it cannot be read" }
        for role in [Role.service, .caller] {
            if let problem = CertificateProfile.problem(with: own, as: role) { return problem }
        }
        return identity.flatMap { revocation(of: own, $0) } == nil ? nil : "it is revoked"
    }

    /// When the own certificate ends, and the first of the authorities above it; nil where it
    /// cannot be read.
    package var ends: (own: Timestamp, authority: Timestamp?)? {
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard let certificate = SSL_CTX_get0_certificate(pointer),
            let own = CertificateProfile.timestamp(X509_get0_notAfter(certificate)),
            let check = X509_STORE_CTX_new()
        else { return nil }
        defer { X509_STORE_CTX_free(check) }
        guard X509_STORE_CTX_init(check, SSL_CTX_get_cert_store(pointer), certificate, between) == 1
        else { return (own, nil) }
        // What is found of the chain is there even where it is not good any more.
        _ = X509_verify_cert(check)
        guard let chain = X509_STORE_CTX_get0_chain(check) else { return (own, nil) }
        let above = (1..<max(1, pulih_X509_count(chain))).compactMap { index in
            CertificateProfile.timestamp(X509_get0_notAfter(pulih_X509_at(chain, index)))
        }
        return (own, above.min())
    }

    /// The certificates that the own one was put together with.
    private var between: OpaquePointer? {
        var between: OpaquePointer?
        _ = withUnsafeMutablePointer(to: &between) {
            SSL_CTX_ctrl(pointer, SSL_CTRL_GET_CHAIN_CERTS, 0, $0)
        }
        return between
    }

    /// Says where a certificate is known to be revoked; nil where it is not.
    func revocation(of certificate: OpaquePointer, _ identity: Identity) -> TLSFailure? {
        guard let facts = CertificateProfile.facts(of: certificate, identity) else {
            return .peerRefusedOtherwise("nobody can say whether it is revoked")
        }
        return revocations.contains(facts) ? .peerRevoked : nil
    }

    private func problem(for purpose: Int32) -> String? {
        guard let own = SSL_CTX_get0_certificate(pointer), let check = X509_STORE_CTX_new() else {
            return "it cannot be read"
        }
        defer { X509_STORE_CTX_free(check) }
        guard X509_STORE_CTX_init(check, SSL_CTX_get_cert_store(pointer), own, between) == 1,
            X509_STORE_CTX_set_purpose(check, purpose) == 1
        else { return "it cannot be checked" }
        guard X509_verify_cert(check) != 1 else { return nil }
        let code = X509_STORE_CTX_get_error(check)
        return X509_verify_cert_error_string(Int(code)).map { String(cString: $0) }
            ?? "error \(code)"
    }

    /// The own certificate's serial number, in hexadecimal as `openssl x509 -serial` prints it.
    package var serial: String {
        SSL_CTX_get0_certificate(pointer).flatMap(CertificateProfile.serial)?.digits ?? ""
    }
}
