import Crypto
import CryptoExtras
import Foundation
import RPC
import SwiftASN1
import TestKit
import Vocabulary
import X509

/// One way in which a certificate is bad, and what whoever refuses it says.
struct BadCertificate: Sendable {
    /// Who shows it.
    enum Side: String, CaseIterable, Sendable {
        case caller
        case service
    }

    /// What is done without a certificate.
    enum Habit: String, Sendable {
        case none
        /// Speaks TLS 1.2 and no later version.
        case oldVersion
        /// Shows no certificate.
        case bare
    }

    let name: String
    /// Words of the refusal.
    let words: String
    var sides = Set(Side.allCases)
    var habit = Habit.none
    /// The host that is dialed where a service shows it.
    var host = "127.0.0.1"
    /// What is revoked on the side that judges.
    var revoked: [RevokedCertificates] = []
    var spoil: @Sendable (inout Blueprint, CertificateForge, Side) throws -> Void = { _, _, _ in }

    /// Whom the good certificate of a side names.
    static func holder(_ side: Side) -> String {
        let identity =
            side == .caller
            ? TestCertificates.person(.counselor) : TestCertificates.service(.registry)
        return identity.description
    }

    /// The certificate and key that this side shows.
    func make(_ forge: CertificateForge, _ side: Side) throws -> (certificate: String, key: String)
    {
        var blueprint = Blueprint(
            issuer: forge.root,
            names: [.uri(Self.holder(side))]
                + (side == .service ? [.dns("localhost"), .loopback] : []))
        try spoil(&blueprint, forge, side)
        return try blueprint.make()
    }

    /// One whose URI is another.
    private static func named(
        _ name: String, _ words: String, sides: Set<Side> = Set(Side.allCases),
        _ uri: @escaping @Sendable (String) -> String
    ) -> BadCertificate {
        BadCertificate(name: name, words: words, sides: sides) { blueprint, _, side in
            blueprint.names[0] = .uri(uri(holder(side)))
        }
    }

    static let all = validity + issuers + purposes + names + keys + connections

    private static let validity = [
        BadCertificate(name: "expired", words: "has expired") { blueprint, _, _ in
            blueprint.notAfter = Date(timeIntervalSinceNow: -60)
        },
        BadCertificate(name: "not yet valid", words: "not valid yet") { blueprint, _, _ in
            blueprint.notBefore = Date(timeIntervalSinceNow: 1800)
        },
        BadCertificate(
            name: "revoked by its number", words: "is revoked",
            revoked: [(try? CertificateSerial("510203040506070809")).map(RevokedCertificates.one)]
                .compactMap { $0 }),
        BadCertificate(
            name: "revoked with all of its holder", words: "is revoked",
            revoked: Side.allCases.map {
                .all(
                    of: holder($0),
                    before: Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)))
            }),
    ]

    private static let untrusted = "not from an authority that is trusted"

    private static let issuers = [
        BadCertificate(name: "of another authority", words: untrusted) { blueprint, _, _ in
            blueprint.issuer = try CertificateForge.authority("Stranger", pathLength: nil)
        },
        BadCertificate(name: "of an authority's namesake", words: untrusted) {
            blueprint, forge, _ in
            blueprint.issuer = forge.namesake
        },
        BadCertificate(name: "self-signed", words: untrusted) { blueprint, _, _ in
            blueprint.isSelfSigned = true
        },
        BadCertificate(name: "without the authority between", words: untrusted) {
            blueprint, forge, _ in
            blueprint.issuer = try CertificateForge.authority(
                "Between", pathLength: 0, under: forge.root)
        },
        BadCertificate(name: "below more authorities than allowed", words: "path length") {
            blueprint, forge, _ in
            let between = try CertificateForge.authority(
                "Between", pathLength: nil, under: forge.narrow)
            blueprint.issuer = between
            blueprint.chain = [between.certificate]
        },
        BadCertificate(name: "issued by somebody who is no authority", words: "invalid CA") {
            blueprint, forge, side in
            var leaf = Blueprint(issuer: forge.root, names: [.uri(holder(side))])
            leaf.commonName = "No authority"
            let pem = try leaf.make().certificate
            let certificate = try Certificate(pemEncoded: pem)
            blueprint.issuer = CertificateForge.Signer(certificate: certificate, key: leaf.key)
            blueprint.chain = [certificate]
        },
        BadCertificate(name: "changed after it was signed", words: untrusted) { blueprint, _, _ in
            blueprint.exchangedKey = P256.Signing.PrivateKey()
        },
    ]

    private static let otherProfile = "not made as `pulih pki` makes them"

    private static let purposes = [
        BadCertificate(name: "for the other side of TLS", words: "not made for this side") {
            blueprint, _, side in
            blueprint.purposes = side == .caller ? [.serverAuth] : [.clientAuth]
        },
        BadCertificate(name: "for no purpose", words: otherProfile) { blueprint, _, _ in
            blueprint.purposes = []
        },
        BadCertificate(name: "for any purpose", words: "not made for this side") {
            blueprint, _, _ in
            blueprint.purposes = [.any]
        },
        BadCertificate(name: "an authority's own", words: "issue others") { blueprint, _, _ in
            blueprint.constraints = .isCertificateAuthority(maxPathLength: nil)
            blueprint.keyUsage = KeyUsage(digitalSignature: true, keyCertSign: true)
            blueprint.further = [
                try Certificate.Extension(
                    SubjectKeyIdentifier(hash: blueprint.key.publicKey), critical: false)
            ]
        },
        BadCertificate(name: "without basic constraints", words: otherProfile) {
            blueprint, _, _ in
            blueprint.constraints = nil
        },
        BadCertificate(name: "whose key is not for signatures", words: "not made for this side") {
            blueprint, _, _ in
            blueprint.keyUsage = KeyUsage(dataEncipherment: true)
        },
        BadCertificate(name: "that does not say what its key is for", words: otherProfile) {
            blueprint, _, _ in
            blueprint.keyUsage = nil
        },
        BadCertificate(name: "with an unknown critical extension", words: "critical extension") {
            blueprint, _, _ in
            blueprint.further = [
                Certificate.Extension(oid: [1, 2, 3, 4, 5], critical: true, value: [0x05, 0x00])
            ]
        },
        BadCertificate(name: "without a serial number above zero", words: "serial number") {
            blueprint, _, _ in
            blueprint.serial = [0]
        },
    ]

    private static let exactlyOne = "exactly one"

    private static let names = [
        BadCertificate(name: "that names its holder as subject only", words: exactlyOne) {
            blueprint, _, side in
            blueprint.commonName = "registry"
            blueprint.names.removeFirst()
        },
        BadCertificate(name: "without any alternative name", words: exactlyOne, sides: [.caller]) {
            blueprint, _, _ in
            blueprint.names = []
        },
        BadCertificate(name: "with two URIs", words: exactlyOne) { blueprint, _, _ in
            blueprint.names.append(.uri("spiffe://pulih.test/service/clinical"))
        },
        named("with a NUL in its URI", "not text") { $0 + "\0.evil.test" },
        named("with letters that look alike in its URI", "neither service/NAME") {
            $0.replacing("pulih", with: "рulih")
        },
        BadCertificate(name: "with bytes that are no text in its URI", words: "not text") {
            blueprint, _, side in
            blueprint.names[0] = Blueprint.Name(
                tag: 6, bytes: Array(holder(side).utf8) + [0xff, 0xfe])
        },
        named("whose URI is no SPIFFE identifier", "not a spiffe:// URI") {
            $0.replacing("spiffe://", with: "https://")
        },
        named("with a part too many in its URI", "neither service/NAME") { $0 + "/more" },
        named("with an empty part in its URI", "neither service/NAME") {
            $0.replacing("test/", with: "test//")
        },
        named("with an unknown role", "role that does not exist") { _ in
            "spiffe://pulih.test/facility/rutan-kraksaan/role/warden/tester"
        },
        named("of an unknown service", "service that does not exist") { _ in
            "spiffe://pulih.test/service/gateway"
        },
        BadCertificate(name: "of another trust domain", words: "does not name it as needed here") {
            blueprint, _, side in
            blueprint.names[0] = .uri(holder(side).replacing("pulih.test", with: "other.test"))
        },
        named("of another service", "not the service registry", sides: [.service]) { _ in
            "spiffe://pulih.test/service/clinical"
        },
        named("of a person", "not the service registry", sides: [.service]) { _ in
            holder(.caller)
        },
        BadCertificate(name: "for another host", words: "not for the host", sides: [.service]) {
            blueprint, _, _ in
            blueprint.names[1...] = [.dns("elsewhere.test")]
        },
        BadCertificate(
            name: "for its host as subject only", words: "not for the host", sides: [.service],
            host: "localhost"
        ) { blueprint, _, _ in
            blueprint.commonName = "localhost"
            blueprint.names.removeLast(2)
        },
        BadCertificate(
            name: "with a NUL in its host", words: "not for the host", sides: [.service],
            host: "localhost"
        ) { blueprint, _, _ in
            blueprint.names[1...] = [.dns("localhost\0.evil.test")]
        },
    ]

    private static let keys = [
        BadCertificate(name: "signed with SHA-1", words: "too weak") { blueprint, forge, _ in
            blueprint.issuer = forge.rsa
            blueprint.issuer.algorithm = .sha1WithRSAEncryption
        },
        BadCertificate(name: "with an RSA key of 1024 bits", words: "key too weak") {
            blueprint, _, _ in
            blueprint.key = Certificate.PrivateKey(
                try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1024)))
        },
    ]

    private static let connections = [
        BadCertificate(
            name: "good, under TLS 1.2", words: "does not speak TLS 1.3", habit: .oldVersion),
        BadCertificate(
            name: "none at all", words: "showed no certificate", sides: [.caller], habit: .bare),
    ]
}
