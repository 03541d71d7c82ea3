package import ClinicalAPI
import RPC
import Vocabulary

/// Decides what becomes of a urine test.
package enum UrineTestRules {
    /// Records a test; each positive analyte waits for the laboratory from then on.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<RecordUrineTest.Refusal>`.
    package static func record(
        _ call: RecordUrineTest, existing: UrineTest?, facts: RegistryFacts,
        by signatory: Signatory, _ moment: Moment
    ) throws -> Change<UrineTest> {
        typealias Refusal = Refused<RecordUrineTest.Refusal>
        if let existing {
            guard isSame(existing, call) else { throw Refusal(.idTaken) }
            return .unchanged(existing)
        }
        try check(call, moment)
        guard facts.knows(call.participant) else { throw Refusal(.participantUnknown) }
        let panel = call.panel.map { line in
            AnalyteResult(
                analyte: line.analyte, result: line.result,
                confirmation: line.result == .positive ? Confirmation(outcome: .pending) : nil)
        }
        return .store(
            UrineTest(
                id: call.id, participant: call.participant, day: call.day,
                occasion: call.occasion, purpose: call.purpose, status: call.status,
                panel: panel, observer: call.observer, recordedBy: signatory,
                recordedAt: moment.now))
    }

    /// Records the laboratory's word on one analyte.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<ConfirmUrineTest.Refusal>`.
    package static func confirm(
        _ call: ConfirmUrineTest, test: UrineTest, by signatory: Signatory, _ moment: Moment
    ) throws -> Change<UrineTest> {
        typealias Refusal = Refused<ConfirmUrineTest.Refusal>
        try Input.past(call.day, "day", moment)
        guard call.day >= test.day else { throw InvalidInput("day", "must not be before the test") }
        try Input.text(call.laboratory, "laboratory", atMost: 200)
        guard
            let index = test.panel.firstIndex(where: { $0.analyte == call.analyte }),
            let standing = test.panel[index].confirmation
        else { throw Refusal(.nothingToConfirm) }
        let outcome: Confirmation.Outcome = call.confirmed ? .confirmed : .notConfirmed
        if standing.outcome != .pending {
            guard standing.outcome == outcome, standing.day == call.day,
                standing.laboratory == call.laboratory
            else { throw Refusal(.alreadyConfirmed) }
            return .unchanged(test)
        }
        var confirmed = test
        confirmed.panel[index].confirmation = Confirmation(
            outcome: outcome, day: call.day, laboratory: call.laboratory, recordedBy: signatory)
        return .store(confirmed)
    }

    /// What a list of tests shows: those of one purpose, the oldest first.
    package static func list(
        _ call: ListUrineTests, of tests: [UrineTest], merges: Merges = Merges()
    ) -> [UrineTest] {
        tests.filter { test in
            merges.isSame(test.participant, call.participant) && test.purpose == call.purpose
        }
        .sorted { ($0.day, $0.id) < ($1.day, $1.id) }
    }

    /// What a test comes to as a whole: the worst over its panel.
    package static func verdict(of test: UrineTest) -> UrineSummary.Verdict {
        switch test.status {
        case .refused: return .refused
        case .missed: return .missed
        case .invalid: return .invalid
        case .tested: break
        }
        let outcomes = test.panel.compactMap(\.confirmation?.outcome)
        if outcomes.contains(.confirmed) { return .confirmedPositive }
        if outcomes.contains(.pending) { return .presumptivePositive }
        if test.panel.contains(where: { $0.result == .invalid }) { return .invalid }
        return outcomes.isEmpty ? .negative : .notConfirmed
    }

    private static func check(_ call: RecordUrineTest, _ moment: Moment) throws(InvalidInput) {
        try Input.past(call.day, "day", moment)
        if let observer = call.observer { try Input.staff(observer, "observer") }
        guard call.panel.allSatisfy({ $0.confirmation == nil }) else {
            throw InvalidInput("panel", "must come without confirmations; record them afterwards")
        }
        switch call.status {
        case .tested: try Input.distinct(call.panel.map(\.analyte), "panel", 1...7)
        case .refused, .missed, .invalid:
            guard call.panel.isEmpty else {
                throw InvalidInput("panel", "must be empty where no valid sample was tested")
            }
        }
    }

    private static func isSame(_ test: UrineTest, _ call: RecordUrineTest) -> Bool {
        test.participant == call.participant && test.day == call.day
            && test.occasion == call.occasion && test.purpose == call.purpose
            && test.status == call.status && test.observer == call.observer
            && test.panel.map(\.analyte) == call.panel.map(\.analyte)
            && test.panel.map(\.result) == call.panel.map(\.result)
    }
}
