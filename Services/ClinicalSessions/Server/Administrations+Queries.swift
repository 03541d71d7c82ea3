package import ClinicalAPI
package import FoundationEssentials
internal import RPC
package import Storage
internal import Vocabulary

extension Administration: StoredRecord {
    package static let noun: StaticString = "administration"
    package static let columns: [StaticString] = ["participant"]
    package static let sealed = [
        SealedPart(.clinical, wholeWith: ["answers", "sheet", "correction"])
    ]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant)] }
}

extension Reading where Self: ~Copyable {
    /// The administrations that decide what becomes of a call.
    func administrations(for call: AdministerInstrument) throws -> [Administration] {
        try all(
            Administration.self, of: call.participant,
            and: [call.id.uuid, call.correction?.of.uuid])
    }

    func administration(_ id: AdministrationID) throws -> Administration {
        guard let administration = try get(Administration.self, id.uuid) else {
            throw NotFound("administration", id)
        }
        return administration
    }
}
