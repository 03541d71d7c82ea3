package import Vocabulary

/// Connections of one minute that a service refused in their handshake for one reason, from one
/// host, for one certificate.
///
/// No byte of the application is read of them. A stranger decides how many there are, so a minute
/// has ten of these at most, and one more that counts all beyond: of that one only the times are
/// known. Who is refused shows who tries; their name is only what they claim.
package struct RefusedCertificate: Codable, Hashable, Sendable {
    /// Why a certificate is refused; stable.
    package enum Reason: String, Codable, Hashable, Sendable, CaseIterable {
        case otherAuthority = "other-authority"
        case expired
        case notYetValid = "not-yet-valid"
        case revoked
        /// It is made for the other side of TLS, or for something else.
        case wrongPurpose = "wrong-purpose"
        /// It is not made as `pulih pki` makes them.
        case otherProfile = "other-profile"
        /// It does not name somebody of this trust domain, in the one URI that it must have.
        case noIdentity = "no-identity"
        /// OpenSSL found something else: a weak key, a chain that is too long.
        case unsound
        /// Whoever showed it did not prove that they have its key.
        case unproven
    }

    package let id: RefusedCertificateID
    /// Absent, as are the two below, where it stands for all that were too many to list.
    package let reason: Open<Reason>?
    package let certificate: ShownCertificate?
    /// The address of the other end, without its port.
    package let from: String?
    /// How many connections.
    package var count: Int
    package let firstAt: Timestamp
    package var lastAt: Timestamp

    package init(
        id: RefusedCertificateID, reason: Reason?, certificate: ShownCertificate?, from: String?,
        count: Int, firstAt: Timestamp, lastAt: Timestamp
    ) {
        self.id = id
        self.reason = reason.map(Open.init)
        self.certificate = certificate
        self.from = from
        self.count = count
        self.firstAt = firstAt
        self.lastAt = lastAt
    }
}

/// Shows the connections that were refused for the certificate they showed, the newest first.
///
/// Every service answers it.
package struct ListRefusedCertificates: RPCMethod {
    package static let name: MethodName = "rpc.refusedcertificate.list"
    package static let access = Access.staff(.auditor, .administrator)
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly
    package static let limitMaximum = 500

    /// The last one that the caller has; absent from the newest on.
    package let before: RefusedCertificateID?
    /// 1 to 500; 100 where absent.
    package let limit: Int?

    package init(before: RefusedCertificateID? = nil, limit: Int? = nil) {
        self.before = before
        self.limit = limit
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let certificates: [RefusedCertificate]
        /// What to pass as `before` for more; absent where this was all.
        package let next: RefusedCertificateID?

        package init(certificates: [RefusedCertificate], next: RefusedCertificateID?) {
            self.certificates = certificates
            self.next = next
        }
    }
}
