package import RPC
package import Vocabulary

/// Says that an attendance sheet took the place of one recorded wrongly, and why.
///
/// The sheet that stood before is in the journal.
package struct SheetCorrection: Codable, Hashable, Sendable {
    package let reason: String
    package let by: Signatory
    package let at: Timestamp

    package init(reason: String, by: Signatory, at: Timestamp) {
        self.reason = reason
        self.by = by
        self.at = at
    }
}

/// Puts a whole new attendance sheet in the place of one recorded wrongly.
///
/// The sheet has a line for everybody on the list of the session but those it removes, as for
/// ``HoldSession``. What was found and given at a medical session stays.
package struct CorrectSession: RPCMethod {
    package static let name: MethodName = "clinical.session.correct"
    package static let access = Access(roles: .sessionKeepers)
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Session
    package typealias Refusal = SessionRefusal

    package let session: SessionID
    package let attendance: [Attendance]
    /// Who was taken for somebody else: neither expected nor there.
    package let removed: [ParticipantID]
    package let reason: String

    package init(
        session: SessionID, attendance: [Attendance], removed: [ParticipantID] = [],
        reason: String
    ) {
        self.session = session
        self.attendance = attendance
        self.removed = removed
        self.reason = reason
    }
}

extension CorrectSession: AboutPeople {
    package var people: [ParticipantID] { attendance.map(\.participant) + removed }
}
