internal import CBOR
internal import FoundationEssentials
package import RPC
internal import RegistryAPI
package import Storage
internal import Vocabulary

/// What this service keeps of the registry's feed.
package enum RegistryCopies {
    /// Stores what an item says; kinds of record that nothing here needs are passed over.
    ///
    /// What is revoked is obeyed from then on, whatever becomes of the transaction: it is true.
    package static func apply(
        _ item: FeedItem, to transaction: borrowing Transaction, _ revocations: RevocationBook
    ) throws {
        guard let noun = item.noun.flatMap(RegistryFeedNoun.init), let body = item.body else {
            return
        }
        switch noun {
        case .facility:
            try transaction.putCopy(FacilityCopy(facility: read(body)))
        case .agreement:
            try transaction.putCopy(AgreementCopy(agreement: read(body)))
        case .program:
            try transaction.putCopy(ProgramCopy(program: read(body)))
        case .participant:
            try transaction.putCopy(ParticipantCopy(participant: read(body)))
        case .enrollment:
            try transaction.putCopy(EnrollmentCopy(enrollment: read(body)))
        case .revocation:
            let copy = RevocationCopy(revocation: try read(body))
            try transaction.putCopy(copy)
            if let revoked = copy.revocation.revoked { revocations.insert(revoked) }
        case .consent:
            try transaction.putCopy(ConsentCopy(consent: read(body)))
        case .legalRequest:
            try transaction.putCopy(LegalRequestCopy(request: read(body)))
        case .restriction:
            try transaction.putCopy(RestrictionCopy(restriction: read(body)))
        case .staff:
            break
        }
    }

    private static func read<Body: Decodable>(_ body: [UInt8]) throws -> Body {
        try CBORDecoder().decode(Body.self, from: body)
    }
}

// The registry's own server stores some of these types too, so each copy has a type of its own.

struct FacilityCopy: StoredRecord {
    static let noun: StaticString = "facility_copy"
    static let columns: [StaticString] = ["code"]
    let facility: Facility
    var key: UUID { facility.id.uuid }
    var subject: UUID? { nil }
    var columnValues: [SQLValue] { [.text(facility.code)] }
}

struct AgreementCopy: StoredRecord {
    static let noun: StaticString = "agreement_copy"
    static let columns: [StaticString] = []
    let agreement: Agreement
    var key: UUID { agreement.id.uuid }
    var subject: UUID? { nil }
    var columnValues: [SQLValue] { [] }
}

struct ProgramCopy: StoredRecord {
    static let noun: StaticString = "program_copy"
    static let columns: [StaticString] = ["code"]
    let program: ProgramSummary
    var key: UUID { program.id.uuid }
    var subject: UUID? { nil }
    var columnValues: [SQLValue] { [.text(program.code)] }
}

struct ParticipantCopy: StoredRecord {
    static let noun: StaticString = "participant_copy"
    static let columns: [StaticString] = ["facility", "merged_into"]
    let participant: ParticipantSummary
    var key: UUID { participant.id.uuid }
    var subject: UUID? { participant.id.uuid }
    var columnValues: [SQLValue] {
        [.text(participant.facilityCode), .id(participant.mergedInto)]
    }
}

struct EnrollmentCopy: StoredRecord {
    static let noun: StaticString = "enrollment_copy"
    static let columns: [StaticString] = ["participant", "program", "cohort"]
    let enrollment: EnrollmentSummary
    var key: UUID { enrollment.id.uuid }
    var subject: UUID? { enrollment.participant.uuid }
    var columnValues: [SQLValue] {
        [.id(enrollment.participant), .id(enrollment.program), .text(enrollment.cohort)]
    }
}

struct ConsentCopy: StoredRecord {
    static let noun: StaticString = "consent_copy"
    static let columns: [StaticString] = ["participant"]
    let consent: ConsentSummary
    var key: UUID { consent.id.uuid }
    var subject: UUID? { consent.participant.uuid }
    var columnValues: [SQLValue] { [.id(consent.participant)] }
}

struct LegalRequestCopy: StoredRecord {
    static let noun: StaticString = "legal_request_copy"
    static let columns: [StaticString] = ["participant"]
    let request: LegalRequestSummary
    var key: UUID { request.id.uuid }
    var subject: UUID? { request.participant.uuid }
    var columnValues: [SQLValue] { [.id(request.participant)] }
}

struct RestrictionCopy: StoredRecord {
    static let noun: StaticString = "restriction_copy"
    static let columns: [StaticString] = ["participant"]
    let restriction: RestrictionSummary
    var key: UUID { restriction.id.uuid }
    var subject: UUID? { restriction.participant.uuid }
    var columnValues: [SQLValue] { [.id(restriction.participant)] }
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
