package import ClinicalAPI
package import RPC
package import Vocabulary

/// Decides what becomes of a session.
///
/// Every function takes the facts it needs and changes nothing itself. `others` are the sessions
/// at about the same time: those of the participants and those of the facilitator.
package enum SessionRules {
    package typealias Refusal = Refused<SessionRefusal>

    private static let durations = 5...480
    private static let sizes = 1...300
    private static let daysAhead = 366

    /// Checks that a list of people is not longer than that of any session.
    ///
    /// Before anybody on it is looked up: a hostile list would keep everyone else waiting.
    package static func checkLength(
        of people: [ParticipantID], _ field: String
    ) throws(InvalidInput) {
        guard people.count <= sizes.upperBound else {
            throw InvalidInput(field, "must have at most \(sizes.upperBound) entries")
        }
    }

    /// When a planned session begins and ends, its length taken as the nearest that is accepted.
    package static func span(of plan: SessionPlan) -> Range<Timestamp> {
        let minutes = min(max(plan.durationMinutes, durations.lowerBound), durations.upperBound)
        return plan.scheduledAt..<plan.scheduledAt.adding(seconds: Int64(minutes) * 60)
    }

    /// Plans a session.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<SessionRefusal>`.
    package static func schedule(
        _ call: ScheduleSession, existing: Session?, others: [Session], facts: RegistryFacts,
        by signatory: Signatory, _ moment: Moment
    ) throws -> Change<Session> {
        if let existing {
            // Whoever came unplanned stands behind those who were planned.
            guard matches(existing, call.plan),
                existing.participants.starts(with: call.plan.participants)
            else { throw Refusal(.idTaken) }
            return .unchanged(existing)
        }
        try check(call.plan, moment)
        let session = Session(call.id, call.plan, scheduledBy: signatory)
        for participant in session.participants {
            try requireActive(participant, on: session.day(in: moment.zone), facts)
        }
        try requireFree(session, others, participants: Set(session.participants))
        return .store(session)
    }

    /// Records that a session was held.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<SessionRefusal>`.
    package static func hold(
        _ call: HoldSession, session: Session, others: [Session], facts: RegistryFacts,
        by signatory: Signatory, _ moment: Moment
    ) throws -> Change<Session> {
        try hold(
            session, attendance: call.attendance, medical: call.medical, others: others,
            facts: facts, by: signatory, moment)
    }

    /// Records a session that was never planned here.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<SessionRefusal>`.
    package static func record(
        _ call: RecordSession, existing: Session?, others: [Session], facts: RegistryFacts,
        by signatory: Signatory, _ moment: Moment
    ) throws -> Change<Session> {
        if let existing {
            guard matches(existing, call.plan), existing.status == .held,
                isSame(existing, call.attendance, call.medical)
            else { throw Refusal(.idTaken) }
            return .unchanged(existing)
        }
        try check(call.plan, moment)
        let session = Session(call.id, call.plan, scheduledBy: signatory)
        return try hold(
            session, attendance: call.attendance, medical: call.medical, others: others,
            facts: facts, by: signatory, moment)
    }

    /// Records that a session did not take place.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<SessionRefusal>`.
    package static func miss(
        _ call: MissSession, session: Session, by signatory: Signatory, _ moment: Moment
    ) throws -> Change<Session> {
        try Input.text(call.reason, "reason")
        if session.status == .missed, session.statusReason == call.reason {
            return .unchanged(session)
        }
        try requireOpen(session)
        guard session.scheduledAt <= moment.now else { throw Refusal(.notBegun) }
        return .store(session.closed(as: .missed, because: call.reason, by: signatory, moment))
    }

    /// Calls a session off.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<SessionRefusal>`.
    package static func cancel(
        _ call: CancelSession, session: Session, by signatory: Signatory, _ moment: Moment
    ) throws -> Change<Session> {
        try Input.text(call.reason, "reason")
        if session.status == .cancelled, session.statusReason == call.reason {
            return .unchanged(session)
        }
        try requireOpen(session)
        return .store(session.closed(as: .cancelled, because: call.reason, by: signatory, moment))
    }

    // MARK: - Holding

    private static func hold(
        _ session: Session, attendance: [Attendance], medical: MedicalDetail?, others: [Session],
        facts: RegistryFacts, by signatory: Signatory, _ moment: Moment
    ) throws -> Change<Session> {
        if session.status == .held, isSame(session, attendance, medical) {
            return .unchanged(session)
        }
        try requireOpen(session)
        guard session.scheduledAt <= moment.now else { throw Refusal(.notBegun) }
        try check(medical, for: session)
        if session.kind.domain == .medical, signatory.role != .physician {
            throw Refusal(.medicalNeedsPhysician)
        }
        try check(attendance, for: session, facts, moment)
        let came = attendance.filter { $0.mark == .present }.map(\.participant)
        try requireFree(session, others.filter { $0.status == .held }, participants: Set(came))
        var held = session.closed(as: .held, because: nil, by: signatory, moment)
        let walkIns = attendance.map(\.participant).filter { !session.participants.contains($0) }
        held.participants += walkIns
        held.attendance = attendance
        held.medical = medical
        return .store(held)
    }

    private static func check(
        _ attendance: [Attendance], for session: Session, _ facts: RegistryFacts, _ moment: Moment
    ) throws {
        let day = session.day(in: moment.zone)
        let expected = session.participants.filter { facts.standing(of: $0, on: day) == .active }
        // Says what the matter is before it says that the sheet is empty.
        if attendance.isEmpty, expected.isEmpty { throw Refusal(.nobodyExpected) }
        try Input.distinct(attendance.map(\.participant), "attendance", sizes)
        for line in attendance {
            let listed = session.participants.contains(line.participant)
            if !listed, line.mark != .present {
                throw Refusal(.notOnTheList, "\(line.participant)")
            }
            try requireActive(line.participant, on: day, facts)
        }
        if session.kind.isForOne, attendance.count != 1 {
            throw InvalidInput("attendance", "this kind of session has exactly one participant")
        }
        let missing = Set(expected).subtracting(attendance.map(\.participant)).count
        guard missing == 0 else {
            throw Refusal(.sheetIncomplete, "\(missing) of \(expected.count) are missing")
        }
    }

    private static func check(_ medical: MedicalDetail?, for session: Session) throws {
        guard let medical else { return }
        guard session.kind.domain == .medical else {
            throw InvalidInput("medical", "only a medical session has medical detail")
        }
        try Input.text(
            optional: medical.findings, "medical.findings", atMost: 20_000, multiline: true)
        guard medical.medications.count <= 50 else {
            throw InvalidInput("medical.medications", "must have at most 50 entries")
        }
        for (index, medication) in medical.medications.enumerated() {
            let field = "medical.medications[\(index)]"
            try Input.text(medication.name, "\(field).name", atMost: 200)
            try Input.text(medication.unit, "\(field).unit", atMost: 20)
            guard medication.dose > 0, medication.dose <= 100_000 else {
                throw InvalidInput("\(field).dose", "must be more than 0 and at most 100000")
            }
        }
    }

    // MARK: - What every session must meet

    private static func check(_ plan: SessionPlan, _ moment: Moment) throws {
        try Input.range(plan.durationMinutes, "durationMinutes", durations)
        try Input.distinct(plan.participants, "participants", sizes)
        if plan.kind.isForOne, plan.participants.count != 1 {
            throw InvalidInput("participants", "this kind of session has exactly one participant")
        }
        guard plan.scheduledAt.day(in: moment.zone).days(since: moment.today) <= daysAhead else {
            throw InvalidInput("scheduledAt", "must not lie more than \(daysAhead) days ahead")
        }
        try Input.text(plan.place, "place", atMost: 200)
        try Input.staff(plan.facilitator, "facilitator")
    }

    private static func requireActive(
        _ participant: ParticipantID, on day: Day, _ facts: RegistryFacts
    ) throws {
        guard facts.knows(participant) else {
            throw Refusal(.participantUnknown, "\(participant)")
        }
        switch facts.standing(of: participant, on: day) {
        case .active: return
        case .onHold: throw Refusal(.onHold, "\(participant)")
        case .ended: throw Refusal(.ended, "\(participant)")
        case .notYetOpen, nil: throw Refusal(.notEnrolled, "\(participant)")
        }
    }

    private static func requireOpen(_ session: Session) throws {
        switch session.status {
        case .scheduled: return
        case .held: throw Refusal(.alreadyHeld)
        case .missed: throw Refusal(.alreadyMissed)
        case .cancelled: throw Refusal(.alreadyCancelled)
        }
    }

    /// Nobody is at two sessions at once; one may begin in the minute in which another ends.
    private static func requireFree(
        _ session: Session, _ others: [Session], participants: Set<ParticipantID>
    ) throws {
        for other in others where other.id != session.id && other.overlaps(session) {
            if other.facilitator == session.facilitator {
                throw Refusal(.facilitatorDoubleBooked, "\(other.id)")
            }
            if let busy = other.present.first(where: participants.contains) {
                throw Refusal(.doubleBooked, "\(busy) is at \(other.id)")
            }
        }
    }

    private static func matches(_ session: Session, _ plan: SessionPlan) -> Bool {
        session.kind == plan.kind && session.scheduledAt == plan.scheduledAt
            && session.durationMinutes == plan.durationMinutes
            && session.facilitator == plan.facilitator && session.place == plan.place
            && plan.participants.allSatisfy(session.participants.contains)
    }

    /// Whether a sheet says what is recorded, in whatever order.
    private static func isSame(
        _ session: Session, _ attendance: [Attendance], _ medical: MedicalDetail?
    ) -> Bool {
        guard let recorded = session.attendance, recorded.count == attendance.count else {
            return false
        }
        return Set(recorded) == Set(attendance) && session.medical == medical
    }
}

extension Session {
    fileprivate init(_ id: SessionID, _ plan: SessionPlan, scheduledBy signatory: Signatory) {
        self.init(
            id: id, kind: plan.kind, participants: plan.participants,
            scheduledAt: plan.scheduledAt, durationMinutes: plan.durationMinutes,
            facilitator: plan.facilitator, place: plan.place, scheduledBy: signatory)
    }

    fileprivate func closed(
        as status: Status, because reason: String?, by signatory: Signatory, _ moment: Moment
    ) -> Session {
        var closed = self
        closed.status = status
        closed.statusReason = reason
        closed.closedBy = signatory
        closed.closedAt = moment.now
        return closed
    }

    fileprivate func overlaps(_ other: Session) -> Bool {
        switch status {
        case .scheduled, .held: scheduledAt < other.endsAt && other.scheduledAt < endsAt
        case .missed, .cancelled: false
        }
    }

    /// Who is bound by it: who came, once that is known.
    fileprivate var present: [ParticipantID] {
        guard let attendance else { return participants }
        return attendance.filter { $0.mark == .present }.map(\.participant)
    }

    package func day(in zone: Zone) -> Day { scheduledAt.day(in: zone) }
}
