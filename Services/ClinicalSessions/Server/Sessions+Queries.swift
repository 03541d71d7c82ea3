package import ClinicalAPI
internal import ClinicalRules
package import FoundationEssentials
internal import RPC
internal import RegistryFollower
package import Storage
package import Vocabulary

/// A session as it is kept, with the zone that decides which day it was on.
///
/// The zone is that of the place when the session was planned: a participant who is moved later
/// takes no day with them.
package struct SessionRecord: StoredRecord, Hashable {
    package let session: Session
    package let zone: Zone

    package init(session: Session, zone: Zone) {
        self.session = session
        self.zone = zone
    }

    package static let sealed = [
        SealedPart(
            .program, ["statusReason": .absent, "corrections": .value([SheetCorrection]())]),
        SealedPart(.clinical, ["medical": .absent]),
    ]
    /// A session of several has keys of its own.
    package var keyOwner: UUID? { subject ?? session.id.uuid }

    package static let noun: StaticString = "session"
    package static let columns: [StaticString] = ["status", "facilitator", "begins", "ends"]
    package var key: UUID { session.id.uuid }
    /// Whom a session for one is about; one for several is about nobody alone.
    package var subject: UUID? {
        session.kind.isForOne ? session.participants.first?.uuid : nil
    }
    package var columnValues: [SQLValue] {
        [
            .text(session.status.rawValue), .text(session.facilitator.description),
            .time(session.scheduledAt), .time(session.endsAt),
        ]
    }

    package static let sideTables = [
        SideTable<SessionRecord>("session_participant", ["participant", "begins", "ends"]) {
            record in
            let session = record.session
            return session.participants.map { participant in
                [.id(participant), .time(session.scheduledAt), .time(session.endsAt)]
            }
        }
    ]
}

extension Reading where Self: ~Copyable {
    func session(_ id: SessionID) throws -> SessionRecord {
        guard let session = try get(SessionRecord.self, id.uuid) else {
            throw NotFound("session", id)
        }
        // One for several has no subject by which its people would be judged.
        for participant in session.session.participants {
            try judge?.judge(participant.uuid, in: self)
        }
        return session
    }

    /// The sessions of a facilitator and of any of these people that overlap a span of time.
    func sessions(
        within span: Range<Timestamp>, of facilitator: StaffReference, or people: [ParticipantID]
    ) throws -> [Session] {
        let (begin, end) = (SQLValue.time(span.lowerBound), SQLValue.time(span.upperBound))
        var found = try all(
            SessionRecord.self, where: "facilitator = ? AND ends > ? AND begins < ?",
            [.text(facilitator.description), begin, end])
        for person in people {
            found += try all(
                SessionRecord.self,
                where: """
                    key IN (SELECT record FROM session_participant
                        WHERE participant = ? AND ends > ? AND begins < ?)
                    """, [.id(person), begin, end])
        }
        return Set(found).map(\.session)
    }

    func sessions(within span: Range<Timestamp>, for call: ListSessions) throws -> [Session] {
        let times = [SQLValue.time(span.lowerBound), .time(span.upperBound)]
        guard let participant = call.participant else {
            let facilitator = SQLValue.optional(call.facilitator?.description)
            return try all(
                SessionRecord.self,
                where: "begins >= ? AND begins < ? AND (? IS NULL OR facilitator = ?)",
                times + [facilitator, facilitator]
            ).map(\.session)
        }
        let found = try records(of: participant).flatMap { record in
            try all(
                SessionRecord.self,
                where: """
                    begins >= ? AND begins < ?
                    AND key IN (SELECT record FROM session_participant WHERE participant = ?)
                    """, times + [.id(record)])
        }
        return Set(found).map(\.session)
    }

    func sessions(of participant: ParticipantID) throws -> [Session] {
        let found = try records(of: participant).flatMap { record in
            try all(
                SessionRecord.self,
                where: "key IN (SELECT record FROM session_participant WHERE participant = ?)",
                [.id(record)])
        }
        return Set(found).map(\.session)
    }

    /// For each record of a person the next session planned.
    func nextSessions(of participant: ParticipantID, after now: Timestamp) throws -> [Session] {
        try records(of: participant).flatMap { record in
            try all(
                SessionRecord.self,
                where: """
                    status = ? AND begins > ?
                    AND key IN (SELECT record FROM session_participant WHERE participant = ?)
                    """, [.text(Session.Status.scheduled.rawValue), .time(now), .id(record)],
                order: "begins, key", limit: 1)
        }.map(\.session)
    }
}
