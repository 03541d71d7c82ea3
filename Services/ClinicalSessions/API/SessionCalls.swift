package import RPC
package import Vocabulary

/// Everything about a session that is known before it takes place.
package struct SessionPlan: Codable, Hashable, Sendable {
    package let kind: SessionKind
    package let participants: [ParticipantID]
    package let scheduledAt: Timestamp
    package let durationMinutes: Int
    package let facilitator: StaffReference
    package let place: String

    package init(
        kind: SessionKind, participants: [ParticipantID], scheduledAt: Timestamp,
        durationMinutes: Int, facilitator: StaffReference, place: String
    ) {
        self.kind = kind
        self.participants = participants
        self.scheduledAt = scheduledAt
        self.durationMinutes = durationMinutes
        self.facilitator = facilitator
        self.place = place
    }
}

/// Why a session cannot be planned, held, corrected, missed or cancelled.
package enum SessionRefusal: String, RPCRefusal {
    case participantUnknown = "participant-unknown"
    case notEnrolled = "not-enrolled"
    case onHold = "enrollment-on-hold"
    case ended = "enrollment-ended"
    case doubleBooked = "double-booked"
    case facilitatorDoubleBooked = "facilitator-double-booked"
    case notBegun = "not-begun"
    case alreadyHeld = "already-held"
    case alreadyMissed = "already-missed"
    case alreadyCancelled = "already-cancelled"
    case notHeld = "not-held"
    case nothingChanged = "nothing-changed"
    case sheetIncomplete = "sheet-incomplete"
    case notOnTheList = "not-on-the-list"
    case nobodyExpected = "nobody-expected"
    case medicalNeedsPhysician = "medical-needs-physician"
    case idTaken = "session-id-taken"

    package var status: StatusCode {
        switch self {
        case .medicalNeedsPhysician: .permissionDenied
        case .idTaken: .alreadyExists
        default: .failedPrecondition
        }
    }

    package var explanation: String {
        switch self {
        case .participantUnknown:
            "the registry has not announced this participant; register the person first"
        case .notEnrolled:
            "only somebody enrolled on that day takes part; enroll them first or leave them out"
        case .onHold:
            "the enrollment is on hold that day, which stays outside attendance; leave them out"
        case .ended: "the enrollment ended before that day; leave them out"
        case .doubleBooked:
            "a participant has another session at that time; choose another time or cancel it"
        case .facilitatorDoubleBooked:
            "the facilitator has another session at that time; choose another time or person"
        case .notBegun: "the session has not begun; record it once it has"
        case .alreadyHeld: "another attendance is already recorded for this session; read it"
        case .alreadyMissed: "the session is recorded as missed; schedule another"
        case .alreadyCancelled: "the session is cancelled; schedule another"
        case .notHeld: "only the sheet of a held session is corrected; hold the session first"
        case .nothingChanged: "the sheet already reads so; there is nothing to correct"
        case .sheetIncomplete:
            "the sheet must have a line for each person expected; nothing of it was stored"
        case .notOnTheList:
            "an absence can only be recorded for somebody who was expected; take the line out"
        case .nobodyExpected:
            "everybody on the list is on hold or gone that day; cancel the session instead"
        case .medicalNeedsPhysician:
            "only a physician or nurse records a medical session; let one of them make this call"
        case .idTaken: "this id already names another session; make a new id"
        }
    }
}

extension Set<Role> {
    /// Who plans sessions and keeps the attendance sheet.
    package static let sessionKeepers: Self = clinicians.union([.programManager])
}

/// Plans a session.
package struct ScheduleSession: RPCMethod {
    package static let name: MethodName = "clinical.session.schedule"
    package static let access = Access(roles: .sessionKeepers)
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Session
    package typealias Refusal = SessionRefusal

    package let id: SessionID
    package let plan: SessionPlan

    package init(id: SessionID, plan: SessionPlan) {
        self.id = id
        self.plan = plan
    }
}

/// Records that a session was held and who was there, as one whole sheet.
///
/// The sheet has one line for each person expected, and may add people who came unplanned. An
/// incomplete sheet stores nothing, so a half-typed one stays a draft with its typist; the same
/// sheet sent again changes nothing.
package struct HoldSession: RPCMethod {
    package static let name: MethodName = "clinical.session.hold"
    package static let access = Access(roles: .sessionKeepers)
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Session
    package typealias Refusal = SessionRefusal

    package let session: SessionID
    package let attendance: [Attendance]
    package let medical: MedicalDetail?

    package init(session: SessionID, attendance: [Attendance], medical: MedicalDetail? = nil) {
        self.session = session
        self.attendance = attendance
        self.medical = medical
    }
}

/// Records a session that was held without having been planned here: a paper sheet in one call.
///
/// The lines of the sheet say who was expected. Repeating it is as for ``HoldSession``.
package struct RecordSession: RPCMethod {
    package static let name: MethodName = "clinical.session.record"
    package static let access = Access(roles: .sessionKeepers)
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Session
    package typealias Refusal = SessionRefusal

    package let id: SessionID
    package let plan: SessionPlan
    package let attendance: [Attendance]
    package let medical: MedicalDetail?

    package init(
        id: SessionID, plan: SessionPlan, attendance: [Attendance], medical: MedicalDetail? = nil
    ) {
        self.id = id
        self.plan = plan
        self.attendance = attendance
        self.medical = medical
    }
}

/// Records that a session did not take place though nobody had cancelled it.
package struct MissSession: RPCMethod {
    package static let name: MethodName = "clinical.session.miss"
    package static let access = Access(roles: .sessionKeepers)
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Session
    package typealias Refusal = SessionRefusal

    package let session: SessionID
    package let reason: String

    package init(session: SessionID, reason: String) {
        self.session = session
        self.reason = reason
    }
}

/// Calls a planned session off.
package struct CancelSession: RPCMethod {
    package static let name: MethodName = "clinical.session.cancel"
    package static let access = Access(roles: .sessionKeepers)
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Session
    package typealias Refusal = SessionRefusal

    package let session: SessionID
    package let reason: String

    package init(session: SessionID, reason: String) {
        self.session = session
        self.reason = reason
    }
}

extension ScheduleSession: AboutPeople {
    package var people: [ParticipantID] { plan.participants }
}

extension HoldSession: AboutPeople {
    package var people: [ParticipantID] { attendance.map(\.participant) }
}

extension RecordSession: AboutPeople {
    package var people: [ParticipantID] { plan.participants + attendance.map(\.participant) }
}
