package import ClinicalAPI
import RPC
import Vocabulary

extension SessionRules {
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
        try requireKeeper(of: session, signatory)
        var held = try attended(session, attendance, others, facts, moment)
            .closed(as: .held, because: nil, by: signatory, moment)
        held.medical = medical
        return .store(held)
    }

    /// The session with a sheet on it, if the sheet can be true.
    static func attended(
        _ session: Session, _ attendance: [Attendance], _ others: [Session],
        _ facts: RegistryFacts, _ moment: Moment
    ) throws -> Session {
        try check(attendance, for: session, facts, moment)
        let came = attendance.filter { $0.mark == .present }.map(\.participant)
        try requireFree(session, others.filter { $0.status == .held }, participants: Set(came))
        var attended = session
        attended.participants += attendance.map(\.participant)
            .filter { !session.participants.contains($0) }
        attended.attendance = attendance
        return attended
    }

    /// Physicians alone keep the sheets of medical sessions.
    static func requireKeeper(of session: Session, _ signatory: Signatory) throws {
        if session.kind.domain == .medical, signatory.role != .physician {
            throw Refusal(.medicalNeedsPhysician)
        }
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

    /// Whether a sheet says what is recorded, in whatever order.
    static func isSame(_ one: [Attendance], _ other: [Attendance]) -> Bool {
        one.count == other.count && Set(one) == Set(other)
    }

    private static func isSame(
        _ session: Session, _ attendance: [Attendance], _ medical: MedicalDetail?
    ) -> Bool {
        session.attendance.map { isSame($0, attendance) } ?? false && session.medical == medical
    }
}
