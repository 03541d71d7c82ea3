package import FoundationEssentials
internal import RPC
package import RegistryAPI
package import Storage
internal import Vocabulary

extension LegalRequest: StoredRecord {
    package static let noun: StaticString = "legal_request"
    package static let columns: [StaticString] = ["participant"]
    /// Where nobody can tell any more what was granted, nothing is.
    package static let sealed = [
        SealedPart(
            .legal,
            [
                "asked": .value(
                    LegalAsk(
                        authority: .court, office: SealedPart.erasedText,
                        letterNumber: SealedPart.erasedText, letterOn: Day(number: 0),
                        basis: .statute, citation: SealedPart.erasedText, sections: [],
                        purpose: SealedPart.erasedText)),
                "decisions": .value([LegalDecision]()), "given": .value([LegalGiving]()),
            ])
    ]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant)] }
}

extension Reading where Self: ~Copyable {
    func legalRequest(_ id: LegalRequestID) throws -> LegalRequest {
        guard let request = try get(LegalRequest.self, id.uuid) else {
            throw NotFound("legalrequest", id)
        }
        return request
    }
}
