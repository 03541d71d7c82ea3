internal import FoundationEssentials
package import RPC
internal import RegistryAPI
internal import RegistryFollower
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
            try transaction.putCopy(FacilityCopy(facility: StandingCopies.read(body)))
        case .agreement:
            try transaction.putCopy(AgreementCopy(agreement: StandingCopies.read(body)))
        case .program:
            try transaction.putCopy(ProgramCopy(program: StandingCopies.read(body)))
        case .participant:
            try transaction.putCopy(ParticipantCopy(participant: StandingCopies.read(body)))
        case .enrollment:
            try transaction.putCopy(EnrollmentCopy(enrollment: StandingCopies.read(body)))
        case .consent, .legalRequest, .restriction, .revocation:
            try StandingCopies.apply(noun, body, to: transaction, revocations)
        case .staff:
            break
        }
    }
}

// The registry's own server stores some of these types too, so each copy has a type of its own.

struct FacilityCopy: FollowedFacility {
    static let noun: StaticString = "facility_copy"
    static let columns: [StaticString] = ["code"]
    let facility: Facility
    var zone: Zone { facility.zone }
    var key: UUID { facility.id.uuid }
    var subject: UUID? { nil }
    var columnValues: [SQLValue] { [.text(facility.code)] }
}

struct AgreementCopy: FollowedAgreement {
    static let noun: StaticString = "agreement_copy"
    static let columns: [StaticString] = ["facility"]
    let agreement: Agreement
    var institutionCodes: [String] { agreement.institutionCodes }
    var key: UUID { agreement.id.uuid }
    var subject: UUID? { nil }
    var columnValues: [SQLValue] { [.text(agreement.facilityCode)] }
}

struct ProgramCopy: StoredRecord {
    static let noun: StaticString = "program_copy"
    static let columns: [StaticString] = ["code"]
    let program: ProgramSummary
    var key: UUID { program.id.uuid }
    var subject: UUID? { nil }
    var columnValues: [SQLValue] { [.text(program.code)] }
}

struct ParticipantCopy: FollowedParticipant {
    static let noun: StaticString = "participant_copy"
    static let columns: [StaticString] = ["facility", "merged_into"]
    let participant: ParticipantSummary
    var facilityCode: String { participant.facilityCode }
    var releaseDays: [Day] { participant.releases.map(\.day) }
    var isBeforeVerdict: Bool { participant.isOnTrial }
    var verdicts: [VerdictPeriod]? { participant.verdicts }
    var key: UUID { participant.id.uuid }
    var subject: UUID? { participant.id.uuid }
    var columnValues: [SQLValue] {
        [.text(participant.facilityCode), .id(participant.mergedInto)]
    }
}

struct EnrollmentCopy: FollowedEnrollment {
    static let noun: StaticString = "enrollment_copy"
    static let columns: [StaticString] = ["participant", "program", "cohort"]
    let enrollment: EnrollmentSummary
    var endedOn: Day? { enrollment.exitedOn }
    var key: UUID { enrollment.id.uuid }
    var subject: UUID? { enrollment.participant.uuid }
    var columnValues: [SQLValue] {
        [.id(enrollment.participant), .id(enrollment.program), .text(enrollment.cohort)]
    }
}
