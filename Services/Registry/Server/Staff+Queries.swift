package import FoundationEssentials
package import RegistryAPI
package import Storage
internal import Vocabulary

extension Staff: StoredRecord {
    package static let noun: StaticString = "staff"
    package static let columns: [StaticString] = ["affiliation", "code", "active"]
    package static let sealed = [SealedPart(.identity, ["name": .text])]
    package var keyOwner: UUID? { id.uuid }
    package var key: UUID { id.uuid }
    package var subject: UUID? { nil }
    package var columnValues: [SQLValue] {
        [.text(affiliation.description), .text(code), .flag(active)]
    }
}

extension Reading where Self: ~Copyable {
    func staff() throws -> [Staff] { try all(Staff.self, order: "affiliation, code, key") }
}
