package import FoundationEssentials
package import RegistryAPI
internal import RegistryRules
package import Storage
internal import Vocabulary

extension Participant: StoredRecord {
    package static let noun: StaticString = "participant"
    package static let columns: [StaticString] = [
        "facility", "status", "fingerprint", "birth_year", "is_gone",
    ]
    package var key: UUID { id.uuid }
    package var subject: UUID? { id.uuid }
    package var columnValues: [SQLValue] {
        let year = identity.birthDate?.parts.year ?? identity.birthYear
        return [
            .text(facilityCode), .optional(RegisterRules.status(legal)?.rawValue),
            .optional(identity.fingerprintNumber), year.map(SQLValue.number) ?? .null,
            .flag(diedOn != nil || mergedInto != nil || RegisterRules.current(legal) == nil),
        ]
    }
}

extension Reading where Self: ~Copyable {
    /// Records that may be the same person; the rules decide.
    ///
    /// The NIK stands only in the body, so whoever has one is compared with all.
    func possiblySame(as identity: ParticipantIdentity) throws -> [Participant] {
        try all(Participant.self)
    }

    /// One page of participants, and where the next begins.
    func page(of call: ListParticipants, limit: Int) throws -> ListParticipants.Reply {
        var found: [Participant] = []
        var after: SQLValue = call.after.map { .id($0) } ?? .blob([])
        // Names are only in the body, so pages are read until enough match.
        while found.count <= limit {
            let page = try all(
                Participant.self,
                where: """
                    key > ? AND (? IS NULL OR facility = ?) AND (? IS NULL OR status = ?)
                    AND (? = 1 OR is_gone = 0)
                    """,
                [
                    after, .optional(call.facilityCode), .optional(call.facilityCode),
                    .optional(call.status?.rawValue), .optional(call.status?.rawValue),
                    .flag(call.includingGone),
                ], limit: 500)
            guard let last = page.last else { break }
            found += page.filter { call.nameContains.map($0.isNamed) ?? true }
            after = .id(last.id)
        }
        let hasMore = found.count > limit
        let shown = Array(found.prefix(limit))
        return ListParticipants.Reply(participants: shown, next: hasMore ? shown.last?.id : nil)
    }
}

extension Participant {
    /// Whether a name or an alias contains a text, whatever its capitals.
    fileprivate func isNamed(_ part: String) -> Bool {
        let part = part.lowercased()
        return ([identity.name] + identity.aliases).contains { $0.lowercased().contains(part) }
    }
}
