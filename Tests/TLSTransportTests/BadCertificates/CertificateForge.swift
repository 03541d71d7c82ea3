import Crypto
import CryptoExtras
import Foundation
import SwiftASN1
import TestKit
import X509

/// Makes certificates as no authority here would: every field as a test wants it.
struct CertificateForge {
    /// Somebody who signs certificates, rightly or not.
    struct Signer {
        let certificate: Certificate
        let key: Certificate.PrivateKey
        var algorithm = Certificate.SignatureAlgorithm.ecdsaWithSHA256
    }

    /// Trusted, and may have authorities below it.
    let root: Signer
    /// Trusted, and may have none below it, as `pulih pki init` makes them.
    let narrow: Signer
    /// Trusted, with an RSA key.
    let rsa: Signer
    /// Not trusted, but it bears the name of ``root``.
    let namesake: Signer
    let directory: TemporaryDirectory
    let authorities: String

    init() throws {
        root = try Self.authority("Root", pathLength: nil)
        narrow = try Self.authority("Narrow root", pathLength: 0)
        rsa = try Self.authority(
            "RSA root", pathLength: 0, key: .init(_RSA.Signing.PrivateKey(keySize: .bits2048)),
            algorithm: .sha256WithRSAEncryption)
        namesake = try Self.authority("Root", pathLength: nil)
        directory = try TemporaryDirectory()
        let trusted = [root, narrow, rsa].map(\.certificate)
        authorities = try directory.write("ca.pem", Self.pem(trusted))
    }

    static func pem(_ certificates: [Certificate]) throws -> String {
        try certificates.map { try $0.serializeAsPEM().pemString + "\n" }.joined()
    }

    static func authority(
        _ name: String, pathLength: Int?, under issuer: Signer? = nil,
        key: Certificate.PrivateKey = .init(P256.Signing.PrivateKey()),
        algorithm: Certificate.SignatureAlgorithm = .ecdsaWithSHA256
    ) throws -> Signer {
        let subject = try DistinguishedName { CommonName(name) }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(bytes: [1, 2, 3, UInt8.random(in: 1...127)]),
            publicKey: key.publicKey, notValidBefore: Date(timeIntervalSinceNow: -86_400),
            notValidAfter: Date(timeIntervalSinceNow: 86_400),
            issuer: issuer?.certificate.subject ?? subject, subject: subject,
            signatureAlgorithm: issuer?.algorithm ?? algorithm,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: pathLength))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
                if let issuer {
                    AuthorityKeyIdentifier(keyIdentifier: issuer.certificate.keyIdentifier)
                }
            },
            issuerPrivateKey: issuer?.key ?? key)
        return Signer(certificate: certificate, key: key, algorithm: algorithm)
    }
}

extension Certificate {
    /// What names its key in those that it has issued.
    var keyIdentifier: ArraySlice<UInt8> {
        SubjectKeyIdentifier(hash: publicKey).keyIdentifier
    }
}

/// A certificate before it is made; as it stands it is good.
struct Blueprint {
    /// A name among the alternative ones: its tag (RFC 5280, 4.2.1.6) and its bytes.
    struct Name {
        let tag: UInt8
        let bytes: [UInt8]

        static func uri(_ text: String) -> Name { Name(tag: 6, bytes: Array(text.utf8)) }
        static func dns(_ text: String) -> Name { Name(tag: 2, bytes: Array(text.utf8)) }
        static let loopback = Name(tag: 7, bytes: [127, 0, 0, 1])
    }

    var issuer: CertificateForge.Signer
    /// Those shown between the certificate and its root.
    var chain: [Certificate] = []
    var key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    /// A key that takes the place of the certified one after it was signed.
    var exchangedKey: P256.Signing.PrivateKey?
    var serial: [UInt8] = [0x51, 2, 3, 4, 5, 6, 7, 8, 9]
    var notBefore = Date(timeIntervalSinceNow: -3600)
    var notAfter = Date(timeIntervalSinceNow: 3600)
    var commonName = "Pulih"
    var names: [Name]
    /// Nil where it says nothing of it.
    var constraints: BasicConstraints? = .notCertificateAuthority
    var keyUsage: KeyUsage? = KeyUsage(digitalSignature: true)
    var purposes: [ExtendedKeyUsage.Usage] = [.serverAuth, .clientAuth]
    var further: [Certificate.Extension] = []
    /// Signed by its own key, as if it were its own authority.
    var isSelfSigned = false

    /// The certificate with those between it and its root, and its key, as PEM.
    func make() throws -> (certificate: String, key: String) {
        let subject = try DistinguishedName { CommonName(commonName) }
        var extensions = Certificate.Extensions()
        if let constraints {
            try extensions.append(Certificate.Extension(constraints, critical: true))
        }
        if let keyUsage { try extensions.append(Certificate.Extension(keyUsage, critical: true)) }
        if !purposes.isEmpty {
            try extensions.append(
                Certificate.Extension(ExtendedKeyUsage(purposes), critical: false))
        }
        if !names.isEmpty {
            let bytes = Self.sequence(names.map { Self.element(0x80 | $0.tag, $0.bytes) })
            try extensions.append(
                Certificate.Extension(
                    oid: .X509ExtensionID.subjectAlternativeName, critical: false,
                    value: bytes[...]))
        }
        try extensions.append(
            Certificate.Extension(
                AuthorityKeyIdentifier(keyIdentifier: issuer.certificate.keyIdentifier),
                critical: false))
        for further in further { try extensions.append(further) }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(bytes: serial), publicKey: key.publicKey,
            notValidBefore: notBefore, notValidAfter: notAfter,
            issuer: isSelfSigned ? subject : issuer.certificate.subject, subject: subject,
            signatureAlgorithm: issuer.algorithm, extensions: extensions,
            issuerPrivateKey: isSelfSigned ? key : issuer.key)
        guard let exchangedKey, let certified = P256.Signing.PublicKey(key.publicKey) else {
            return (
                try CertificateForge.pem([certificate] + chain),
                try key.serializeAsPEM().pemString + "\n"
            )
        }
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        let changed = Self.replace(
            Array(certified.x963Representation),
            with: Array(exchangedKey.publicKey.x963Representation),
            in: serializer.serializedBytes)
        let document = PEMDocument(type: "CERTIFICATE", derBytes: changed)
        return (document.pemString + "\n", exchangedKey.pemRepresentation + "\n")
    }

    private static func replace(
        _ old: [UInt8], with new: [UInt8], in bytes: [UInt8]
    ) -> [UInt8] {
        guard let start = bytes.firstRange(of: old)?.lowerBound else { return bytes }
        var bytes = bytes
        bytes.replaceSubrange(start..<start + old.count, with: new)
        return bytes
    }

    /// An element of DER with its tag and length.
    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        let length: [UInt8] =
            count < 0x80
            ? [UInt8(count)]
            : count < 0x100
                ? [0x81, UInt8(count)] : [0x82, UInt8(count >> 8), UInt8(count & 0xff)]
        return [tag] + length + content
    }

    private static func sequence(_ elements: [[UInt8]]) -> [UInt8] {
        element(0x30, elements.flatMap { $0 })
    }
}
