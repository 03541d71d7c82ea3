package import FoundationEssentials
internal import RPC
package import RegistryAPI
internal import RegistryRules
package import Storage
internal import Vocabulary

extension Participant: StoredRecord {
    package static let noun: StaticString = "participant"
    package static let columns: [StaticString] = [
        "facility", "status", "fingerprint", "birth_year", "is_gone", "merged_into", "nik",
    ]
    package static let sealed = [
        SealedPart(
            .identity,
            [
                "identity": .value(
                    ParticipantIdentity(
                        name: SealedPart.erasedText, nikUnknownReason: SealedPart.erasedText,
                        sex: .unknown))
            ]),
        SealedPart(.legal, ["legal": .value(LegalFacts(register: []))]),
    ]
    package var key: UUID { id.uuid }
    package var subject: UUID? { id.uuid }
    package var columnValues: [SQLValue] {
        let year = Duplicates.year(identity)
        return [
            .text(facilityCode), .optional(RegisterRules.status(legal)?.rawValue),
            Self.fingerprint(identity.fingerprintNumber), year.map(SQLValue.number) ?? .null,
            .flag(diedOn != nil || mergedInto != nil || RegisterRules.current(legal) == nil),
            .id(mergedInto), Self.fingerprint(identity.nik),
        ]
    }

    fileprivate static func fingerprint(_ cardNumber: String?) -> SQLValue {
        cardNumber.map { .fingerprint(use: "fingerprint card", $0) } ?? .null
    }

    fileprivate static func fingerprint(_ nik: NationalID?) -> SQLValue {
        nik.map { .fingerprint(use: "nik", $0.digits) } ?? .null
    }
}

extension Reading where Self: ~Copyable {
    func participant(_ id: ParticipantID) throws -> Participant {
        guard let participant = try get(Participant.self, id.uuid) else {
            throw NotFound("participant", id)
        }
        return participant
    }

    /// The record that stands for a person, whichever of their records is named.
    func standing(for id: ParticipantID) throws -> Participant {
        var last = try participant(id)
        _ = try MergeRules.standing(for: id) { next in
            if last.id != next { last = try participant(next) }
            return last.mergedInto
        }
        return last
    }

    /// A record and all that are merged into it, directly or by way of others.
    func records(of id: ParticipantID) throws -> [ParticipantID] {
        try rows(
            """
            WITH RECURSIVE person (key) AS (
                SELECT ?
                UNION
                SELECT participant.key FROM participant
                JOIN person ON participant.merged_into = person.key
            )
            SELECT key FROM person
            """, [.id(id)]
        ) { $0.uuid(0) }.compactMap { $0 }.map { ParticipantID($0) }
    }

    /// Everything of one kind that speaks of a person, under whichever of their records.
    ///
    /// The kind's table must have the column `participant`.
    func all<Record: StoredRecord>(_ type: Record.Type, of id: ParticipantID) throws -> [Record] {
        try all(type, ofAny: records(of: id))
    }

    /// Everything of one kind that speaks of any of these records.
    func all<Record: StoredRecord>(
        _ type: Record.Type, ofAny records: [ParticipantID]
    ) throws -> [Record] {
        try records.flatMap { try all(type, where: "participant = ?", [.id($0)]) }
    }

    /// The day it is where somebody is held.
    func today(for participant: Participant, _ now: Timestamp) throws -> Day {
        now.day(in: try zone(of: participant.facilityCode))
    }

    /// Records that may be the same person; the rules decide.
    ///
    /// They have the same NIK or number of the fingerprint card, or were born in the same year:
    /// names alone, without a birth that agrees, make nobody the same.
    func possiblySame(as identity: ParticipantIdentity) throws -> [Participant] {
        let year = Duplicates.year(identity)
        return try all(
            Participant.self, where: "nik = ? OR fingerprint = ? OR birth_year = ?",
            [
                Participant.fingerprint(identity.nik),
                Participant.fingerprint(identity.fingerprintNumber),
                year.map(SQLValue.number) ?? .null,
            ])
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
