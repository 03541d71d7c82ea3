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

/// A private certificate authority for trial and test.
///
/// Keys are P-256. It keeps no list: whoever runs it decides what it signs.
package struct CertificateAuthority: Sendable {
    private let key: P256.Signing.PrivateKey
    private let root: Certificate

    /// Makes a new authority.
    package init(name: String, notBefore: Date, notAfter: Date) throws {
        key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName { CommonName(name) }
        let signer = Certificate.PrivateKey(key)
        root = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: signer.publicKey,
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
    package init(_ credential: Credential) throws {
        key = try P256.Signing.PrivateKey(pemRepresentation: credential.key)
        root = try Certificate(pemEncoded: credential.certificate)
    }

    /// The authority's own certificate and key.
    package var credential: Credential {
        get throws {
            Credential(
                certificate: try root.serializeAsPEM().pemString + "\n",
                key: key.pemRepresentation + "\n")
        }
    }

    /// Issues a certificate.
    ///
    /// `key`: the private key that its holder has already (PEM, P-256); a fresh one if nil.
    package func issue(
        _ request: CertificateRequest, keeping key: String? = nil
    ) throws -> Credential {
        let leaf =
            try key.map { try P256.Signing.PrivateKey(pemRepresentation: $0) }
            ?? P256.Signing.PrivateKey()
        let publicKey = Certificate.PrivateKey(leaf).publicKey
        var names = request.uris.map { GeneralName.uniformResourceIdentifier($0) }
        for host in request.hosts { names.append(Self.name(of: host)) }
        var usages: [ExtendedKeyUsage.Usage] = []
        if request.forServers { usages.append(.serverAuth) }
        if request.forClients { usages.append(.clientAuth) }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: publicKey,
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
        return Credential(
            certificate: try certificate.serializeAsPEM().pemString + "\n",
            key: leaf.pemRepresentation + "\n")
    }

    /// An address where the text is one, a host name otherwise.
    private static func name(of host: String) -> GeneralName {
        let parts = host.split(separator: ".").compactMap { UInt8($0) }
        guard parts.count == 4 else { return .dnsName(host) }
        return .ipAddress(ASN1OctetString(contentBytes: ArraySlice(parts)))
    }
}
