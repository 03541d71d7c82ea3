internal import COpenSSL
internal import Glibc
internal import Vocabulary

/// What a certificate of a connection's other end must be beside what OpenSSL checks: made as the
/// authority here makes them.
///
/// OpenSSL takes a certificate that says nothing of its purpose for any, and one that may issue
/// others for its holder's too. Here that is refused: `pulih pki` never issues such a one.
enum CertificateProfile {
    /// What is wrong; nil where nothing is.
    ///
    /// `role`: of the side that judges.
    static func problem(with certificate: OpaquePointer, as role: TLSContext.Role) -> String? {
        let flags = X509_get_extension_flags(certificate)
        func has(_ flag: Int32) -> Bool { flags & UInt32(flag) != 0 }
        guard X509_get_version(certificate) == X509_VERSION_3 else {
            return "it is not of version 3"
        }
        guard has(EXFLAG_BCONS) else { return "it does not say whether it may issue others" }
        guard !has(EXFLAG_CA) else { return "it may issue others, so it is an authority's own" }
        guard has(EXFLAG_KUSAGE),
            X509_get_key_usage(certificate) & UInt32(KU_DIGITAL_SIGNATURE) != 0
        else { return "its key is not for signatures" }
        let needed = role == .service ? XKU_SSL_CLIENT : XKU_SSL_SERVER
        guard has(EXFLAG_XKUSAGE),
            X509_get_extended_key_usage(certificate) & UInt32(needed) != 0
        else { return "it does not say that it is for this side of TLS" }
        guard serial(of: certificate) != nil else {
            return "its serial number is not a positive number of at most 20 bytes"
        }
        return nil
    }

    /// What a revocation can be about; nil where the certificate has no usable serial number.
    static func facts(of certificate: OpaquePointer, _ identity: Identity) -> CertificateFacts? {
        guard let serial = serial(of: certificate), let from = validFrom(certificate) else {
            return nil
        }
        return CertificateFacts(serial: serial, identity: identity.description, validFrom: from)
    }

    static func serial(of certificate: OpaquePointer) -> CertificateSerial? {
        guard let number = X509_get0_serialNumber(certificate),
            ASN1_STRING_type(number) == V_ASN1_INTEGER, let bytes = ASN1_STRING_get0_data(number)
        else { return nil }
        return try? CertificateSerial(
            bytes: UnsafeBufferPointer(start: bytes, count: Int(ASN1_STRING_length(number))))
    }

    private static func validFrom(_ certificate: OpaquePointer) -> Timestamp? {
        timestamp(X509_get0_notBefore(certificate))
    }

    /// A moment as certificates write it, which have whole seconds.
    static func timestamp(_ time: UnsafePointer<ASN1_TIME>?) -> Timestamp? {
        var parts = tm()
        guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
        return Timestamp(microseconds: 0).adding(seconds: Int64(timegm(&parts)))
    }
}
