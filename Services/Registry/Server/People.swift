internal import Hosting
internal import RPC
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
        let person: Participant
        do {
            person = try source.standing(for: id)
        } catch is NotFound {
            return nil
        }
        let records = try source.records(of: person.id)
        let others = try records.dropFirst().map { try source.participant($0) }
        let today = try source.today(for: person, now)
        let agreements = try source.all(
            Agreement.self, where: "facility = ?", [.text(person.facilityCode)])
        return PersonStanding(
            records: records, facilityCode: person.facilityCode,
            partnerCodes: Set(agreements.flatMap(\.institutionCodes)),
            consents: try source.all(Consent.self, ofAny: records).compactMap {
                FeedRules.summary(of: $0, on: today).term
            },
            exits: try source.all(Enrollment.self, ofAny: records).compactMap { $0.exit?.day },
            releases: ([person] + others).flatMap(\.releases).map(\.day), today: today,
            legalGrants: try source.all(LegalRequest.self, ofAny: records).compactMap(
                LegalRequestRules.grant),
            restricted: Set(
                try source.all(SubjectRequest.self, ofAny: records).flatMap(
                    SubjectRequestRules.restricted)),
            isOnTrial: RegisterRules.status(person.legal) == .detainee,
            verdicts: RegisterRules.verdicts(person.legal))
    }
}
