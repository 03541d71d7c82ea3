internal import COpenSSL
package import RPC

/// Why a connection could not be made or was ended by TLS, as far as this side knows it.
package enum TLSFailure: Error, Hashable, Sendable, CustomStringConvertible {
    // What this side found wrong with the other's certificate.
    case peerHasNoCertificate
    case peerFromOtherAuthority
    case peerExpired
    case peerNotYetValid
    case peerHasWrongHost(expected: String)
    case peerHasWrongPurpose
    case peerRevoked
    case peerIdentity(String)
    case peerHasOtherProfile(String)
    case peerRefusedOtherwise(String)
    // What the other side said of ours.
    case weHaveNoCertificate
    case ourAuthorityUnknown
    case weExpired
    case weAreRevoked
    case ourIdentityRefused
    case ourCertificateRefused
    // The rest.
    case notTLS
    case protocolRefused
    case closedEarly
    case tooManyHandshakes
    case configuration(String)
    case other(String)

    package var description: String {
        switch self {
        case .peerHasNoCertificate: "the other side showed no certificate"
        case .peerFromOtherAuthority:
            "the other side's certificate is not from an authority that is trusted here"
        case .peerExpired: "the other side's certificate has expired; it must be renewed"
        case .peerNotYetValid:
            "the other side's certificate is not valid yet; compare both clocks"
        case .peerHasWrongHost(let host):
            "the other side's certificate is not for the host \(host); check the address"
        case .peerHasWrongPurpose: "the other side's certificate is not made for this side of TLS"
        case .peerRevoked:
            "the other side's certificate is revoked; it needs a new one from the administrator"
        case .peerIdentity(let problem):
            "the other side's certificate does not name it as needed here: \(problem)"
        case .peerHasOtherProfile(let problem):
            "the other side's certificate is not made as `pulih pki` makes them: \(problem)"
        case .peerRefusedOtherwise(let reason):
            "the other side's certificate is refused: \(reason)"
        case .weHaveNoCertificate: "the other side demands a certificate, and none was shown"
        case .ourAuthorityUnknown:
            "the other side does not trust the authority of this certificate"
        case .weExpired: "the other side refused this certificate: it has expired; renew it"
        case .weAreRevoked:
            "the other side refused this certificate: it is revoked; ask an administrator for a "
                + "new one"
        case .ourIdentityRefused:
            "the other side refused the identity in this certificate: it must be one SPIFFE URI "
                + "of its trust domain"
        case .ourCertificateRefused:
            "the other side refused this certificate: its host, purpose, key or dates do not fit; "
                + "its log says which"
        case .notTLS: "the other side does not speak TLS 1.3"
        case .protocolRefused: "the other side does not speak this protocol (ALPN pulih/1)"
        case .closedEarly: "the other side closed the connection before it was ready"
        case .tooManyHandshakes:
            "the connection is closed at once: too many are in their handshake"
        case .configuration(let problem): problem
        case .other(let reason): "TLS failed: \(reason)"
        }
    }

    /// How a caller learns of it.
    package var failure: RPCFailure {
        switch self {
        case .closedEarly, .tooManyHandshakes:
            RPCFailure(
                .unavailable, description, outcome: .notProcessed, retry: .later)
        case .notTLS, .protocolRefused, .other, .configuration:
            RPCFailure(.unavailable, description, outcome: .notProcessed, retry: .never)
        default:
            RPCFailure(.unauthenticated, description, outcome: .notProcessed)
        }
    }

    /// What OpenSSL is told of a certificate that this side refuses, and so the alert it sends.
    var verifyResult: Int32 {
        switch self {
        case .peerRevoked: X509_V_ERR_CERT_REVOKED
        case .peerHasOtherProfile: X509_V_ERR_INVALID_PURPOSE
        default: X509_V_ERR_APPLICATION_VERIFICATION
        }
    }

    /// What OpenSSL's check of the peer found; nil where it found nothing.
    init?(verifyResult code: Int, host: String?) {
        switch Int32(truncatingIfNeeded: code) {
        case X509_V_OK: return nil
        case X509_V_ERR_CERT_HAS_EXPIRED: self = .peerExpired
        case X509_V_ERR_CERT_NOT_YET_VALID: self = .peerNotYetValid
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_CERT_UNTRUSTED,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE:
            self = .peerFromOtherAuthority
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            self = .peerHasWrongHost(expected: host ?? "asked for")
        case X509_V_ERR_INVALID_PURPOSE: self = .peerHasWrongPurpose
        case X509_V_ERR_CERT_REVOKED: self = .peerRevoked
        default:
            let reason = X509_verify_cert_error_string(code).map { String(cString: $0) }
            self = .peerRefusedOtherwise(reason ?? "error \(code)")
        }
    }

    /// The oldest entry of this thread's error queue, which is emptied.
    init(errorQueue: Void) {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0 else {
            self = .closedEarly
            return
        }
        // The low 23 bits are the reason (ERR_GET_REASON); an alert is 1000 plus its number.
        let reason = Int32(truncatingIfNeeded: code & 0x7f_ffff)
        switch reason {
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: self = .peerHasNoCertificate
        case 1116: self = .weHaveNoCertificate
        case 1048: self = .ourAuthorityUnknown
        case 1045: self = .weExpired
        case 1044: self = .weAreRevoked
        case 1040: self = .ourIdentityRefused
        case 1042, 1043, 1046: self = .ourCertificateRefused
        case 1120, SSL_R_NO_APPLICATION_PROTOCOL: self = .protocolRefused
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_HTTP_REQUEST,
            SSL_R_NO_PROTOCOLS_AVAILABLE, 1070:
            self = .notTLS
        case SSL_R_UNEXPECTED_EOF_WHILE_READING: self = .closedEarly
        default:
            self = .other(
                ERR_reason_error_string(code).map { String(cString: $0) } ?? "code \(code)")
        }
    }
}
