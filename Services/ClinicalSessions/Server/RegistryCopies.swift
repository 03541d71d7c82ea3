internal import ClinicalRules
internal import FoundationEssentials
package import RPC
internal import RegistryAPI
internal import RegistryFollower
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
            try transaction.putCopy(FacilityCopy(StandingCopies.read(body)))
        case .participant:
            try transaction.putCopy(ParticipantCopy(StandingCopies.read(body)))
        case .enrollment:
            try transaction.putCopy(EnrollmentCopy(StandingCopies.read(body)))
        case .agreement:
            try transaction.putCopy(AgreementCopy(StandingCopies.read(body)))
        case .consent, .legalRequest, .restriction, .revocation:
            try StandingCopies.apply(noun, body, to: transaction, revocations)
        case .program, .staff:
            break
        }
    }
}

struct FacilityCopy: FollowedFacility {
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

struct ParticipantCopy: FollowedParticipant {
    static let noun: StaticString = "participant_copy"
    static let columns: [StaticString] = ["merged_into"]
    let id: ParticipantID
    let facilityCode: String
    let mergedInto: ParticipantID?
    /// Absent in older copies.
    private let releases: [Day]?
    /// Absent in older copies.
    private let isOnTrial: Bool?
    let verdicts: [VerdictPeriod]?
    var releaseDays: [Day] { releases ?? [] }
    var isBeforeVerdict: Bool { isOnTrial ?? true }
    var key: UUID { id.uuid }
    var subject: UUID? { id.uuid }
    var columnValues: [SQLValue] { [.id(mergedInto)] }

    init(_ participant: ParticipantSummary) {
        id = participant.id
        facilityCode = participant.facilityCode
        mergedInto = participant.mergedInto
        releases = participant.releases.map(\.day)
        isOnTrial = participant.isOnTrial
        verdicts = participant.verdicts
    }
}

/// Who works with a facility.
struct AgreementCopy: FollowedAgreement {
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

struct EnrollmentCopy: FollowedEnrollment {
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
    var endedOn: Day? { told.endedOn }
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
