package import FoundationEssentials
package import RegistryAPI
package import Storage
internal import Vocabulary

extension Decree: StoredRecord {
    package static let noun: StaticString = "decree"
    package static let columns: [StaticString] = ["number", "program"]
    package var key: UUID { id.uuid }
    package var subject: UUID? { nil }
    package var columnValues: [SQLValue] { [.text(number), .id(program)] }
}

extension Reading where Self: ~Copyable {
    func decrees() throws -> [Decree] { try all(Decree.self) }
    func decrees(of program: ProgramID) throws -> [Decree] {
        try all(Decree.self, where: "program = ?", [.id(program)])
    }
}
