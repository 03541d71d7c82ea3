package import ClinicalAPI
import Instruments
package import RPC
package import Vocabulary

/// Decides what becomes of the answers to a questionnaire.
package enum AdministrationRules {
    package typealias Refusal = Refused<AdministerInstrument.Refusal>

    /// An administration and the alerts that it raises at once.
    package struct Outcome: Hashable, Sendable {
        package let change: Change<Administration>
        /// To be stored together with the administration.
        package let alerts: [Alert]

        package init(change: Change<Administration>, alerts: [Alert]) {
            self.change = change
            self.alerts = alerts
        }
    }

    /// Scores and records answers.
    ///
    /// `recorded` are the participant's administrations, the one that has the call's id, and the
    /// one that the call corrects;
    /// `newAlert` makes the id of an alert, and is called once for each.
    ///
    /// - Throws: ``InvalidInput`` naming the item that is wrong, or
    ///   `Refused<AdministerInstrument.Refusal>`.
    package static func administer(
        _ call: AdministerInstrument, recorded: [Administration], facts: RegistryFacts,
        by signatory: Signatory, _ moment: Moment, newAlert: () -> AlertID
    ) throws -> Outcome {
        if let existing = recorded.first(where: { $0.id == call.id }) {
            guard isSame(existing, call) else { throw Refusal(.idTaken) }
            return Outcome(change: .unchanged(existing), alerts: [])
        }
        try check(call, moment)
        guard facts.knows(call.participant) else { throw Refusal(.participantUnknown) }
        if let enrollment = call.enrollment {
            let theirs = facts.enrollments.contains {
                $0.enrollment == enrollment && $0.participant == call.participant
            }
            guard theirs else { throw Refusal(.enrollmentUnknown) }
        }
        let corrected = try original(of: call, among: recorded)
        let sheet = try Scoring.sheet(of: call.instrument, call.answers)
        let administration = Administration(
            id: call.id, participant: call.participant, enrollment: call.enrollment,
            instrument: call.instrument, version: sheet.version, mode: call.mode,
            window: call.window, occasion: call.occasion, day: call.day,
            assessor: call.assessor, answers: call.answers, sheet: sheet,
            correction: call.correction, recordedBy: signatory, recordedAt: moment.now)
        // What the corrected answers raised already stands until somebody looks at it.
        let known = corrected?.sheet.alerts ?? []
        let alerts = sheet.alerts.filter { !known.contains($0) }.map { alert in
            Alert(
                id: newAlert(), participant: call.participant, kind: kind(of: alert),
                raisedAt: moment.now, administration: call.id, raisedBy: signatory)
        }
        return Outcome(change: .store(administration), alerts: alerts)
    }

    /// What a list of administrations shows, the oldest first.
    package static func list(
        _ call: ListAdministrations, of recorded: [Administration], merges: Merges = Merges()
    ) -> [Administration] {
        let theirs = recorded.filter { merges.isSame($0.participant, call.participant) }
        return (call.includingCorrected ? theirs : Corrections.standing(theirs))
            .filter { administration in
                call.instrument.map { $0 == administration.instrument } ?? true
            }
            .sorted { ($0.day, $0.recordedAt, $0.id) < ($1.day, $1.recordedAt, $1.id) }
    }

    private static func check(_ call: AdministerInstrument, _ moment: Moment) throws {
        try Input.past(call.day, "day", moment)
        try Input.staff(call.assessor, "assessor")
        try Input.text(optional: call.correction?.reason, "correction.reason")
        if call.instrument == .assist {
            guard call.window != nil else {
                throw InvalidInput("window", "the ASSIST needs the time that was asked about")
            }
        } else if call.window != nil {
            throw InvalidInput("window", "only the ASSIST has one; leave it out")
        }
    }

    private static func original(
        of call: AdministerInstrument, among recorded: [Administration]
    ) throws -> Administration? {
        guard let correction = call.correction else { return nil }
        guard let original = recorded.first(where: { $0.id == correction.of }) else {
            throw Refusal(.correctedUnknown)
        }
        guard original.participant == call.participant, original.instrument == call.instrument
        else { throw Refusal(.correctsAnother) }
        guard !Corrections.isCorrected(original.id, in: recorded) else {
            throw Refusal(.alreadyCorrected)
        }
        return original
    }

    private static func isSame(_ existing: Administration, _ call: AdministerInstrument) -> Bool {
        existing.participant == call.participant && existing.enrollment == call.enrollment
            && existing.instrument == call.instrument && existing.mode == call.mode
            && existing.window == call.window && existing.occasion == call.occasion
            && existing.day == call.day && existing.assessor == call.assessor
            && existing.answers == call.answers && existing.correction == call.correction
    }

    private static func kind(of alert: ScoreAlert) -> Alert.Kind {
        switch alert {
        case .suicideRisk: .suicideRisk
        case .injectingRisk: .injectingRisk
        }
    }
}
