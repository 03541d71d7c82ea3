internal import COpenSSL
internal import NIOCore

extension TLSSession {
    /// Why `newer` would not accept the peer, whose certificate was accepted once; nil where it
    /// would.
    ///
    /// Its host and its name are the same as before, so its chain, its dates and whether it is
    /// revoked alone are judged; under the context it was accepted by only the last may be news.
    func problemWithPeer(under newer: TLSContext) -> TLSFailure? {
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard let certificate = SSL_get0_peer_certificate(ssl), let peer else {
            return .peerHasNoCertificate
        }
        if let failure = newer.revocation(of: certificate, peer) { return failure }
        if newer === context { return nil }
        guard let check = X509_STORE_CTX_new() else {
            return .peerRefusedOtherwise("it cannot be checked")
        }
        defer { X509_STORE_CTX_free(check) }
        let purpose =
            newer.role == .service ? X509_PURPOSE_SSL_CLIENT : X509_PURPOSE_SSL_SERVER
        guard
            X509_STORE_CTX_init(
                check, SSL_CTX_get_cert_store(newer.pointer), certificate,
                SSL_get_peer_cert_chain(ssl)) == 1,
            X509_STORE_CTX_set_purpose(check, purpose) == 1
        else { return .peerRefusedOtherwise("it cannot be checked") }
        guard X509_verify_cert(check) != 1 else { return nil }
        return TLSFailure(
            verifyResult: Int(X509_STORE_CTX_get_error(check)), host: nil)
            ?? .peerRefusedOtherwise("it cannot be checked")
    }

    /// How long the peer's certificate is still valid; nil where nothing says so.
    ///
    /// Those above it count too: with the first that ends, all do.
    var timeUntilPeerExpires: TimeAmount? {
        guard let chain = SSL_get0_verified_chain(ssl) else { return nil }
        return (0..<pulih_X509_count(chain)).compactMap { index -> TimeAmount? in
            var (days, seconds) = (Int32(0), Int32(0))
            guard let certificate = pulih_X509_at(chain, index),
                ASN1_TIME_diff(&days, &seconds, nil, X509_get0_notAfter(certificate)) == 1
            else { return nil }
            return .seconds(Int64(days) * 86_400 + Int64(seconds))
        }.min()
    }
}
