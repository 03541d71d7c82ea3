internal import COpenSSL
package import RPC
package import Vocabulary

/// The files that make one side of a connection.
package struct TLSFiles: Hashable, Sendable {
    /// The own certificate, followed by those between it and the authority (PEM).
    package var certificate: String
    /// The own private key (PEM).
    package var key: String
    /// The authorities that are trusted (PEM).
    package var authorities: String

    package init(certificate: String, key: String, authorities: String) {
        self.certificate = certificate
        self.key = key
        self.authorities = authorities
    }
}

/// What TLS needs for many connections of one role: TLS 1.3 only, both sides with certificates.
///
/// It is never changed once made: another certificate means another context.
package final class TLSContext: Sendable {
    package enum Role: Sendable {
        case caller
        case service
    }

    static let alpn: [UInt8] = [7] + Array("pulih/1".utf8)

    /// OpenSSL counts references to a context atomically, and this class never changes it.
    nonisolated(unsafe) let pointer: OpaquePointer  // freed once, in deinit
    let role: Role
    /// Who this side is, as its own certificate says; nil where it does not say it well.
    package let identity: Identity?
    /// The trust domain of this side: a peer must be of the same.
    package let domain: String
    /// What is refused though its authority is trusted; it may get more at any time.
    let revocations: RevocationBook

    /// Reads the files and checks that they fit together.
    ///
    /// `domain`: the trust domain, where it is not taken from the own certificate. Its
    ///   identity is then not checked on this side; a peer refuses a bad one.
    /// `revocations`: what is known to be revoked; nothing for one who knows nothing of it.
    /// - Throws: ``TLSFailure/configuration(_:)`` naming the file that is wrong.
    package init(
        role: Role, files: TLSFiles, claiming domain: String? = nil,
        revocations: RevocationBook = RevocationBook()
    ) throws(TLSFailure) {
        ERR_clear_error()
        guard let context = SSL_CTX_new(TLS_method()) else {
            throw .configuration("OpenSSL gives no context")
        }
        do throws(TLSFailure) {
            try Self.settle(context, role)
            try Self.load(files, into: context)
            guard let own = SSL_CTX_get0_certificate(context) else {
                throw .configuration("\(files.certificate) holds no certificate")
            }
            do {
                let own = try PeerIdentity.of(own)
                identity = own
                self.domain = domain ?? own.domain
            } catch {
                guard let domain else {
                    throw TLSFailure.configuration("\(files.certificate): \(error)")
                }
                identity = nil
                self.domain = domain
            }
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        pointer = context
        self.role = role
        self.revocations = revocations
    }

    deinit { SSL_CTX_free(pointer) }

    private static func settle(_ context: OpaquePointer, _ role: Role) throws(TLSFailure) {
        let groups = "X25519:P-256"
        // From 3.5 on OpenSSL has the hybrid group that also withstands a quantum computer.
        let hybrid = OpenSSL_version_num() >= 0x3050_0000
        guard pulih_SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1,
            pulih_SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1,
            SSL_CTX_set_ciphersuites(
                context,
                "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384") == 1,
            pulih_SSL_CTX_set1_groups_list(context, hybrid ? "X25519MLKEM768:" + groups : groups)
                == 1,
            SSL_CTX_set_num_tickets(context, 0) == 1
        else { throw .configuration("OpenSSL does not offer what TLS 1.3 needs here") }
        SSL_CTX_set_options(
            context,
            pulih_SSL_OP_NO_RENEGOTIATION() | pulih_SSL_OP_NO_COMPRESSION()
                | pulih_SSL_OP_NO_TICKET())
        _ = pulih_SSL_CTX_set_mode(
            context, Int(SSL_MODE_RELEASE_BUFFERS) | Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER))
        _ = pulih_SSL_CTX_set_session_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
        // Whatever the host's own settings are: no SHA-1, no RSA key of fewer than 2048 bits, and
        // chains as RFC 5280 wants them.
        SSL_CTX_set_security_level(context, 2)
        let rules = X509_STORE_get0_param(SSL_CTX_get_cert_store(context))
        X509_VERIFY_PARAM_set_auth_level(rules, 2)
        _ = X509_VERIFY_PARAM_set_flags(rules, UInt(X509_V_FLAG_X509_STRICT))
        SSL_CTX_set_verify(
            context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, verifyPeer)
        switch role {
        case .caller: SSL_CTX_set_alpn_protos(context, alpn, UInt32(alpn.count))
        case .service: SSL_CTX_set_alpn_select_cb(context, selectProtocol, nil)
        }
    }

    private static func load(
        _ files: TLSFiles, into context: OpaquePointer
    ) throws(TLSFailure) {
        func problem(_ file: String, _ what: String) -> TLSFailure {
            let reason = ERR_reason_error_string(ERR_peek_last_error()).map { String(cString: $0) }
            ERR_clear_error()
            return .configuration("\(file): \(what)" + (reason.map { " (\($0))" } ?? ""))
        }
        guard SSL_CTX_use_certificate_chain_file(context, files.certificate) == 1 else {
            throw problem(files.certificate, "not a readable certificate")
        }
        guard SSL_CTX_use_PrivateKey_file(context, files.key, SSL_FILETYPE_PEM) == 1 else {
            throw problem(files.key, "not a readable private key of \(files.certificate)")
        }
        guard SSL_CTX_check_private_key(context) == 1 else {
            throw problem(files.key, "is not the key of \(files.certificate)")
        }
        guard SSL_CTX_load_verify_file(context, files.authorities) == 1 else {
            throw problem(files.authorities, "not a readable list of authorities")
        }
        if let names = SSL_load_client_CA_file(files.authorities) {
            SSL_CTX_set_client_CA_list(context, names)
        }
    }
}

/// Adds to OpenSSL's own verdict on a peer's own certificate that it must be made as here, name the
/// peer as needed, and not be revoked.
private func verifyPeer(_ accepted: Int32, _ store: OpaquePointer?) -> Int32 {
    guard let store else { return 0 }
    if accepted == 1, X509_STORE_CTX_get_error_depth(store) != 0 { return 1 }
    guard
        let raw = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
        let data = pulih_SSL_get_app_data(OpaquePointer(raw)),
        let certificate = X509_STORE_CTX_get0_cert(store)
    else {
        if accepted == 1 { X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION) }
        return 0
    }
    // The session sets itself as the application data and outlives every call into OpenSSL.
    let session = Unmanaged<TLSSession>.fromOpaque(data).takeUnretainedValue()
    guard accepted == 1 else {
        session.noteRefused(certificate)
        return 0
    }
    guard let failure = session.judge(certificate) else { return 1 }
    session.noteRefused(certificate)
    X509_STORE_CTX_set_error(store, failure.verifyResult)
    return 0
}

private func selectProtocol(
    _ ssl: OpaquePointer?, _ out: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ outLength: UnsafeMutablePointer<UInt8>?, _ offered: UnsafePointer<UInt8>?,
    _ offeredLength: UInt32, _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let out, let outLength, let offered else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    let name = TLSContext.alpn.dropFirst()
    var index = 0
    let count = Int(offeredLength)
    // Each name is preceded by its length; OpenSSL has checked that they fill the list.
    while index < count {
        let length = Int(offered[index])
        guard index + 1 + length <= count else { break }
        let candidate = UnsafeBufferPointer(start: offered + index + 1, count: length)
        if candidate.elementsEqual(name) {
            out.pointee = offered + index + 1
            outLength.pointee = UInt8(length)
            return SSL_TLSEXT_ERR_OK
        }
        index += 1 + length
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}
