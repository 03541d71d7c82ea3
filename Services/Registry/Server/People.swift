internal import Hosting
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

/// How people stand, by the registry's own records.
struct RegistryDirectory: PersonDirectory {
    func standing<Source: Reading & ~Copyable>(
        of id: ParticipantID, at now: Timestamp, in source: borrowing Source
    ) throws -> PersonStanding? {
        guard let participant = try source.get(Participant.self, id.uuid) else { return nil }
        let today = try source.today(for: participant, now)
        let agreements = try source.all(
            Agreement.self, where: "facility = ?", [.text(participant.facilityCode)])
        return PersonStanding(
            facilityCode: participant.facilityCode,
            partnerCodes: Set(agreements.flatMap(\.institutionCodes)),
            consents: try source.consents(of: id).compactMap {
                FeedRules.summary(of: $0, on: today).term
            },
            exits: try source.enrollments(of: id).compactMap { $0.exit?.day },
            releases: participant.releases.map(\.day), today: today,
            legalGrants: try source.all(LegalRequest.self, of: id).compactMap(
                LegalRequestRules.grant),
            restricted: Set(
                try source.all(SubjectRequest.self, of: id).flatMap(
                    SubjectRequestRules.restricted)),
            isOnTrial: RegisterRules.status(participant.legal) == .detainee)
    }
}
