import ClinicalAPI
import Instruments
import RPC
import Testing
import Vocabulary

/// What the calls of the service's tests say, each about Ani unless a test says otherwise.
enum Requests {
    static func administer(
        _ number: UInt64, _ answers: [String: Int], on instrument: InstrumentCode = .phq9,
        of participant: ParticipantID = Scene.ani,
        occasion: Administration.Occasion = .screening, correcting original: UInt64? = nil
    ) -> AdministerInstrument {
        AdministerInstrument(
            id: Scene.id(number), participant: participant,
            enrollment: Identifier(participant.uuid), instrument: instrument, mode: .interview,
            window: instrument == .assist ? .beforeDetention : nil, occasion: occasion,
            day: Scene.day(99), assessor: Scene.colleague.staff, answers: Answers(answers),
            correction: original.map { Correction(of: Scene.id($0), reason: "salah ketik") })
    }

    /// The same answer to every item of a form.
    static func answers(_ code: InstrumentCode, all answer: Int) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: code.instrument.items.map { ($0.code, answer) })
    }

    static func assess(
        _ number: UInt64, of participant: ParticipantID = Scene.ani,
        diagnoses: [DiagnosisCode] = [], correcting original: UInt64? = nil
    ) -> RecordAssessment {
        RecordAssessment(
            id: Scene.id(number), participant: participant, day: Scene.day(98),
            severity: ASISeverity(drug: 7, family: 3),
            substances: [
                SubstanceUse(
                    substance: .methamphetamine, route: .smoked, lengthMonths: 40, primary: true)
            ], diagnoses: diagnoses, recommendation: .social,
            recommendationReason: "dukungan keluarga",
            correction: original.map { Correction(of: Scene.id($0), reason: "salah ketik") })
    }

    static func plan(_ assessment: UInt64, replacing: Int = 0, goal: String) -> SetPlan {
        SetPlan(
            assessment: Scene.id(assessment), replacing: replacing,
            goals: [
                Plan.Goal(
                    text: goal, targetDay: Scene.day(150), responsible: Scene.counselor.staff)
            ], services: ["konseling individu"])
    }

    static func schedule(_ number: UInt64, _ plan: SessionPlan = Scene.plan()) -> ScheduleSession {
        ScheduleSession(id: Scene.id(number), plan: plan)
    }

    static func hold(
        _ number: UInt64, _ sheet: [Attendance], medical: MedicalDetail? = nil
    ) -> HoldSession {
        HoldSession(session: Scene.id(number), attendance: sheet, medical: medical)
    }

    static func note(
        _ number: UInt64, _ text: String, of participant: ParticipantID = Scene.ani,
        in session: UInt64? = nil
    ) -> WriteNote {
        WriteNote(
            id: Scene.id(number), participant: participant,
            session: session.map { Scene.id($0) }, at: Scene.at(100), text: text)
    }

    static func urineTest(
        _ number: UInt64, of participant: ParticipantID = Scene.ani,
        for purpose: UrineTest.Purpose = .clinical, result: AnalyteResult.Result = .positive
    ) -> RecordUrineTest {
        RecordUrineTest(
            id: Scene.id(number), participant: participant, day: Scene.day(97), occasion: .random,
            purpose: purpose,
            panel: [
                AnalyteResult(analyte: .methamphetamine, result: result),
                AnalyteResult(analyte: .opiates, result: .negative),
            ], observer: Scene.colleague.staff)
    }

    static func confirm(_ number: UInt64, _ confirmed: Bool = true) -> ConfirmUrineTest {
        ConfirmUrineTest(
            test: Scene.id(number), analyte: .methamphetamine, confirmed: confirmed,
            day: Scene.day(99), laboratory: "Labfor Surabaya")
    }

    static func raise(
        _ number: UInt64, for participant: ParticipantID = Scene.ani,
        because reason: String = "menarik diri"
    ) -> RaiseAlert {
        RaiseAlert(id: Scene.id(number), participant: participant, reason: reason)
    }

    static let days = ListSessions(from: Scene.day(90), through: Scene.day(110))

    static func diagnose(_ assessment: UInt64, _ code: String = "F15.2") throws
        -> DiagnoseParticipant
    {
        DiagnoseParticipant(
            assessment: Scene.id(assessment), code: try #require(DiagnosisCode(code)),
            day: Scene.day(99))
    }

    /// One request of every unary method.
    static func everyMethod() throws -> [any RPCMethod] {
        [
            administer(1, [:]), ListAdministrations(participant: Scene.ani),
            GetAdministration(administration: Scene.id(1)), DescribeInstrument(instrument: .phq9),
            assess(1), try diagnose(1), ListAssessments(participant: Scene.ani),
            plan(1, goal: "abstinen"), GetPlan(participant: Scene.ani), schedule(1), hold(1, []),
            RecordSession(id: Scene.id(1), plan: Scene.plan(), attendance: []),
            CorrectSession(session: Scene.id(1), attendance: [], reason: "x"),
            MissSession(session: Scene.id(1), reason: "x"),
            CancelSession(session: Scene.id(1), reason: "x"), days,
            NextSession(participant: Scene.ani), GetSession(session: Scene.id(1)), note(1, "x"),
            ListNotes(participant: Scene.ani), AmendNote(note: Scene.id(1), text: "x", reason: "x"),
            urineTest(1), confirm(1), ListUrineTests(participant: Scene.ani), raise(1),
            ListAlerts(), AcknowledgeAlert(alert: Scene.id(1), action: "x"), ListSafetyFlags(),
            ParticipantTimeline(participant: Scene.ani),
            EraseNotes(participant: Scene.ani, request: "H-1"),
            ParticipantAttendance(participant: Scene.ani),
        ]
    }
}
