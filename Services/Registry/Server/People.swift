internal import Hosting
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

/// How people stand, by the registry's own records.
///
/// A person is one, whichever of their records is named, as for those who follow this service.
struct RegistryDirectory: PersonDirectory {
    func standing<Source: Reading & ~Copyable>(
        of id: ParticipantID, at now: Timestamp, in source: borrowing Source
    ) throws -> PersonStanding? {
        guard try source.get(Participant.self, id.uuid) != nil else { return nil }
        let person = try source.standing(for: id)
        let records = try source.records(of: person.id)
        let others = try records.dropFirst().map { try source.participant($0) }
        let today = try source.today(for: person, now)
        let agreements = try source.all(
            Agreement.self, where: "facility = ?", [.text(person.facilityCode)])
        return PersonStanding(
            records: records, facilityCode: person.facilityCode,
            partnerCodes: Set(agreements.flatMap(\.institutionCodes)),
            consents: try source.consents(of: person.id).compactMap {
                FeedRules.summary(of: $0, on: today).term
            },
            exits: try source.enrollments(of: person.id).compactMap { $0.exit?.day },
            releases: ([person] + others).flatMap(\.releases).map(\.day), today: today,
            legalGrants: try source.all(LegalRequest.self, of: person.id).compactMap(
                LegalRequestRules.grant),
            restricted: Set(
                try source.all(SubjectRequest.self, of: person.id).flatMap(
                    SubjectRequestRules.restricted)),
            isOnTrial: RegisterRules.status(person.legal) == .detainee,
            verdicts: RegisterRules.verdicts(person.legal))
    }
}
