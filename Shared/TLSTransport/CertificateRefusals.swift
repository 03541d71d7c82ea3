internal import COpenSSL
package import RPC
package import Vocabulary

/// Is told of each certificate for which a listener refuses a connection.
package protocol CertificateRefusals: Sendable {
    /// Called on an event loop, whose other connections wait meanwhile.
    ///
    /// `from`: the address of the other end, without its port.
    func note(
        _ certificate: ShownCertificate, _ reason: RefusedCertificate.Reason, from: String)
}

extension ShownCertificate {
    /// Reads what can be read.
    init(of certificate: OpaquePointer) {
        // More than is kept, so that what is cut off is seen to be.
        var text = [CChar](repeating: 0, count: 2 * Self.textMaximum)
        let name = X509_get_subject_name(certificate)
        let hasSubject = X509_NAME_oneline(name, &text, Int32(text.count)) != nil
        self.init(
            subject: hasSubject
                ? String(
                    decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                : nil,
            uris: (try? PeerIdentity.uris(of: certificate)) ?? [],
            serial: CertificateProfile.serial(of: certificate))
    }
}

extension RefusedCertificate.Reason {
    /// Nil where it is not the other side's certificate that stands against the connection.
    init?(_ failure: TLSFailure) {
        switch failure {
        case .peerFromOtherAuthority: self = .otherAuthority
        case .peerExpired: self = .expired
        case .peerNotYetValid: self = .notYetValid
        case .peerRevoked: self = .revoked
        case .peerHasWrongPurpose: self = .wrongPurpose
        case .peerHasOtherProfile: self = .otherProfile
        case .peerIdentity: self = .noIdentity
        case .peerHasWrongHost, .peerRefusedOtherwise: self = .unsound
        // The certificate itself was taken, and what had to follow it was wrong.
        case .other: self = .unproven
        case .peerHasNoCertificate, .weHaveNoCertificate, .ourAuthorityUnknown, .weExpired,
            .weAreRevoked, .ourIdentityRefused, .ourCertificateRefused, .notTLS, .protocolRefused,
            .closedEarly, .tooManyHandshakes, .configuration:
            return nil
        }
    }
}
