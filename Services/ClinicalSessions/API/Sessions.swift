internal import RPC
package import Vocabulary

/// A meeting of participants with a member of staff, planned and then held, missed or cancelled.
package struct Session: Codable, Hashable, Sendable {
    package enum Status: String, Codable, Hashable, Sendable, CaseIterable {
        case scheduled
        case held
        /// It did not take place, and nobody had cancelled it: the program's failure, not the
        /// participants'.
        case missed
        case cancelled
    }

    package let id: SessionID
    package let kind: SessionKind
    /// Who is expected; no one twice.
    package var participants: [ParticipantID]
    package let scheduledAt: Timestamp
    package let durationMinutes: Int
    package let facilitator: StaffReference
    package let place: String
    package var status: Status
    /// One line a person, once the session was held; who was on hold that day has none.
    package var attendance: [Attendance]?
    /// Only at a medical session.
    package var medical: MedicalDetail?
    /// Why it was missed or cancelled.
    package var statusReason: String?
    package let scheduledBy: Signatory
    /// Who closed it: recorded the attendance, or that it was missed or cancelled.
    package var closedBy: Signatory?
    package var closedAt: Timestamp?
    /// Whoever put another sheet in the place of the one before, the first time first.
    package var corrections: [SheetCorrection]

    package init(
        id: SessionID, kind: SessionKind, participants: [ParticipantID], scheduledAt: Timestamp,
        durationMinutes: Int, facilitator: StaffReference, place: String,
        status: Status = .scheduled, attendance: [Attendance]? = nil,
        medical: MedicalDetail? = nil, statusReason: String? = nil, scheduledBy: Signatory,
        closedBy: Signatory? = nil, closedAt: Timestamp? = nil,
        corrections: [SheetCorrection] = []
    ) {
        self.id = id
        self.kind = kind
        self.participants = participants
        self.scheduledAt = scheduledAt
        self.durationMinutes = durationMinutes
        self.facilitator = facilitator
        self.place = place
        self.status = status
        self.attendance = attendance
        self.medical = medical
        self.statusReason = statusReason
        self.scheduledBy = scheduledBy
        self.closedBy = closedBy
        self.closedAt = closedAt
        self.corrections = corrections
    }

    /// When it is over, if it takes as long as planned.
    package var endsAt: Timestamp { scheduledAt.adding(seconds: Int64(durationMinutes) * 60) }
}

/// What a session is.
package enum SessionKind: String, Codable, Hashable, Sendable, CaseIterable {
    case individual
    case group
    case seminar
    case morningMeeting = "morning-meeting"
    /// The house's work groups in a therapeutic community.
    case functionalGroup = "functional-group"
    case family
    case religious
    case examination
    case withdrawalCare = "withdrawal-care"
    /// Medication given.
    case medication

    package var domain: SessionDomain {
        switch self {
        case .examination, .withdrawalCare, .medication: .medical
        case .individual, .group, .seminar, .morningMeeting, .functionalGroup, .family, .religious:
            .social
        }
    }

    /// Whether it has exactly one participant.
    package var isForOne: Bool {
        switch self {
        case .individual, .examination, .withdrawalCare, .medication: true
        case .group, .seminar, .morningMeeting, .functionalGroup, .family, .religious: false
        }
    }
}

/// The two sides of rehabilitation, after UU 35/2009, Article 54.
package enum SessionDomain: String, Codable, Hashable, Sendable, CaseIterable {
    case medical
    case social
}

/// It is one for all who are expected, so it is shown whole or not at all.
extension Session: ShowsPeople {
    package var people: Set<ParticipantID> { Set(participants) }
    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self { self }
}
