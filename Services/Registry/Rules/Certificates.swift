import RPC
package import RegistryAPI
package import Vocabulary

/// What is known when certificates are revoked.
package struct RevocationFacts: Hashable, Sendable {
    /// Every revocation of the same certificate or the same holder, and the one of the call's id.
    package var known: [CertificateRevocation]
    /// Who asks, by the certificate they show.
    package var caller: Identity
    package var now: Timestamp

    package init(known: [CertificateRevocation], caller: Identity, now: Timestamp) {
        self.known = known
        self.caller = caller
        self.now = now
    }
}

/// Decides on revocations of certificates.
package enum CertificateRules {
    /// Revokes one certificate, or all that a holder had until a moment.
    ///
    /// A moment in the future is refused: it would also cut off who gets a new certificate.
    package static func revoke(
        _ call: RevokeCertificate, facts: RevocationFacts
    ) throws -> CertificateRevocation {
        guard (call.serial == nil) != (call.identity == nil) else {
            throw InvalidInput("serial", "give either a serial or an identity")
        }
        if let identity = call.identity { try check(identity, of: facts.caller.domain) }
        guard call.issuedBefore == nil || call.identity != nil else {
            throw InvalidInput("issuedBefore", "goes with an identity only")
        }
        if let moment = call.issuedBefore, moment > facts.now {
            throw InvalidInput("issuedBefore", "must not lie in the future")
        }
        try Input.optionalText(call.note, "note", max: Input.textMax)
        if let same = facts.known.first(where: { $0.id == call.id }) {
            guard same.isWhat(call) else { throw Refused(RevokeCertificate.Refusal.idTaken) }
            return same
        }
        let revocation = CertificateRevocation(
            id: call.id, serial: call.serial, identity: call.identity,
            issuedBefore: call.identity == nil ? nil : call.issuedBefore ?? facts.now,
            reason: call.reason, note: call.note, revokedAt: facts.now,
            revokedBy: facts.caller.description)
        if let earlier = facts.known.first(where: { $0.covers(revocation) }) {
            throw Refused(
                RevokeCertificate.Refusal.alreadyRevoked, "since \(earlier.revokedAt)")
        }
        return revocation
    }

    private static func check(_ identity: String, of domain: String) throws {
        let holder: Identity
        do throws(IdentityError) {
            holder = try Identity(uri: identity)
        } catch {
            throw InvalidInput("identity", "\(error)")
        }
        guard holder.domain == domain else {
            throw InvalidInput("identity", "must be of the trust domain \(domain)")
        }
    }

    /// Those of one holder, or all; the newest first.
    package static func list(
        _ call: ListRevokedCertificates, of revocations: [CertificateRevocation]
    ) -> [CertificateRevocation] {
        revocations.filter { call.identity == nil || $0.identity == call.identity }
            .sorted { ($0.revokedAt, $0.id) > ($1.revokedAt, $1.id) }
    }
}

extension CertificateRevocation {
    /// Whether this is what the call asks for.
    fileprivate func isWhat(_ call: RevokeCertificate) -> Bool {
        serial == call.serial && identity == call.identity && reason == call.reason
            && note == call.note && (call.issuedBefore ?? issuedBefore) == issuedBefore
    }

    /// Whether everything that `other` would revoke is revoked by this.
    fileprivate func covers(_ other: CertificateRevocation) -> Bool {
        switch (revoked, other.revoked) {
        case (.one(let serial), .one(let same)): serial == same
        case (.all(let holder, let moment), .all(let same, let earlier)):
            holder == same && moment >= earlier
        default: false
        }
    }
}
