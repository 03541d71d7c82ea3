internal import Hosting
internal import RegistryAPI
package import Storage
package import Vocabulary

/// How people stand, by what the registry's feed has told.
///
/// A person is one, whichever of their records is named: where they are held is what the record
/// says that stands for them; what they have agreed to, taken back or had restricted counts under
/// all of them.
package struct FollowedPeople<
    Participant: FollowedParticipant, Facility: FollowedFacility, Agreement: FollowedAgreement,
    Enrollment: FollowedEnrollment
>: PersonDirectory {
    package init(
        _ participants: Participant.Type, _ facilities: Facility.Type,
        _ agreements: Agreement.Type, _ enrollments: Enrollment.Type
    ) {}

    package func standing<Source: Reading & ~Copyable>(
        of id: ParticipantID, at now: Timestamp, in source: borrowing Source
    ) throws -> PersonStanding? {
        let person = try source.standing(for: id)
        let records = try source.records(behind: person)
        let copies = try records.compactMap { try source.get(Participant.self, $0.uuid) }
        guard let standing = copies.first(where: { $0.key == person.uuid }) else { return nil }
        let code = standing.facilityCode
        let zone = try source.all(Facility.self, where: "code = ?", [.text(code)]).first?.zone
        return PersonStanding(
            records: records, facilityCode: code,
            partnerCodes: Set(
                try source.all(Agreement.self, where: "facility = ?", [.text(code)])
                    .flatMap(\.institutionCodes)),
            consents: try source.all(ConsentCopy.self, ofAny: records).compactMap(\.consent.term),
            exits: try source.all(Enrollment.self, ofAny: records).compactMap(\.endedOn),
            releases: copies.flatMap(\.releaseDays), today: now.day(in: zone ?? .wib),
            legalGrants: try source.all(LegalRequestCopy.self, ofAny: records)
                .compactMap(\.request.grant),
            restricted: Set(
                try source.all(RestrictionCopy.self, ofAny: records)
                    .flatMap { $0.restriction.sections.compactMap(\.known) }),
            isOnTrial: standing.isBeforeVerdict, verdicts: standing.verdicts)
    }
}
