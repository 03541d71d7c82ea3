package import FoundationEssentials
package import RegistryAPI
package import Storage
internal import Vocabulary

extension CertificateRevocation: StoredRecord {
    package static let noun: StaticString = "revocation"
    package static let columns: [StaticString] = ["serial", "identity"]
    package var key: UUID { id.uuid }
    package var subject: UUID? { nil }
    package var columnValues: [SQLValue] {
        [.optional(serial?.digits), .optional(identity)]
    }
}

extension Reading where Self: ~Copyable {
    func revocations() throws -> [CertificateRevocation] { try all(CertificateRevocation.self) }

    /// Those that decide what becomes of a call.
    func revocations(for call: RevokeCertificate) throws -> [CertificateRevocation] {
        try all(
            CertificateRevocation.self, where: "key = ? OR serial = ? OR identity = ?",
            [.id(call.id), .optional(call.serial?.digits), .optional(call.identity)])
    }
}
