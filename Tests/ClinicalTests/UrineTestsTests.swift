import ClinicalAPI
import ClinicalRules
import RPC
import Testing
import Vocabulary

@Suite("A urine test")
struct UrineTestsTests {
    private func record(
        _ panel: [(Analyte, AnalyteResult.Result)], status: UrineTest.Status = .tested,
        purpose: UrineTest.Purpose = .clinical, of participant: ParticipantID = Scene.ani,
        day: Int = 90, existing: UrineTest? = nil
    ) throws -> Change<UrineTest> {
        try UrineTestRules.record(
            RecordUrineTest(
                id: Scene.id(1), participant: participant, day: Scene.day(day), occasion: .mid,
                purpose: purpose, status: status,
                panel: panel.map { AnalyteResult(analyte: $0.0, result: $0.1) },
                observer: Scene.colleague.staff),
            existing: existing, facts: Scene.facts, by: Scene.counselor, Scene.moment)
    }

    private func confirm(
        _ test: UrineTest, _ analyte: Analyte, _ confirmed: Bool, day: Int = 95,
        laboratory: String = "Labkesda"
    ) throws -> Change<UrineTest> {
        try UrineTestRules.confirm(
            ConfirmUrineTest(
                test: test.id, analyte: analyte, confirmed: confirmed, day: Scene.day(day),
                laboratory: laboratory),
            test: test, by: Scene.physician, Scene.moment)
    }

    @Test("that is positive is presumptive, analyte by analyte, until the laboratory speaks")
    func presumptive() throws {
        let test = try record(
            [(.methamphetamine, .positive), (.opiates, .positive), (.cannabis, .negative)]
        ).record
        #expect(test.panel.map(\.confirmation?.outcome) == [.pending, .pending, nil])
        #expect(UrineTestRules.verdict(of: test) == .presumptivePositive)

        let cleared = try confirm(test, .opiates, false).record
        #expect(UrineTestRules.verdict(of: cleared) == .presumptivePositive)
        let allCleared = try confirm(cleared, .methamphetamine, false).record
        #expect(UrineTestRules.verdict(of: allCleared) == .notConfirmed)
        let confirmed = try confirm(cleared, .methamphetamine, true).record
        #expect(UrineTestRules.verdict(of: confirmed) == .confirmedPositive)
        #expect(confirmed.panel[0].confirmation?.laboratory == "Labkesda")
        #expect(confirmed.panel[0].confirmation?.recordedBy == Scene.physician)
    }

    @Test("has a verdict for every way it can go")
    func verdicts() throws {
        #expect(UrineTestRules.verdict(of: try record([(.cocaine, .negative)]).record) == .negative)
        #expect(UrineTestRules.verdict(of: try record([(.cocaine, .invalid)]).record) == .invalid)
        let outcomes: [(UrineTest.Status, UrineSummary.Verdict)] = [
            (.refused, .refused), (.missed, .missed), (.invalid, .invalid),
        ]
        for (status, verdict) in outcomes {
            #expect(UrineTestRules.verdict(of: try record([], status: status).record) == verdict)
        }
    }

    @Test("twice with the same content changes nothing, even once it is confirmed")
    func repeated() throws {
        let test = try record([(.opiates, .positive)]).record
        let confirmed = try confirm(test, .opiates, true).record
        #expect(try record([(.opiates, .positive)], existing: confirmed) == .unchanged(confirmed))
        #expect(throws: Refused(RecordUrineTest.Refusal.idTaken)) {
            try record([(.opiates, .negative)], existing: test)
        }
        #expect(throws: Refused(RecordUrineTest.Refusal.participantUnknown)) {
            try record([(.opiates, .negative)], of: Scene.stranger)
        }
        #expect(try confirm(confirmed, .opiates, true) == .unchanged(confirmed))
        #expect(throws: Refused(ConfirmUrineTest.Refusal.alreadyConfirmed)) {
            try confirm(confirmed, .opiates, false)
        }
    }

    @Test("is confirmed only where it was positive, not before it was taken, by a laboratory")
    func confirmation() throws {
        let test = try record([(.opiates, .positive), (.cannabis, .negative)]).record
        for analyte in [Analyte.cannabis, .cocaine] {
            #expect(throws: Refused(ConfirmUrineTest.Refusal.nothingToConfirm)) {
                try confirm(test, analyte, true)
            }
        }
        for day in [89, 101] {
            let error = #expect(throws: InvalidInput.self) {
                try confirm(test, .opiates, true, day: day)
            }
            #expect(error?.field == "day")
        }
        let error = #expect(throws: InvalidInput.self) {
            try confirm(test, .opiates, true, laboratory: "")
        }
        #expect(error?.field == "laboratory")
    }

    @Test("has a panel exactly where a sample was tested, and no analyte twice")
    func panel() {
        let wrong: [([(Analyte, AnalyteResult.Result)], UrineTest.Status)] = [
            ([], .tested), ([(.opiates, .negative), (.opiates, .positive)], .tested),
            ([(.opiates, .negative)], .refused), ([(.opiates, .negative)], .missed),
            ([(.opiates, .invalid)], .invalid),
        ]
        for (panel, status) in wrong {
            let error = #expect(throws: InvalidInput.self) { try record(panel, status: status) }
            #expect(error?.field == "panel")
        }
        let error = #expect(throws: InvalidInput.self) {
            try record([(.opiates, .negative)], day: 101)
        }
        #expect(error?.field == "day")
    }

    @Test("cannot come with a confirmation that no laboratory gave")
    func smuggled() {
        let line = AnalyteResult(
            analyte: .opiates, result: .positive, confirmation: Confirmation(outcome: .confirmed))
        let error = #expect(throws: InvalidInput.self) {
            try UrineTestRules.record(
                RecordUrineTest(
                    id: Scene.id(1), participant: Scene.ani, day: Scene.day(90), occasion: .mid,
                    panel: [line]),
                existing: nil, facts: Scene.facts, by: Scene.counselor, Scene.moment)
        }
        #expect(error?.field == "panel")
    }

    @Test("for security stays apart from those for treatment, and from the evaluation")
    func apart() throws {
        let clinical = try record([(.opiates, .positive), (.cannabis, .negative)]).record
        let security = try record([(.opiates, .positive)], purpose: .security).record
        let both = [security, clinical]
        let treatment = ListUrineTests(participant: Scene.ani)
        #expect(UrineTestRules.list(treatment, of: both) == [clinical])
        let guards = ListUrineTests(participant: Scene.ani, purpose: .security)
        #expect(UrineTestRules.list(guards, of: both) == [security])
        #expect(Projections.urineTest(security) == nil)
        #expect(Projections.urineTestDay(security) == nil)
        #expect(
            Projections.urineTestDay(clinical)
                == UrineTestDay(test: clinical.id, participant: Scene.ani, day: clinical.day))
        let summary = Projections.urineTest(clinical)
        #expect(summary?.verdict.known == .presumptivePositive)
        #expect(summary?.positives.map(\.known) == [.opiates])
        let cleared = try confirm(clinical, .opiates, false).record
        #expect(Projections.urineTest(cleared)?.positives == [])
    }
}
