package import RPC
package import Vocabulary

/// A decision that certificates count no more.
///
/// It cannot be taken back: who was cut off by mistake gets a new certificate.
package struct CertificateRevocation: Codable, Hashable, Sendable {
    package let id: RevocationID
    /// The one certificate that is revoked; absent where all of an identity are.
    package let serial: CertificateSerial?
    /// The holder, as the URI in their certificates; absent where one certificate is revoked.
    package let identity: String?
    /// All certificates of the identity that begin to be valid before this are revoked.
    package let issuedBefore: Timestamp?
    package let reason: RevocationReason
    /// What happened, for the administrators and auditors who read it later.
    package let note: String?
    package let revokedAt: Timestamp
    /// Who decided it, as their certificate names them.
    package let revokedBy: String

    package init(
        id: RevocationID, serial: CertificateSerial?, identity: String?, issuedBefore: Timestamp?,
        reason: RevocationReason, note: String?, revokedAt: Timestamp, revokedBy: String
    ) {
        self.id = id
        self.serial = serial
        self.identity = identity
        self.issuedBefore = issuedBefore
        self.reason = reason
        self.note = note
        self.revokedAt = revokedAt
        self.revokedBy = revokedBy
    }
}

/// Why certificates are revoked: the codes of RFC 5280, 5.3.1.
///
/// Without `certificateHold` and `removeFromCRL`, because nothing that is revoked comes back;
/// without `aACompromise`, because there are no attribute certificates here.
package enum RevocationReason: String, Codable, Hashable, Sendable, CaseIterable {
    case unspecified
    /// The key was lost, copied or seen by somebody else.
    case keyCompromise = "key-compromise"
    case authorityCompromise = "authority-compromise"
    /// The holder belongs elsewhere now, or has another office.
    case affiliationChanged = "affiliation-changed"
    /// Another certificate has taken its place.
    case superseded
    /// The holder works here no more; the service runs no more.
    case cessationOfOperation = "cessation-of-operation"
    /// The holder is trusted no more.
    case privilegeWithdrawn = "privilege-withdrawn"
}

/// Revokes one certificate, or all that somebody had until a moment.
///
/// The registry obeys at once: it ends the connections on which such a certificate was shown, and
/// takes no new ones. The others do so as soon as they hear it by the feed.
package struct RevokeCertificate: RPCMethod {
    package static let name: MethodName = "registry.certificate.revoke"
    /// The heads too: a lost key must not wait for the one administrator, and cutting somebody off
    /// shows nothing to anybody.
    package static let access = Access.staff(.administrator, .facilityHead, .boardHead)
    package static let section = Section.operational
    package static let repeatability = Repeatability.keyed
    package typealias Reply = CertificateRevocation

    package let id: RevocationID
    /// Either the one certificate or its holder is given.
    package let serial: CertificateSerial?
    /// The holder, as the URI in their certificates.
    package let identity: String?
    /// Only with an identity; the moment of the call where it is absent.
    package let issuedBefore: Timestamp?
    package let reason: RevocationReason
    package let note: String?

    package init(
        id: RevocationID, serial: CertificateSerial? = nil, identity: String? = nil,
        issuedBefore: Timestamp? = nil, reason: RevocationReason, note: String? = nil
    ) {
        self.id = id
        self.serial = serial
        self.identity = identity
        self.issuedBefore = issuedBefore
        self.reason = reason
        self.note = note
    }

    package enum Refusal: String, RPCRefusal {
        case alreadyRevoked = "certificate-already-revoked"
        case idTaken = "revocation-id-taken"

        package var status: StatusCode { .alreadyExists }

        package var explanation: String {
            switch self {
            case .alreadyRevoked:
                "this is revoked already; `pulih certificate list` shows since when"
            case .idTaken: "this id already names a revocation of something else; make a new id"
            }
        }
    }
}

/// Shows what is revoked, all or for one holder, the newest first.
package struct ListRevokedCertificates: RPCMethod {
    package static let name: MethodName = "registry.certificate.list"
    package static let access = Access.staff(
        .administrator, .auditor, .facilityHead, .boardHead)
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly

    /// The holder, as the URI in their certificates.
    package let identity: String?

    package init(identity: String? = nil) {
        self.identity = identity
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let revocations: [CertificateRevocation]

        package init(revocations: [CertificateRevocation]) {
            self.revocations = revocations
        }
    }
}

/// A revocation as the other services need it: without the note.
package struct RevocationSummary: Codable, Hashable, Sendable {
    package let id: RevocationID
    package let serial: CertificateSerial?
    package let identity: String?
    package let issuedBefore: Timestamp?
    package let reason: Open<RevocationReason>
    package let revokedAt: Timestamp

    package init(_ revocation: CertificateRevocation) {
        id = revocation.id
        serial = revocation.serial
        identity = revocation.identity
        issuedBefore = revocation.issuedBefore
        reason = Open(revocation.reason)
        revokedAt = revocation.revokedAt
    }

    /// What it has revoked; nil where a later version says it in a way that is not known here.
    package var revoked: RevokedCertificates? {
        RevokedCertificates(serial: serial, identity: identity, issuedBefore: issuedBefore)
    }
}

extension CertificateRevocation {
    /// What it has revoked.
    package var revoked: RevokedCertificates? {
        RevokedCertificates(serial: serial, identity: identity, issuedBefore: issuedBefore)
    }
}

extension RevokedCertificates {
    fileprivate init?(serial: CertificateSerial?, identity: String?, issuedBefore: Timestamp?) {
        if let serial {
            self = .one(serial)
        } else if let identity, let issuedBefore {
            self = .all(of: identity, before: issuedBefore)
        } else {
            return nil
        }
    }
}
