package import ClinicalAPI
package import RPC
package import Vocabulary

extension SessionRules {
    /// Checks a request to list sessions.
    package static func check(_ call: ListSessions) throws(InvalidInput) {
        guard call.from <= call.through else {
            throw InvalidInput("through", "must not be before from")
        }
        guard call.through.days(since: call.from) <= 366 else {
            throw InvalidInput("through", "must be at most 366 days after from")
        }
    }

    /// The moments at which the days of a list begin and end.
    package static func span(of call: ListSessions, zone: Zone) -> Range<Timestamp> {
        let from = call.from.start(in: zone)
        return from..<max(from, call.through.adding(days: 1).start(in: zone))
    }

    /// What a list of sessions shows: those asked for, the earliest first, no medical detail.
    package static func list(
        _ call: ListSessions, of sessions: [Session], merges: Merges = Merges(), zone: Zone
    ) -> [Session] {
        sessions.filter { session in
            let day = session.day(in: zone)
            return day >= call.from && day <= call.through
                && (call.participant.map { session.expects($0, merges) } ?? true)
                && (call.facilitator.map { $0 == session.facilitator } ?? true)
        }
        .sorted(by: isEarlier).map(withoutMedicalDetail)
    }

    /// The earliest planned session of a participant that has not begun.
    package static func next(
        for participant: ParticipantID, of sessions: [Session], merges: Merges = Merges(),
        after now: Timestamp
    ) -> Session? {
        sessions.filter { session in
            session.status == .scheduled && session.scheduledAt > now
                && session.expects(participant, merges)
        }
        .min(by: isEarlier).map(withoutMedicalDetail)
    }

    /// A session as those see it who do not treat.
    package static func withoutMedicalDetail(_ session: Session) -> Session {
        var shown = session
        shown.medical = nil
        return shown
    }

    private static func isEarlier(_ one: Session, _ other: Session) -> Bool {
        (one.scheduledAt, one.id) < (other.scheduledAt, other.id)
    }
}

extension Session {
    /// Whether a person is on its list, under whichever of their records.
    func expects(_ participant: ParticipantID, _ merges: Merges) -> Bool {
        participants.contains { merges.isSame($0, participant) }
    }
}
