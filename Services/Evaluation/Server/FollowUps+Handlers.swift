internal import EvaluationAPI
internal import EvaluationRules
internal import Hosting
internal import RPC
internal import Storage
internal import Vocabulary

extension EvaluationService {
    @Sendable func record(
        _ call: RecordFollowUp, _ context: CallContext
    ) async throws -> RecordFollowUp.Reply {
        let person = try context.person
        return try await records.perform(call, context) { transaction in
            try Outcomes.check(call, on: transaction.today(for: person, at: context.now))
            var count = 0
            for participant in call.participants {
                let old = try transaction.followUp(of: participant)
                let moved = Outcomes.moved(
                    old ?? FollowUp(participant: participant), registerUntil: call.registerUntil)
                guard moved != old else { continue }
                try transaction.put(
                    moved, verb: "moved", by: context.identity.description, at: context.now)
                count += 1
            }
            return RecordFollowUp.Reply(moved: count)
        }
    }

    @Sendable func list(
        _ call: ListFollowUps, _ context: CallContext
    ) async throws -> ListFollowUps.Reply {
        let limit = try Paging.limit(call.limit, most: ListFollowUps.limitMax)
        return try await records.look(call, context) { try $0.page(of: call, limit: limit) }
    }
}
