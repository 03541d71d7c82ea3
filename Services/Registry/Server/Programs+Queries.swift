package import FoundationEssentials
internal import RPC
package import RegistryAPI
package import Storage
internal import Vocabulary

extension Program: StoredRecord {
    package static let noun: StaticString = "program"
    package static let columns: [StaticString] = ["agreement", "code"]
    package var key: UUID { id.uuid }
    package var subject: UUID? { nil }
    package var columnValues: [SQLValue] { [.id(agreement), .text(code)] }
}

extension Reading where Self: ~Copyable {
    func programs() throws -> [Program] { try all(Program.self, order: "code") }

    func program(_ id: ProgramID) throws -> Program {
        guard let program = try get(Program.self, id.uuid) else { throw NotFound("program", id) }
        return program
    }
}
