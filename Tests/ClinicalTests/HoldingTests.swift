import ClinicalAPI
import ClinicalRules
import RPC
import Testing
import Vocabulary

@Suite("Holding a session")
struct HoldingTests {
    private let session: Session

    init() throws {
        session = try Scene.session(1)
    }

    private func hold(
        _ session: Session, _ sheet: [Attendance], medical: MedicalDetail? = nil,
        others: [Session] = [], facts: RegistryFacts = Scene.facts,
        by signatory: Signatory = Scene.counselor, _ moment: Moment = Scene.moment
    ) throws -> Change<Session> {
        try SessionRules.hold(
            HoldSession(session: session.id, attendance: sheet, medical: medical),
            session: session, others: others, facts: facts, by: signatory, moment)
    }

    @Test("records one line a person, and who recorded it when")
    func records() throws {
        let sheet = Scene.present(Scene.ani) + [Scene.absent(Scene.budi, .court)]
        let held = try hold(session, sheet).record
        #expect(held.status == .held)
        #expect(held.attendance == sheet)
        #expect(held.closedBy == Scene.counselor)
        #expect(held.closedAt == Scene.moment.now)
    }

    @Test("stores nothing of a sheet of 13 out of 20, and the whole one sent twice once")
    func paperSheet() throws {
        let people = (1...20).map { Scene.id($0) as ParticipantID }
        let facts = RegistryFacts(enrollments: people.map { Scene.enrolled($0) })
        let session = try Scene.session(1, Scene.plan(of: people))
        let sheet = people.map { Attendance(participant: $0, mark: .present) }

        #expect(throws: Refused(SessionRefusal.sheetIncomplete, "7 of 20 are missing")) {
            try hold(session, Array(sheet.prefix(13)), facts: facts)
        }
        let first = try hold(session, sheet, facts: facts)
        #expect(first == .store(first.record))
        #expect(first.record.attendance?.count == 20)
        #expect(try hold(first.record, sheet, facts: facts) == .unchanged(first.record))
        let shuffled = Array(sheet.reversed())
        #expect(try hold(first.record, shuffled, facts: facts) == .unchanged(first.record))
    }

    @Test("refuses another sheet once one is recorded")
    func alreadyHeld() throws {
        let held = try hold(session, Scene.present(Scene.ani, Scene.budi)).record
        #expect(throws: Refused(SessionRefusal.alreadyHeld)) {
            try hold(held, Scene.present(Scene.ani) + [Scene.absent(Scene.budi, .refused)])
        }
    }

    @Test("refuses a person twice on one sheet")
    func twice() {
        let error = #expect(throws: InvalidInput.self) {
            try hold(session, Scene.present(Scene.ani, Scene.ani, Scene.budi))
        }
        #expect(error?.field == "attendance")
    }

    @Test("adds whoever came unplanned, but no absence of somebody not expected")
    func walkIns() throws {
        let citra = Scene.id(3) as ParticipantID
        let facts = RegistryFacts(
            enrollments: [Scene.ani, Scene.budi, citra].map { Scene.enrolled($0) })
        let sheet = Scene.present(Scene.ani, Scene.budi, citra)
        let held = try hold(session, sheet, facts: facts).record
        #expect(held.participants == [Scene.ani, Scene.budi, citra])
        #expect(throws: Refused(SessionRefusal.notOnTheList, "\(citra)")) {
            let absent = [Scene.absent(citra, .unexcused)]
            return try hold(session, Scene.present(Scene.ani, Scene.budi) + absent, facts: facts)
        }
        #expect(throws: Refused(SessionRefusal.participantUnknown, "\(Scene.stranger)")) {
            try hold(session, Scene.present(Scene.ani, Scene.budi, Scene.stranger))
        }
    }

    @Test("expects no line of somebody on hold that day, and refuses one")
    func onHold() throws {
        let facts = RegistryFacts(
            enrollments: [
                Scene.enrolled(Scene.ani), Scene.enrolled(Scene.budi, holds: [Scene.hold(95, nil)]),
            ])
        let held = try hold(session, Scene.present(Scene.ani), facts: facts).record
        #expect(held.attendance == Scene.present(Scene.ani))
        #expect(throws: Refused(SessionRefusal.onHold, "\(Scene.budi)")) {
            try hold(session, Scene.present(Scene.ani, Scene.budi), facts: facts)
        }
        let nobody = RegistryFacts(
            enrollments: [Scene.ani, Scene.budi].map {
                Scene.enrolled($0, holds: [Scene.hold(95, nil)])
            })
        #expect(throws: Refused(SessionRefusal.nobodyExpected)) {
            try hold(session, [], facts: nobody)
        }
    }

    @Test("refuses a session that has not begun")
    func notBegun() throws {
        let later = try Scene.session(1, Scene.plan(at: Scene.at(100, hour: 13)))
        #expect(throws: Refused(SessionRefusal.notBegun)) {
            try hold(later, Scene.present(Scene.ani, Scene.budi))
        }
        #expect(throws: Refused(SessionRefusal.notBegun)) {
            try SessionRules.miss(
                MissSession(session: later.id, reason: "konselor sakit"), session: later,
                by: Scene.counselor, Scene.moment)
        }
    }

    @Test("refuses somebody who was at another session at that time, if they came")
    func doubleBooked() throws {
        let elsewhere = try Scene.session(
            2, Scene.plan(of: [Scene.ani, Scene.budi], by: Scene.colleague))
        let other = try hold(
            elsewhere, Scene.present(Scene.ani) + [Scene.absent(Scene.budi, .refused)]
        ).record
        #expect(throws: Refused(SessionRefusal.doubleBooked, "\(Scene.ani) is at \(other.id)")) {
            try hold(session, Scene.present(Scene.ani, Scene.budi), others: [other])
        }
        let sheet = Scene.present(Scene.budi) + [Scene.absent(Scene.ani, .unexcused)]
        _ = try hold(session, sheet, others: [other])
    }

    @Test("lets only a physician record a medical session, with findings and medicines")
    func medical() throws {
        let session = try Scene.session(1, Scene.plan(.withdrawalCare, of: [Scene.ani]))
        let detail = MedicalDetail(
            findings: "TD 120/80\nnadi 80",
            medications: [Medication(name: "diazepam", dose: 5, unit: "mg", route: .oral)])
        let sheet = Scene.present(Scene.ani)
        let held = try hold(session, sheet, medical: detail, by: Scene.physician).record
        #expect(held.medical == detail)
        #expect(throws: Refused(SessionRefusal.medicalNeedsPhysician)) {
            try hold(session, sheet, medical: detail)
        }
        #expect(throws: Refused(SessionRefusal.alreadyHeld)) {
            try hold(held, sheet, by: Scene.physician)
        }
    }

    @Test(
        "refuses a dose that nobody gave",
        arguments: [0, -1, .nan, .infinity, 100_001])
    func dose(dose: Double) throws {
        let session = try Scene.session(1, Scene.plan(.medication, of: [Scene.ani]))
        let detail = MedicalDetail(
            medications: [Medication(name: "diazepam", dose: dose, unit: "mg", route: .oral)])
        let error = #expect(throws: InvalidInput.self) {
            try hold(session, Scene.present(Scene.ani), medical: detail, by: Scene.physician)
        }
        #expect(error?.field == "medical.medications[0].dose")
    }

    @Test("has no medical detail where the session is social")
    func socialDetail() {
        let error = #expect(throws: InvalidInput.self) {
            try hold(
                session, Scene.present(Scene.ani, Scene.budi), medical: MedicalDetail(),
                by: Scene.physician)
        }
        #expect(error?.field == "medical")
    }
}
