import ClinicalAPI
import ClinicalRules
import ClinicalServer
import RPC
import RegistryAPI
import Storage
import Testing
import Vocabulary

@Suite("Assessments, notes, tests and alerts over the wire", .timeLimit(.minutes(1)))
struct ClinicalServiceRecordsTests {
    private let clinical: RunningClinical

    init() async throws {
        clinical = try RunningClinical()
        try await clinical.prepare()
    }

    @Test("An assessment gets its diagnoses from physicians alone")
    func assessment() async throws {
        let stored = try await clinical.call(Requests.assess(1))
        #expect(stored.assessor == Scene.counselor)
        let diagnosis = try Requests.diagnose(1)
        #expect(await clinical.failure(diagnosis)?.code == .permissionDenied)
        let own = Requests.assess(2, diagnoses: [diagnosis.code])
        #expect(await clinical.refusal(own) == .diagnosisNeedsPhysician)
        let diagnosed = try await clinical.call(diagnosis, as: Scene.physician)
        #expect(diagnosed.diagnoses.map(\.code) == [diagnosis.code])
        #expect(diagnosed.diagnoses.map(\.physician) == [Scene.physician])
        let corrected = try await clinical.call(Requests.assess(3, correcting: 1))
        let shown = try await clinical.call(ListAssessments(participant: Scene.ani))
        #expect(shown.assessments == [corrected])
        let all = try await clinical.call(
            ListAssessments(participant: Scene.ani, includingCorrected: true))
        #expect(Set(all.assessments) == [diagnosed, corrected])
        #expect(
            await clinical.refusal(try Requests.diagnose(1, "F11"), as: Scene.physician)
                == .alreadyCorrected)
        #expect(
            await clinical.refusal(Requests.assess(4, of: Scene.budi, correcting: 3))
                == .correctsAnother)
    }

    @Test("A plan is set on top of what its author saw")
    func plan() async throws {
        #expect(try await clinical.call(GetPlan(participant: Scene.ani)).plan == nil)
        try await clinical.call(Requests.assess(1))
        let first = try await clinical.call(Requests.plan(1, goal: "abstinen"))
        #expect(first.revision == 1)
        #expect(try await clinical.call(Requests.plan(1, goal: "abstinen")) == first)
        #expect(await clinical.refusal(Requests.plan(1, goal: "bekerja")) == .planChanged)
        let second = try await clinical.call(
            Requests.plan(1, replacing: 1, goal: "bekerja"), as: Scene.colleague)
        #expect(second.revision == 2)
        #expect(try await clinical.call(GetPlan(participant: Scene.ani)).plan == second)
        #expect(try await clinical.call(GetPlan(participant: Scene.budi)).plan == nil)
    }

    @Test("A note is amended by its author alone, and what stood before is kept")
    func notes() async throws {
        try await clinical.call(Requests.schedule(1, Scene.plan(of: [Scene.ani])))
        let note = try await clinical.call(Requests.note(2, "tenang", in: 1))
        let amend = AmendNote(note: note.id, text: "gelisah", reason: "salah orang")
        #expect(await clinical.refusal(amend, as: Scene.colleague) == .notTheAuthor)
        clinical.clock.go(to: Scene.at(101))
        let amended = try await clinical.call(amend)
        #expect(amended.firstText == "tenang")
        #expect(amended.text == "gelisah")
        #expect(amended.amendments.map(\.at) == [Scene.at(101)])
        let other = try await clinical.call(Requests.note(3, "pendiam"))
        let listed = try await clinical.call(ListNotes(participant: Scene.ani))
        #expect(listed.notes == [amended, other])
        let ofSession = try await clinical.call(
            ListNotes(participant: Scene.ani, session: Scene.id(1)))
        #expect(ofSession.notes == [amended])
        #expect(await clinical.refusal(Requests.note(4, "x", in: 9)) == .sessionUnknown)
        #expect(
            await clinical.refusal(Requests.note(4, "x", of: Scene.budi, in: 1)) == .notInSession)
    }

    @Test("A positive urine test waits for the laboratory, and those for guards stay apart")
    func urineTests() async throws {
        let test = try await clinical.call(Requests.urineTest(1))
        #expect(test.panel.map(\.confirmation?.outcome) == [.pending, nil])
        let security = try await clinical.call(Requests.urineTest(2, for: .security))
        let confirmed = try await clinical.call(Requests.confirm(1), as: Scene.physician)
        #expect(confirmed.panel.first?.confirmation?.outcome == .confirmed)
        #expect(confirmed.panel.first?.confirmation?.recordedBy == Scene.physician)
        #expect(await clinical.refusal(Requests.confirm(1, false)) == .alreadyConfirmed)
        let clinicalTests = try await clinical.call(ListUrineTests(participant: Scene.ani))
        #expect(clinicalTests.tests == [confirmed])
        let forGuards = try await clinical.call(
            ListUrineTests(participant: Scene.ani, purpose: .security))
        #expect(forGuards.tests == [security])
    }

    @Test("An alert stays open until a clinician acts, and guards watch as long as that says")
    func alerts() async throws {
        let watcher = Scene.signatory("jaga-1", .security)
        func watched() async throws -> [ParticipantID] {
            try await clinical.call(ListSafetyFlags(), as: watcher).watch
        }
        let alert = try await clinical.call(Requests.raise(1))
        try await clinical.call(Requests.raise(2, for: Scene.budi))
        #expect(try await watched() == [Scene.ani, Scene.budi])
        let acknowledge = AcknowledgeAlert(
            alert: alert.id, action: "konseling krisis", watchThrough: Scene.day(103))
        let done = try await clinical.call(acknowledge, as: Scene.physician)
        #expect(done.acknowledgment?.by == Scene.physician)
        try await clinical.call(AcknowledgeAlert(alert: Scene.id(2), action: "salah paham"))
        #expect(try await watched() == [Scene.ani])
        clinical.clock.go(to: Scene.at(103, hour: 23))
        #expect(try await watched() == [Scene.ani])
        clinical.clock.go(to: Scene.at(104, hour: 0))
        #expect(try await watched() == [])
        #expect(try await clinical.call(ListAlerts()).alerts.isEmpty)
        let history = ListAlerts(participant: Scene.ani, includingAcknowledged: true)
        #expect(try await clinical.call(history).alerts == [done])
        let another = AcknowledgeAlert(alert: alert.id, action: "x")
        #expect(await clinical.refusal(another) == .alreadyAcknowledged)
    }

    @Test("A dossier has a line of each, and not a word of what was said")
    func timeline() async throws {
        try await clinical.call(Requests.administer(1, ["9": 0]))
        try await clinical.call(Requests.assess(2))
        try await clinical.call(try Requests.diagnose(2), as: Scene.physician)
        try await clinical.call(Requests.plan(2, goal: "rahasia"))
        try await clinical.call(Requests.schedule(3, Scene.plan(of: [Scene.ani])))
        try await clinical.call(Requests.note(4, "rahasia"))
        try await clinical.call(Requests.urineTest(5))
        try await clinical.call(Requests.urineTest(6, for: .security))
        try await clinical.call(Requests.raise(7, because: "rahasia"))
        let dossier = ParticipantTimeline(participant: Scene.ani)
        let lines = try await clinical.call(dossier).lines
        #expect(
            lines.map(\.kind.known) == [
                .urineTest, .assessment, .administration, .diagnosis, .note, .session, .alert,
                .plan,
            ])
        #expect(!"\(lines)".contains("rahasia"))
        let other = ParticipantTimeline(participant: Scene.budi)
        #expect(try await clinical.call(other).lines.isEmpty)
    }

    @Test("Attendance is told of one person alone, also on a request that is granted for it alone")
    func attendance() async throws {
        try await clinical.call(Requests.assess(2))
        try await clinical.call(Requests.schedule(3, Scene.plan(of: [Scene.ani, Scene.budi])))
        try await clinical.call(Requests.note(4, "rahasia"))
        let attendance = ParticipantAttendance(participant: Scene.ani)
        let lines = try await clinical.call(attendance).lines
        #expect(lines.map(\.kind.known) == [.session])
        #expect(!"\(lines)".contains(Scene.budi.description))

        let legal = clinical.caller(as: Scene.counselor, for: .legal)
        await #expect(throws: CallError<ParticipantAttendance.Refusal>.self) {
            try await legal.call(attendance)
        }
        let today = Scene.moment.today
        let grant = LegalGrant(sections: [.program], from: today, through: today)
        try await clinical.hear(
            .legalRequest,
            LegalRequestSummary(id: Scene.id(90), participant: Scene.ani, grant: grant))
        #expect(try await legal.call(attendance).lines == lines)
        await #expect(throws: CallError<ParticipantTimeline.Refusal>.self) {
            try await legal.call(ParticipantTimeline(participant: Scene.ani))
        }
    }
}
