package import ClinicalAPI
import RPC
package import Vocabulary

/// Decides what becomes of an alert, and whom guards are asked to watch.
package enum AlertRules {
    /// Raises an alert by hand.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<RaiseAlert.Refusal>`.
    package static func raise(
        _ call: RaiseAlert, existing: Alert?, facts: RegistryFacts, by signatory: Signatory,
        _ moment: Moment
    ) throws -> Change<Alert> {
        typealias Refusal = Refused<RaiseAlert.Refusal>
        if let existing {
            guard existing.participant == call.participant, existing.kind == call.kind,
                existing.reason == call.reason, existing.administration == nil
            else { throw Refusal(.idTaken) }
            return .unchanged(existing)
        }
        try Input.text(call.reason, "reason", atMost: 2000, multiline: true)
        guard facts.knows(call.participant) else { throw Refusal(.participantUnknown) }
        return .store(
            Alert(
                id: call.id, participant: call.participant, kind: call.kind,
                raisedAt: moment.now, administration: nil, raisedBy: signatory,
                reason: call.reason))
    }

    /// Records what was done about an alert.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<AcknowledgeAlert.Refusal>`.
    package static func acknowledge(
        _ call: AcknowledgeAlert, alert: Alert, by signatory: Signatory, _ moment: Moment
    ) throws -> Change<Alert> {
        typealias Refusal = Refused<AcknowledgeAlert.Refusal>
        try Input.text(call.action, "action", atMost: 2000, multiline: true)
        if let standing = alert.acknowledgment {
            guard standing.by == signatory, standing.action == call.action,
                standing.watchThrough == call.watchThrough
            else { throw Refusal(.alreadyAcknowledged) }
            return .unchanged(alert)
        }
        if let watchThrough = call.watchThrough {
            guard alert.kind.asksForWatch else { throw Refusal(.nothingToWatch) }
            guard (0...30).contains(watchThrough.days(since: moment.today)) else {
                throw InvalidInput("watchThrough", "must lie within 30 days from today")
            }
        }
        var acknowledged = alert
        acknowledged.acknowledgment = Alert.Acknowledgment(
            by: signatory, at: moment.now, action: call.action, watchThrough: call.watchThrough)
        return .store(acknowledged)
    }

    /// What a list of alerts shows, the oldest first.
    package static func list(
        _ call: ListAlerts, of alerts: [Alert], merges: Merges = Merges()
    ) -> [Alert] {
        alerts.filter { alert in
            (call.participant.map { merges.isSame($0, alert.participant) } ?? true)
                && (call.includingAcknowledged || alert.acknowledgment == nil)
        }
        .sorted { ($0.raisedAt, $0.id) < ($1.raisedAt, $1.id) }
    }

    /// Whom guards are asked to watch on a day, without the reason.
    ///
    /// An alert that nobody has looked at asks for a watch, however old it is. A person is named
    /// once, by the record that stands for them.
    package static func watch(
        _ alerts: [Alert], on day: Day, merges: Merges = Merges()
    ) -> [ParticipantID] {
        let watched = alerts.filter { alert in
            guard alert.kind.asksForWatch else { return false }
            guard let acknowledgment = alert.acknowledgment else { return true }
            return acknowledgment.watchThrough.map { day <= $0 } ?? false
        }
        return Set(watched.map { merges.standing(for: $0.participant) }).sorted()
    }
}
