package import FoundationEssentials
package import RegistryAPI
package import Storage
internal import Vocabulary

extension Facility: StoredRecord {
    package static let noun: StaticString = "facility"
    package static let columns: [StaticString] = ["code"]
    package var key: UUID { id.uuid }
    package var subject: UUID? { nil }
    package var columnValues: [SQLValue] { [.text(code)] }
}

extension Institution: StoredRecord {
    package static let noun: StaticString = "institution"
    package static let columns: [StaticString] = ["code"]
    package var key: UUID { id.uuid }
    package var subject: UUID? { nil }
    package var columnValues: [SQLValue] { [.text(code)] }
}

extension Reading where Self: ~Copyable {
    func facilities() throws -> [Facility] { try all(Facility.self, order: "code") }
    func institutions() throws -> [Institution] { try all(Institution.self, order: "code") }

    func facilityCodes() throws -> Set<String> { Set(try facilities().map(\.code)) }
    func institutionCodes() throws -> Set<String> { Set(try institutions().map(\.code)) }

    /// Where days begin and end for a facility; western time where it is not known.
    func zone(of facilityCode: String) throws -> Zone {
        try all(Facility.self, where: "code = ?", [.text(facilityCode)]).first?.zone ?? .wib
    }
}
