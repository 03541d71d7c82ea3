package import FoundationEssentials
internal import RPC
package import RegistryAPI
package import Storage
internal import Vocabulary

extension Agreement: StoredRecord {
    package static let noun: StaticString = "agreement"
    package static let columns: [StaticString] = ["number", "facility"]
    package var key: UUID { id.uuid }
    package var subject: UUID? { nil }
    package var columnValues: [SQLValue] { [.text(number), .text(facilityCode)] }
}

extension Reading where Self: ~Copyable {
    func agreements() throws -> [Agreement] { try all(Agreement.self, order: "number") }

    func agreement(_ id: AgreementID) throws -> Agreement {
        guard let agreement = try get(Agreement.self, id.uuid) else {
            throw NotFound("agreement", id)
        }
        return agreement
    }
}
