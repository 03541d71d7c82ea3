package import FoundationEssentials
internal import RPC
package import RegistryAPI
package import Storage
internal import Vocabulary

extension SubjectRequest: StoredRecord {
    package static let noun: StaticString = "subject_request"
    package static let columns: [StaticString] = ["participant"]
    /// Where nobody can tell any more what is restricted, everything is that can be.
    package static let sealed = [
        SealedPart(
            .legal,
            [
                "words": .text,
                "answers": .value([
                    SubjectAnswer(
                        outcome: .granted, ground: SealedPart.erasedText,
                        sections: [.program, .clinical, .counseling],
                        answered: RegisterStep(
                            by: SealedPart.erasedText, at: Timestamp(microseconds: 0)))
                ]), "liftedFor": .absent,
            ])
    ]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant)] }
}

extension Reading where Self: ~Copyable {
    func subjectRequest(_ id: SubjectRequestID) throws -> SubjectRequest {
        guard let request = try get(SubjectRequest.self, id.uuid) else {
            throw NotFound("subjectrequest", id)
        }
        return request
    }

    /// The clocks of where people are held.
    ///
    /// It reads past whoever may see them: what is shown of them is decided with the whole list.
    func zones(of people: Set<ParticipantID>) throws -> [ParticipantID: Zone] {
        var zones: [ParticipantID: Zone] = [:]
        for id in people {
            let held = try all(Participant.self, where: "key = ?", [.id(id)]).first
            zones[id] = try held.map { try zone(of: $0.facilityCode) }
        }
        return zones
    }
}
