package import FoundationEssentials
internal import RPC
package import RegistryAPI
package import Storage
internal import Vocabulary

extension Consent: StoredRecord {
    package static let noun: StaticString = "consent"
    package static let columns: [StaticString] = ["participant"]
    /// Where nobody can tell any more what was taken back, everything is.
    package static let sealed = [
        SealedPart(
            .program,
            [
                "revocations": .value([
                    Revocation(day: Day(number: 0), reason: SealedPart.erasedText)
                ]), "explanation": .absent, "purpose": .text,
                "recipients": .value([String]()),
            ]),
        SealedPart(
            .identity,
            [
                "witness": .value(Witness(name: SealedPart.erasedText)), "guardian": .absent,
                "guardianship": .absent,
            ]),
    ]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant)] }
}

extension Reading where Self: ~Copyable {
    func consent(_ id: ConsentID) throws -> Consent {
        guard let consent = try get(Consent.self, id.uuid) else { throw NotFound("consent", id) }
        return consent
    }

    func consents(of participant: ParticipantID) throws -> [Consent] {
        try all(Consent.self, of: participant).sorted { $0.signedOn < $1.signedOn }
    }
}
