internal import ClinicalAPI
internal import ClinicalRules
internal import Hosting
internal import RPC
internal import RegistryFollower
internal import Storage
internal import Vocabulary

extension ClinicalService {
    @Sendable func set(_ call: SetPlan, _ context: CallContext) async throws -> Plan {
        let signatory = try context.signatory
        return try await records.perform(call, context) { transaction in
            let recorded = try transaction.assessments(beside: call.assessment)
            let change = try PlanRules.set(
                call, current: transaction.get(Plan.self, call.assessment.uuid),
                recorded: recorded, by: signatory,
                transaction.moment(for: recorded.first?.participant, context))
            return try transaction.apply(change, verb: "set", context)
        }
    }

    @Sendable func get(_ call: GetPlan, _ context: CallContext) async throws -> GetPlan.Reply {
        try await records.look(call, context) { snapshot in
            GetPlan.Reply(
                plan: PlanRules.current(
                    of: try snapshot.all(Plan.self, of: call.participant),
                    assessments: try snapshot.all(Assessment.self, of: call.participant)))
        }
    }
}
