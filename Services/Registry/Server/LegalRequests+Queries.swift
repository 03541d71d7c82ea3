package import FoundationEssentials
internal import RPC
package import RegistryAPI
package import Storage
internal import Vocabulary

extension LegalRequest: StoredRecord {
    package static let noun: StaticString = "legal_request"
    package static let columns: [StaticString] = ["participant"]
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
