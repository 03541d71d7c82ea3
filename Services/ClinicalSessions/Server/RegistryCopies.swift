internal import CBOR
internal import ClinicalRules
internal import FoundationEssentials
package import RPC
internal import RegistryAPI
package import Storage
internal import Vocabulary

/// What this service keeps of the registry's feed: what its own rules ask for, and no more.
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
            try transaction.putCopy(FacilityCopy(read(body)))
        case .participant:
            try transaction.putCopy(ParticipantCopy(read(body)))
        case .enrollment:
            try transaction.putCopy(EnrollmentCopy(read(body)))
        case .revocation:
            let copy = RevocationCopy(revocation: try read(body))
            try transaction.putCopy(copy)
            if let revoked = copy.revocation.revoked { revocations.insert(revoked) }
        case .agreement:
            try transaction.putCopy(AgreementCopy(read(body)))
        case .consent:
            try transaction.putCopy(ConsentCopy(consent: read(body)))
        case .legalRequest:
            try transaction.putCopy(LegalRequestCopy(request: read(body)))
        case .restriction:
            try transaction.putCopy(RestrictionCopy(restriction: read(body)))
        case .program, .staff:
            break
        }
    }

    private static func read<Body: Decodable>(_ body: [UInt8]) throws -> Body {
        try CBORDecoder().decode(Body.self, from: body)
    }
}

struct FacilityCopy: StoredRecord {
    static let noun: StaticString = "facility_copy"
    static let columns: [StaticString] = ["code"]
    let id: FacilityID
    let code: String
    let zone: Zone
    var key: UUID { id.uuid }
    var subject: UUID? { nil }
    var columnValues: [SQLValue] { [.text(code)] }

    init(_ facility: Facility) {
        id = facility.id
        code = facility.code
        zone = facility.zone
    }
}

struct ParticipantCopy: StoredRecord {
    static let noun: StaticString = "participant_copy"
    static let columns: [StaticString] = ["merged_into"]
    let id: ParticipantID
    let facilityCode: String
    let mergedInto: ParticipantID?
    /// Absent in older copies.
    let releases: [Day]?
    /// Absent in older copies.
    let isOnTrial: Bool?
    var key: UUID { id.uuid }
    var subject: UUID? { id.uuid }
    var columnValues: [SQLValue] { [.id(mergedInto)] }

    init(_ participant: ParticipantSummary) {
        id = participant.id
        facilityCode = participant.facilityCode
        mergedInto = participant.mergedInto
        releases = participant.releases.map(\.day)
        isOnTrial = participant.isOnTrial
    }
}

/// Who works with a facility.
struct AgreementCopy: StoredRecord {
    static let noun: StaticString = "agreement_copy"
    static let columns: [StaticString] = ["facility"]
    let id: AgreementID
    let facilityCode: String
    let institutionCodes: [String]
    var key: UUID { id.uuid }
    var subject: UUID? { nil }
    var columnValues: [SQLValue] { [.text(facilityCode)] }

    init(_ agreement: Agreement) {
        id = agreement.id
        facilityCode = agreement.facilityCode
        institutionCodes = agreement.institutionCodes
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

struct EnrollmentCopy: StoredRecord {
    static let noun: StaticString = "enrollment_copy"
    static let columns: [StaticString] = ["participant"]
    private let told: EnrollmentFact
    /// The registry's word, which a later version of this service may know; absent in older copies.
    private let word: Open<Enrollment.Status>?
    var key: UUID { told.enrollment.uuid }
    var subject: UUID? { told.participant.uuid }
    var columnValues: [SQLValue] { [.id(told.participant)] }

    private enum CodingKeys: String, CodingKey {
        case told = "fact"
        case word
    }

    init(_ enrollment: EnrollmentSummary) {
        told = EnrollmentFact(enrollment)
        word = enrollment.status
    }

    /// As this version reads the word, not as the one that stored it did.
    var fact: EnrollmentFact { word.map { told.with(EnrollmentFact.Status($0)) } ?? told }
}

extension EnrollmentFact {
    /// The registry's words turned into what the rules take.
    init(_ enrollment: EnrollmentSummary) {
        self.init(
            participant: enrollment.participant, enrollment: enrollment.id,
            status: Status(enrollment.status), openedOn: enrollment.openedOn,
            endedOn: enrollment.exitedOn,
            holds: enrollment.holds.map { Hold(from: $0.from, until: $0.until) })
    }
}

extension EnrollmentFact.Status {
    /// A word that this version does not know counts as on hold: nobody is expected to a session,
    /// and nothing is recorded against them, until this service is as new as the registry.
    init(_ status: Open<Enrollment.Status>) {
        switch status.known {
        case .active: self = .active
        case .onHold, nil: self = .onHold
        case .exited: self = .ended
        }
    }
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
