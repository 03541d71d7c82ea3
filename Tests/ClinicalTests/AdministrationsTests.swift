import ClinicalAPI
import ClinicalRules
import Instruments
import RPC
import Testing
import Vocabulary

@Suite("Administering a questionnaire")
struct AdministrationsTests {
    private func call(
        _ number: UInt64 = 1, _ instrument: InstrumentCode = .phq9,
        _ answers: [String: Int] = [:], of participant: ParticipantID = Scene.ani,
        enrollment: EnrollmentID? = nil, window: Administration.Window? = nil, day: Int = 100,
        correcting original: UInt64? = nil, because reason: String = "salah ketik"
    ) -> AdministerInstrument {
        AdministerInstrument(
            id: Scene.id(number), participant: participant, enrollment: enrollment,
            instrument: instrument, mode: .paper, window: window, occasion: .screening,
            day: Scene.day(day), assessor: Scene.colleague.staff, answers: Answers(answers),
            correction: original.map { Correction(of: Scene.id($0), reason: reason) })
    }

    private func administer(
        _ call: AdministerInstrument, recorded: [Administration] = []
    ) throws -> AdministrationRules.Outcome {
        try AdministrationRules.administer(
            call, recorded: recorded, facts: Scene.facts, by: Scene.counselor, Scene.moment,
            newAlert: { Scene.id(77) })
    }

    private let nine = Dictionary(uniqueKeysWithValues: (1...9).map { ("\($0)", 0) })

    @Test("keeps the raw answers beside the scores that the service computed")
    func scores() throws {
        let answers = nine.merging(["1": 2, "2": 2]) { $1 }
        let outcome = try administer(call(1, .phq9, answers))
        let administration = outcome.change.record
        #expect(outcome.change == .store(administration))
        #expect(administration.answers == Answers(answers))
        #expect(administration.sheet == PHQ9.score(Answers(answers)))
        #expect(administration.sheet[PHQ9.totalScale]?.value == 4)
        #expect(administration.version == PHQ9.version)
        #expect(administration.assessor == Scene.colleague.staff)
        #expect(administration.recordedBy == Scene.counselor)
        #expect(outcome.alerts.isEmpty)
    }

    @Test("raises an alert at once for item 9 of the PHQ-9, whatever the total")
    func suicideRisk() throws {
        let outcome = try administer(call(1, .phq9, nine.merging(["9": 1]) { $1 }))
        let alert = try #require(outcome.alerts.first)
        #expect(outcome.alerts.count == 1)
        #expect(alert.kind == .suicideRisk)
        #expect(alert.participant == Scene.ani)
        #expect(alert.raisedAt == Scene.moment.now)
        #expect(alert.administration == outcome.change.record.id)
        #expect(alert.acknowledgment == nil)
        #expect(try administer(call(1, .phq9, ["9": 3])).alerts.count == 1)
    }

    @Test("raises an alert for injecting in the window that was asked about")
    func injectingRisk() throws {
        let answers = ["1/i": 3, "2/i": 6, "8": 2]
        let outcome = try administer(call(1, .assist, answers, window: .beforeDetention))
        #expect(outcome.alerts.map(\.kind) == [.injectingRisk])
    }

    @Test("twice with the same answers changes nothing and raises nothing")
    func repeated() throws {
        let first = try administer(call(1, .phq9, ["9": 1])).change.record
        let again = try administer(call(1, .phq9, ["9": 1]), recorded: [first])
        #expect(again == .init(change: .unchanged(first), alerts: []))
        #expect(throws: Refused(AdministerInstrument.Refusal.idTaken)) {
            try administer(call(1, .phq9, ["9": 2]), recorded: [first])
        }
    }

    @Test(
        "names the item that is wrong, and never the answer",
        arguments: [
            (InstrumentCode.phq9, ["11": 1], "answers.11"),
            (.phq9, ["3": 4], "answers.3"),
            (.phq9, ["3": -1], "answers.3"),
            (.whoqolBref, ["1": 0], "answers.1"),
            (.assist, ["5/a": 5], "answers.5/a"),
            (.assist, ["1/e": 0, "2/e": 6], "answers.2/e"),
            (.phq9, ["\u{7}": 1], "answers"),
            (.phq9, [String(repeating: "9", count: 40): 1], "answers"),
        ])
    func wrongItem(instrument: InstrumentCode, answers: [String: Int], field: String) {
        let window: Administration.Window? = instrument == .assist ? .lastThreeMonths : nil
        let error = #expect(throws: InvalidInput.self) {
            try administer(call(1, instrument, answers, window: window))
        }
        #expect(error?.field == field)
        #expect(error?.failure.code == .invalidArgument)
    }

    @Test("asks for the window of an ASSIST, and of nothing else; and for a day that has come")
    func fields() {
        let wrong = [
            (call(1, .assist), "window"), (call(1, .phq9, window: .lastThreeMonths), "window"),
            (call(1, .phq9, day: 101), "day"),
            (call(1, .phq9, correcting: 2, because: " "), "correction.reason"),
        ]
        for (call, field) in wrong {
            let error = #expect(throws: InvalidInput.self) { try administer(call) }
            #expect(error?.field == field)
        }
    }

    @Test("refuses a person nobody registered, and an enrollment of somebody else")
    func unknown() throws {
        #expect(throws: Refused(AdministerInstrument.Refusal.participantUnknown)) {
            try administer(call(of: Scene.stranger))
        }
        #expect(throws: Refused(AdministerInstrument.Refusal.enrollmentUnknown)) {
            try administer(call(enrollment: Identifier(Scene.budi.uuid)))
        }
        _ = try administer(call(enrollment: Identifier(Scene.ani.uuid)))
    }

    @Test("corrects an earlier one once, and keeps both")
    func correction() throws {
        let first = try administer(call(1, .phq9, ["9": 1])).change.record
        let outcome = try administer(call(2, .phq9, ["9": 2], correcting: 1), recorded: [first])
        let second = outcome.change.record
        #expect(second.correction == Correction(of: first.id, reason: "salah ketik"))
        #expect(outcome.alerts.isEmpty, "the alert of the first already stands")

        let both = [first, second]
        let shown = AdministrationRules.list(ListAdministrations(participant: Scene.ani), of: both)
        #expect(shown == [second])
        let all = ListAdministrations(participant: Scene.ani, includingCorrected: true)
        #expect(Set(AdministrationRules.list(all, of: both)) == Set(both))

        #expect(throws: Refused(AdministerInstrument.Refusal.alreadyCorrected)) {
            try administer(call(3, correcting: 1), recorded: both)
        }
        _ = try administer(call(3, correcting: 2), recorded: both)
    }

    @Test("raises what a correction newly shows")
    func correctionAlert() throws {
        let first = try administer(call(1, .phq9, ["9": 0])).change.record
        let outcome = try administer(call(2, .phq9, ["9": 2], correcting: 1), recorded: [first])
        #expect(outcome.alerts.map(\.kind) == [.suicideRisk])
    }

    @Test("refuses a correction of nothing, of another instrument, or of another person")
    func wrongCorrection() throws {
        let first = try administer(call(1)).change.record
        #expect(throws: Refused(AdministerInstrument.Refusal.correctedUnknown)) {
            try administer(call(2, correcting: 9), recorded: [first])
        }
        #expect(throws: Refused(AdministerInstrument.Refusal.correctsAnother)) {
            try administer(call(2, .whoqolBref, correcting: 1), recorded: [first])
        }
        #expect(throws: Refused(AdministerInstrument.Refusal.correctsAnother)) {
            try administer(call(2, of: Scene.budi, correcting: 1), recorded: [first])
        }
    }

    @Test("is listed by person and instrument, the oldest first")
    func list() throws {
        let late = try administer(call(1)).change.record
        let early = try administer(call(2, .whoqolBref, day: 50)).change.record
        let other = try administer(call(3, of: Scene.budi)).change.record
        let all = [late, early, other]
        func ids(_ instrument: InstrumentCode?) -> [AdministrationID] {
            let call = ListAdministrations(participant: Scene.ani, instrument: instrument)
            return AdministrationRules.list(call, of: all).map(\.id)
        }
        #expect(ids(nil) == [early.id, late.id])
        #expect(ids(.phq9) == [late.id])
    }

    @Test("is described by items and their codes", arguments: InstrumentCode.allCases)
    func describe(code: InstrumentCode) {
        let form = Scoring.form(of: code)
        #expect(form.instrument == code)
        #expect(!form.items.isEmpty)
        #expect(form.items.allSatisfy { !$0.allowed.isEmpty })
    }
}
