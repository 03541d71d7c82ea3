package import FoundationEssentials
internal import RPC
package import RegistryAPI
package import Storage
internal import Vocabulary

extension Breach: StoredRecord {
    package static let noun: StaticString = "breach"
    package static let columns: [StaticString] = []
    package var key: UUID { id.uuid }
    package var subject: UUID? { nil }
    package var columnValues: [SQLValue] { [] }
}

extension Reading where Self: ~Copyable {
    func breach(_ id: BreachID) throws -> Breach {
        guard let breach = try get(Breach.self, id.uuid) else { throw NotFound("breach", id) }
        return breach
    }
}
