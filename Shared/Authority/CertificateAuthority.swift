internal import Crypto
package import Foundation
internal import SwiftASN1
package import Vocabulary
internal import X509

/// A certificate and its private key, both as PEM text.
package struct Credential: Sendable {
    package let certificate: String
    /// Secret: written only to files that their owner alone can read.
    package let key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// What a certificate says besides whom it names.
package struct CertificateRequest: Sendable {
    /// URIs among the alternative names; a usable certificate has exactly one.
    package var uris: [String]
    /// Host names it is for.
    package var hosts: [String]
    package var notBefore: Date
    package var notAfter: Date
    /// Whether it may be used to accept connections.
    package var forServers: Bool
    /// Whether it may be used to make connections.
    package var forClients: Bool

    /// A certificate for one identity, good for both sides of a connection.
    package init(_ identity: Identity, hosts: [String] = [], notBefore: Date, notAfter: Date) {
        uris = [identity.description]
        self.hosts = hosts
        self.notBefore = notBefore
        self.notAfter = notAfter
        forServers = true
        forClients = true
    }
}

/// A private certificate authority.
///
/// Keys are P-256. It keeps no list: whoever runs it decides what it signs, and notes it.
package struct CertificateAuthority: Sendable {
    private let key: P256.Signing.PrivateKey
    private let root: Certificate

    /// Makes a new authority.
    package init(name: String, notBefore: Date, notAfter: Date) throws {
        key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName { CommonName(name) }
        let signer = Certificate.PrivateKey(key)
        root = try Certificate(
            version: .v3, serialNumber: .random, publicKey: signer.publicKey,
            notValidBefore: notBefore, notValidAfter: notAfter, issuer: subject, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: signer.publicKey)
            },
            issuerPrivateKey: signer)
    }

    /// Takes an authority up again from its PEM texts.
    ///
    /// - Throws: ``AuthorityProblem/keyDoesNotFit`` where they are not of one authority.
    package init(_ credential: Credential) throws {
        key = try P256.Signing.PrivateKey(pemRepresentation: credential.key)
        root = try Certificate(pemEncoded: credential.certificate)
        guard Certificate.PublicKey(key.publicKey) == root.publicKey else {
            throw AuthorityProblem.keyDoesNotFit
        }
    }

    /// The authority's own certificate and key.
    package var credential: Credential {
        get throws {
            Credential(
                certificate: try root.serializeAsPEM().pemString + "\n",
                key: key.pemRepresentation + "\n")
        }
    }

    /// When the authority itself ends, and with it all that it has issued.
    package var notAfter: Date { root.notValidAfter }

    /// Issues a certificate.
    ///
    /// `key`: the private key that its holder has already (PEM, P-256); a fresh one if nil.
    package func issue(
        _ request: CertificateRequest, keeping key: String? = nil
    ) throws -> Credential {
        let leaf =
            try key.map { try P256.Signing.PrivateKey(pemRepresentation: $0) }
            ?? P256.Signing.PrivateKey()
        return Credential(
            certificate: try certificate(request, for: leaf.publicKey),
            key: leaf.pemRepresentation + "\n")
    }

    /// Issues a certificate (PEM) for a key that this machine never sees.
    ///
    /// Nothing of the request is copied but the key, the identity and the hosts.
    package func sign(
        _ request: SigningRequest, notBefore: Date, notAfter: Date
    ) throws -> String {
        try certificate(
            CertificateRequest(
                request.identity, hosts: request.hosts, notBefore: notBefore, notAfter: notAfter),
            for: request.publicKey)
    }

    private func certificate(
        _ request: CertificateRequest, for key: P256.Signing.PublicKey
    ) throws -> String {
        var names = request.uris.map { GeneralName.uniformResourceIdentifier($0) }
        for host in request.hosts { names.append(HostName.generalName(of: host)) }
        var usages: [ExtendedKeyUsage.Usage] = []
        if request.forServers { usages.append(.serverAuth) }
        if request.forClients { usages.append(.clientAuth) }
        let certificate = try Certificate(
            version: .v3, serialNumber: .random, publicKey: Certificate.PublicKey(key),
            notValidBefore: request.notBefore, notValidAfter: request.notAfter,
            issuer: root.subject, subject: try DistinguishedName { CommonName("Pulih") },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage(usages)
                SubjectAlternativeNames(names)
                AuthorityKeyIdentifier(
                    keyIdentifier: SubjectKeyIdentifier(hash: root.publicKey).keyIdentifier)
            },
            issuerPrivateKey: Certificate.PrivateKey(self.key))
        return try certificate.serializeAsPEM().pemString + "\n"
    }
}

/// Why an authority cannot be taken up.
package enum AuthorityProblem: Error, Hashable, Sendable {
    case keyDoesNotFit
}

extension Certificate.SerialNumber {
    /// A fresh one: 126 random bits, always positive and of 16 bytes.
    ///
    /// RFC 5280, 4.1.2.2 asks for a positive number of at most 20 bytes; CA/Browser Forum for 64
    /// random bits.
    static var random: Self {
        var source = SystemRandomNumberGenerator()
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &source) }
        bytes[0] = bytes[0] & 0x7f | 0x40
        return Self(bytes: bytes)
    }
}
