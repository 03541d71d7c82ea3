internal import Crypto
internal import SwiftASN1
package import Vocabulary
internal import X509

/// What the holder of a key asks an authority for: PKCS #10 (RFC 2986), as PEM text.
///
/// The key itself stays where it was made. Its holder signs the request with it, so nobody can ask
/// for a certificate for a key that is not theirs.
package struct SigningRequest: Sendable {
    package let identity: Identity
    /// By what the holder is reached: at least one for a service, none for a person.
    package let hosts: [String]
    /// Extensions that it asks for besides, by their object identifiers; nothing is given of them.
    package let passedOver: [String]
    let publicKey: P256.Signing.PublicKey

    /// The SHA-256 hash of the public key (its SubjectPublicKeyInfo), in hexadecimal: two people can
    /// compare it by telephone.
    package var fingerprint: String {
        SHA256.hash(data: publicKey.derRepresentation).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// Makes a fresh private key (PEM, P-256).
    package static func makeKey() -> String {
        P256.Signing.PrivateKey().pemRepresentation + "\n"
    }

    /// Writes a request for a key that is there.
    ///
    /// - Throws: ``SigningRequestProblem`` where the key is none of P-256, or nobody would sign.
    package static func pem(
        _ identity: Identity, hosts: [String], key: String
    ) throws -> String {
        guard let key = try? P256.Signing.PrivateKey(pemRepresentation: key) else {
            throw SigningRequestProblem.otherKey
        }
        try check(identity, hosts)
        let names =
            [GeneralName.uniformResourceIdentifier(identity.description)]
            + hosts.map(HostName.generalName)
        let wishes = ExtensionRequest(
            extensions: try Certificate.Extensions { SubjectAlternativeNames(names) })
        let request = try CertificateSigningRequest(
            version: .v1, subject: try DistinguishedName { CommonName("Pulih") },
            privateKey: Certificate.PrivateKey(key),
            attributes: CertificateSigningRequest.Attributes([.init(wishes)]),
            signatureAlgorithm: .ecdsaWithSHA256)
        return try request.serializeAsPEM().pemString + "\n"
    }

    /// Reads a request, and checks that its own key has signed it and that it asks for one
    /// well-formed identity and the hosts that go with it.
    ///
    /// - Throws: ``SigningRequestProblem`` saying what is wrong.
    package init(pem: String) throws(SigningRequestProblem) {
        guard let request = try? CertificateSigningRequest(pemEncoded: pem) else {
            throw .unreadable
        }
        guard request.publicKey.isValidSignature(request.signature, for: request) else {
            throw .badSignature
        }
        guard let key = P256.Signing.PublicKey(request.publicKey) else { throw .otherKey }
        publicKey = key
        var names: [GeneralName] = []
        var passedOver: [String] = []
        for attribute in request.attributes {
            guard let wishes = try? ExtensionRequest(attribute) else {
                passedOver.append("\(attribute.oid)")
                continue
            }
            for wish in wishes.extensions {
                if let wanted = try? SubjectAlternativeNames(wish) {
                    names += wanted
                } else {
                    passedOver.append("\(wish.oid)")
                }
            }
        }
        self.passedOver = passedOver
        var uris: [String] = []
        var hosts: [String] = []
        for name in names {
            if case .uniformResourceIdentifier(let uri) = name {
                uris.append(uri)
            } else if let host = HostName.text(of: name) {
                hosts.append(host)
            } else {
                throw .otherName
            }
        }
        guard let uri = uris.first, uris.count == 1 else { throw .identities(uris.count) }
        do throws(IdentityError) {
            identity = try Identity(uri: uri)
        } catch {
            throw .identity(error)
        }
        self.hosts = hosts
        try Self.check(identity, hosts)
    }

    private static func check(
        _ identity: Identity, _ hosts: [String]
    ) throws(SigningRequestProblem) {
        // What is written must be readable as an identity again.
        guard (try? Identity(uri: identity.description)) == identity else {
            throw .identity(.malformedPath)
        }
        for host in hosts {
            if let problem = HostName.problem(host) { throw .host(problem) }
        }
        switch identity {
        case .service where hosts.isEmpty: throw .noHost
        case .person where !hosts.isEmpty: throw .hostsOfPerson
        default: break
        }
    }
}

/// Why a request is not signed.
package enum SigningRequestProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable
    case badSignature
    case otherKey
    case otherName
    case identities(Int)
    case identity(IdentityError)
    case host(String)
    case noHost
    case hostsOfPerson

    package var description: String {
        switch self {
        case .unreadable: "it is not a certificate signing request in PEM"
        case .badSignature: "its own key has not signed it: it was changed, or is somebody else's"
        case .otherKey: "its key is not of the curve P-256; `pulih pki request` makes one"
        case .otherName: "it asks for a name that is neither a URI, a host nor an address"
        case .identities(let count): "it asks for \(count) URIs; it must ask for exactly one"
        case .identity(let problem):
            "\(problem); codes have letters, digits, dots, dashes and underscores only"
        case .host(let problem): "a host that it asks for \(problem)"
        case .noHost: "a service needs the hosts that it is reached by"
        case .hostsOfPerson: "a person is not reached by a host; leave hosts out"
        }
    }
}
