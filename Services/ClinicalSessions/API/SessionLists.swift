package import RPC
package import Vocabulary

extension Set<Role> {
    /// Who may see the schedule and who attended, without what was found or given.
    package static let sessionReaders: Self = clinicians.union(watchers)
}

/// Shows sessions within a range of days, the earliest first, without medical detail.
package struct ListSessions: RPCMethod, MayNameParticipant {
    package static let name: MethodName = "clinical.session.list"
    package static let access = Access(roles: .sessionReaders)
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly

    package let from: Day
    /// The last day shown; at most 366 days after `from`.
    package let through: Day
    package let participant: ParticipantID?
    package let facilitator: StaffReference?

    package init(
        from: Day, through: Day, participant: ParticipantID? = nil,
        facilitator: StaffReference? = nil
    ) {
        self.from = from
        self.through = through
        self.participant = participant
        self.facilitator = facilitator
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// Their `medical` is always nil; ``GetSession`` shows it.
        package let sessions: [Session]

        package init(sessions: [Session]) {
            self.sessions = sessions
        }
    }
}

/// Shows the next planned session of a participant, without medical detail.
package struct NextSession: RPCMethod, AboutParticipant {
    package static let name: MethodName = "clinical.session.next"
    package static let access = Access(roles: .sessionReaders)
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// Nil where none is planned.
        package let session: Session?

        package init(session: Session?) {
            self.session = session
        }
    }
}

/// Shows one session with its medical detail.
package struct GetSession: RPCMethod {
    package static let name: MethodName = "clinical.session.get"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly
    package typealias Reply = Session

    package let session: SessionID

    package init(session: SessionID) {
        self.session = session
    }
}

extension ListSessions.Reply: ShowsPeople {
    package var people: Set<ParticipantID> { Set(sessions.flatMap(\.participants)) }

    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self {
        Self(sessions: sessions.filter { $0.participants.allSatisfy(mayBeSeen) })
    }
}
