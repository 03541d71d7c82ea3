/// The certificates that one decision has revoked.
package enum RevokedCertificates: Hashable, Sendable {
    case one(CertificateSerial)
    /// All of this identity, written as its URI, that begin to be valid before a moment.
    ///
    /// Who gets a new certificate afterwards is let in again.
    case all(of: String, before: Timestamp)
}

/// What a certificate says that a revocation can be about.
package struct CertificateFacts: Hashable, Sendable {
    package let serial: CertificateSerial
    /// The URI that names its holder.
    package let identity: String
    package let validFrom: Timestamp

    package init(serial: CertificateSerial, identity: String, validFrom: Timestamp) {
        self.serial = serial
        self.identity = identity
        self.validFrom = validFrom
    }
}

/// Everything that is known to be revoked, for a look-up with each connection.
///
/// It only grows: nothing that is revoked comes back, but somebody may get a new certificate.
package struct RevocationSet: Hashable, Sendable {
    private var serials: Set<CertificateSerial> = []
    /// The latest moment for each identity.
    private var moments: [String: Timestamp] = [:]

    package init() {}

    /// Adds what a decision has revoked, and returns whether that is news.
    package mutating func insert(_ revoked: RevokedCertificates) -> Bool {
        switch revoked {
        case .one(let serial): return serials.insert(serial).inserted
        case .all(let identity, let moment):
            if let known = moments[identity], known >= moment { return false }
            moments[identity] = moment
            return true
        }
    }

    package func contains(_ certificate: CertificateFacts) -> Bool {
        serials.contains(certificate.serial)
            || moments[certificate.identity].map { certificate.validFrom < $0 } ?? false
    }
}
