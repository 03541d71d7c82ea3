package import ClinicalAPI
import RPC
import Vocabulary

extension SessionRules {
    private static let correctionsMax = 50

    /// Puts another attendance sheet in the place of the one that is recorded.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<SessionRefusal>`.
    package static func correct(
        _ call: CorrectSession, session: Session, others: [Session], facts: RegistryFacts,
        by signatory: Signatory, _ moment: Moment
    ) throws -> Change<Session> {
        try Input.text(call.reason, "reason")
        try requireKeeper(of: session, signatory)
        guard session.status == .held, let recorded = session.attendance else {
            throw Refusal(.notHeld)
        }
        let changesList = call.removed.contains(where: session.participants.contains)
        if !changesList, isSame(recorded, call.attendance) {
            guard let last = session.corrections.last, last.by == signatory,
                last.reason == call.reason
            else { throw Refusal(.nothingChanged) }
            return .unchanged(session)
        }
        guard session.corrections.count < correctionsMax else {
            throw InvalidInput(
                "attendance", "a sheet is corrected at most \(correctionsMax) times")
        }
        var corrected = try attended(
            without(call.removed, on: session, call.attendance), call.attendance, others, facts,
            moment)
        corrected.corrections.append(
            SheetCorrection(reason: call.reason, by: signatory, at: moment.now))
        return .store(corrected)
    }

    /// The session as if it had never named some people.
    private static func without(
        _ removed: [ParticipantID], on session: Session, _ attendance: [Attendance]
    ) throws -> Session {
        for person in removed {
            guard session.participants.contains(person) else {
                throw InvalidInput("removed", "must be on the list of the session")
            }
            guard !attendance.contains(where: { $0.participant == person }) else {
                throw InvalidInput("removed", "must have no line on the new sheet")
            }
        }
        var session = session
        session.participants.removeAll(where: removed.contains)
        return session
    }
}
