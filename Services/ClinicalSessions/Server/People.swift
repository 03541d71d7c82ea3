internal import ClinicalRules
internal import Hosting
internal import RegistryAPI
internal import Storage
internal import Vocabulary

/// How people stand, by what the registry's feed has told.
struct ClinicalDirectory: PersonDirectory {
    func standing<Source: Reading & ~Copyable>(
        of id: ParticipantID, at now: Timestamp, in source: borrowing Source
    ) throws -> PersonStanding? {
        guard let participant = try source.get(ParticipantCopy.self, id.uuid) else { return nil }
        let facilityCode = participant.facilityCode
        let agreements = try source.all(
            AgreementCopy.self, where: "facility = ?", [.text(facilityCode)])
        return PersonStanding(
            facilityCode: facilityCode,
            partnerCodes: Set(agreements.flatMap(\.institutionCodes)),
            consents: try source.all(ConsentCopy.self, of: id).compactMap(\.consent.term),
            exits: try source.all(EnrollmentCopy.self, of: id).compactMap(\.fact.endedOn),
            releases: participant.releases ?? [],
            today: now.day(in: try source.zone(of: facilityCode) ?? .wib),
            legalGrants: try source.all(LegalRequestCopy.self, of: id).compactMap(\.request.grant),
            restricted: Set(
                try source.all(RestrictionCopy.self, of: id).flatMap {
                    $0.restriction.sections.compactMap(\.known)
                }), isOnTrial: participant.isOnTrial ?? true)
    }
}
