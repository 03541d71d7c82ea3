internal import CBOR
package import FoundationEssentials
package import RPC
package import RegistryAPI
package import Storage
package import Vocabulary

/// What every follower of the registry's feed keeps in the same form, because it decides who may
/// see whom: consents, restrictions, granted legal requests and revocations.
package enum StandingCopies {
    package static let records: [any StoredRecord.Type] = [
        ConsentCopy.self, LegalRequestCopy.self, RestrictionCopy.self,
    ]

    /// Stores what an item says; other kinds of record are passed over.
    ///
    /// What is revoked is obeyed from then on, whatever becomes of the transaction: it is true.
    package static func apply(
        _ noun: RegistryFeedNoun, _ body: [UInt8], to transaction: borrowing Transaction,
        _ revocations: RevocationBook
    ) throws {
        switch noun {
        case .consent:
            try transaction.putCopy(ConsentCopy(consent: read(body)))
        case .legalRequest:
            try transaction.putCopy(LegalRequestCopy(request: read(body)))
        case .restriction:
            try transaction.putCopy(RestrictionCopy(restriction: read(body)))
        case .revocation:
            let copy = RevocationCopy(revocation: try read(body))
            try transaction.putCopy(copy)
            if let revoked = copy.revocation.revoked { revocations.insert(revoked) }
        case .facility, .agreement, .program, .staff, .participant, .enrollment:
            break
        }
    }

    /// The body of an item.
    package static func read<Body: Decodable>(_ body: [UInt8]) throws -> Body {
        try CBORDecoder().decode(Body.self, from: body)
    }
}

package struct ConsentCopy: StoredRecord {
    package static let noun: StaticString = "consent_copy"
    package static let columns: [StaticString] = ["participant"]
    let consent: ConsentSummary
    package var key: UUID { consent.id.uuid }
    package var subject: UUID? { consent.participant.uuid }
    package var columnValues: [SQLValue] { [.id(consent.participant)] }
}

package struct LegalRequestCopy: StoredRecord {
    package static let noun: StaticString = "legal_request_copy"
    package static let columns: [StaticString] = ["participant"]
    let request: LegalRequestSummary
    package var key: UUID { request.id.uuid }
    package var subject: UUID? { request.participant.uuid }
    package var columnValues: [SQLValue] { [.id(request.participant)] }
}

package struct RestrictionCopy: StoredRecord {
    package static let noun: StaticString = "restriction_copy"
    package static let columns: [StaticString] = ["participant"]
    let restriction: RestrictionSummary
    package var key: UUID { restriction.id.uuid }
    package var subject: UUID? { restriction.participant.uuid }
    package var columnValues: [SQLValue] { [.id(restriction.participant)] }
}

/// A revocation stays where the copies are made anew: it cannot be taken back, and nobody who is
/// cut off may be let in until the feed has come that far again.
struct RevocationCopy: StoredRecord {
    static let noun: StaticString = "revocation_copy"
    static let columns: [StaticString] = []
    let revocation: RevocationSummary
    var key: UUID { revocation.id.uuid }
    var subject: UUID? { nil }
    var columnValues: [SQLValue] { [] }
}

extension Reading where Self: ~Copyable {
    /// Every certificate that the registry has told is revoked.
    package func revokedCertificates() throws -> [RevokedCertificates] {
        try all(RevocationCopy.self).compactMap(\.revocation.revoked)
    }
}
