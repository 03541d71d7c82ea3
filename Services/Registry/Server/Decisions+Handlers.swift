internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func record(_ call: RecordDecision, _ context: CallContext) async throws -> Decision {
        try await records.perform(call, context) { transaction in
            let participant = try transaction.participant(call.decision.participant)
            let decision = try DecisionRules.record(
                call,
                facts: DecisionFacts(
                    participant: participant,
                    staff: call.decision.members.compactMap {
                        try transaction.get(Staff.self, $0.staff.uuid)
                    },
                    existing: transaction.get(Decision.self, call.decision.id.uuid)),
                today: transaction.today(for: participant, context.now))
            try transaction.put(
                decision, verb: "recorded", by: context.identity.description, at: context.now)
            return decision
        }
    }

    @Sendable func list(
        _ call: ListDecisions, _ context: CallContext
    ) async throws -> ListDecisions.Reply {
        try await records.look(call, context) { snapshot in
            _ = try snapshot.participant(call.participant)
            return ListDecisions.Reply(decisions: try snapshot.decisions(of: call.participant))
        }
    }
}
