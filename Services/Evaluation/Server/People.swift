internal import Hosting
internal import RegistryAPI
internal import Storage
internal import Vocabulary

/// How people stand, by what the registry's feed has told.
struct EvaluationDirectory: PersonDirectory {
    func standing<Source: Reading & ~Copyable>(
        of id: ParticipantID, at now: Timestamp, in source: borrowing Source
    ) throws -> PersonStanding? {
        guard let participant = try source.get(ParticipantCopy.self, id.uuid)?.participant else {
            return nil
        }
        let facilityCode = participant.facilityCode
        let agreements = try source.all(AgreementCopy.self).map(\.agreement)
            .filter { $0.facilityCode == facilityCode }
        let enrollments = try source.all(
            EnrollmentCopy.self, where: "participant = ?", [.id(id)])
        let consents = try source.all(ConsentCopy.self, where: "participant = ?", [.id(id)])
        return PersonStanding(
            facilityCode: facilityCode,
            partnerCodes: Set(agreements.flatMap(\.institutionCodes)),
            consents: consents.compactMap(\.consent.term),
            exits: enrollments.compactMap(\.enrollment.exitedOn),
            releases: participant.releases.map(\.day), today: try source.today(for: id, at: now),
            legalGrants: try source.all(
                LegalRequestCopy.self, where: "participant = ?", [.id(id)]
            ).compactMap(\.request.grant),
            restricted: Set(
                try source.all(RestrictionCopy.self, where: "participant = ?", [.id(id)])
                    .flatMap { $0.restriction.sections.compactMap(\.known) }),
            isOnTrial: participant.isOnTrial)
    }
}
