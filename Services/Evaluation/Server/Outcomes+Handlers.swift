internal import EvaluationAPI
internal import EvaluationRules
internal import Hosting
internal import RPC
internal import Storage
internal import Vocabulary

extension EvaluationService {
    @Sendable func record(
        _ call: RecordOutcome, _ context: CallContext
    ) async throws -> OutcomeEvent {
        let person = try context.person
        let participant = call.event.participant
        return try await records.perform(call, context) { transaction in
            let standing = try transaction.get(OutcomeEvent.self, call.event.id.uuid)
            let event = try Outcomes.record(
                call, by: person,
                admittedOn: transaction.enrollments(of: participant).map(\.admittedOn).min(),
                standing: standing, on: transaction.today(for: participant, at: context.now))
            guard standing == nil else { return event }
            try transaction.put(
                event, verb: "recorded", by: context.identity.description, at: context.now)
            return event
        }
    }

    @Sendable func list(
        _ call: ListOutcomes, _ context: CallContext
    ) async throws -> ListOutcomes.Reply {
        try await records.look(call, context) { snapshot in
            ListOutcomes.Reply(
                events: try snapshot.outcomes(of: call.participant),
                followUp: try snapshot.followUp(of: call.participant))
        }
    }
}
