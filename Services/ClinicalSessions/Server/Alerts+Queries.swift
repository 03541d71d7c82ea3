package import ClinicalAPI
package import FoundationEssentials
internal import RPC
internal import RegistryFollower
package import Storage
internal import Vocabulary

extension Alert: StoredRecord {
    package static let noun: StaticString = "alert"
    package static let columns: [StaticString] = ["participant", "is_open", "watch_through"]
    /// What was done about it stays done, and asks for no watch any more.
    package static let sealed = [
        SealedPart(
            .clinical,
            [
                "reason": .absent,
                "acknowledgment": .value(
                    Alert.Acknowledgment(
                        by: .erased, at: Timestamp(microseconds: 0),
                        action: SealedPart.erasedText, watchThrough: nil)),
            ])
    ]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] {
        [.id(participant), .flag(acknowledgment == nil), .day(acknowledgment?.watchThrough)]
    }
}

extension Reading where Self: ~Copyable {
    func alert(_ id: AlertID) throws -> Alert {
        guard let alert = try get(Alert.self, id.uuid) else { throw NotFound("alert", id) }
        return alert
    }

    func alerts(for call: ListAlerts) throws -> [Alert] {
        if let participant = call.participant { return try all(Alert.self, of: participant) }
        if call.includingAcknowledged { return try all(Alert.self) }
        return try all(Alert.self, where: "is_open = 1")
    }

    /// Alerts that may ask for a watch on a day; the rules decide which do.
    func alerts(watchedOn day: Day) throws -> [Alert] {
        try all(Alert.self, where: "is_open = 1 OR watch_through >= ?", [.day(day)])
    }
}

extension Signatory {
    /// Stands for whoever signed what is erased.
    fileprivate static let erased = Signatory(
        staff: StaffReference(
            affiliation: Affiliation(kind: .facility, code: SealedPart.erasedText),
            code: SealedPart.erasedText), role: .auditor)
}
