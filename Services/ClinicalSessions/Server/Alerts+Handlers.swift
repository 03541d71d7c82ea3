internal import ClinicalAPI
internal import ClinicalRules
internal import Hosting
internal import RPC
internal import Storage
internal import Vocabulary

extension ClinicalService {
    @Sendable func raise(_ call: RaiseAlert, _ context: CallContext) async throws -> Alert {
        let signatory = try context.signatory
        return try await records.perform(call, context) { transaction in
            let change = try AlertRules.raise(
                call, existing: transaction.get(Alert.self, call.id.uuid),
                facts: transaction.facts(about: [call.participant]), by: signatory,
                transaction.moment(for: call.participant, context))
            return try transaction.apply(change, verb: "raised", context)
        }
    }

    @Sendable func list(_ call: ListAlerts, _ context: CallContext) async throws -> ListAlerts.Reply
    {
        try await records.look(call, context) { snapshot in
            ListAlerts.Reply(
                alerts: AlertRules.list(
                    call, of: try snapshot.alerts(for: call),
                    merges: try snapshot.merges(of: call.participant.map { [$0] } ?? [])))
        }
    }

    @Sendable func acknowledge(
        _ call: AcknowledgeAlert, _ context: CallContext
    ) async throws -> Alert {
        let signatory = try context.signatory
        return try await records.perform(call, context) { transaction in
            let alert = try transaction.alert(call.alert)
            let change = try AlertRules.acknowledge(
                call, alert: alert, by: signatory,
                transaction.moment(for: alert.participant, context))
            return try transaction.apply(change, verb: "acknowledged", context)
        }
    }

    @Sendable func list(
        _ call: ListSafetyFlags, _ context: CallContext
    ) async throws -> ListSafetyFlags.Reply {
        try await records.look(call, context) { snapshot in
            let today = try snapshot.moment(for: nil, context).today
            let alerts = try snapshot.alerts(watchedOn: today)
            return ListSafetyFlags.Reply(
                watch: AlertRules.watch(
                    alerts, on: today,
                    merges: try snapshot.merges(of: alerts.map(\.participant))))
        }
    }
}
