internal import EvaluationAPI
internal import EvaluationRules
internal import Hosting
internal import RPC
internal import Storage
internal import Vocabulary

extension EvaluationService {
    @Sendable func importRows(
        _ call: ImportCohortOutcomes, _ context: CallContext
    ) async throws -> ImportCohortOutcomes.Reply {
        let person = try context.person
        return try await records.perform(call, context) { transaction in
            try CohortImport.check(call, on: transaction.today(for: person, at: context.now))
            let (results, new) = CohortImport.decide(
                call.rows, standing: try transaction.standing(for: call.rows))
            for entry in new {
                try transaction.put(
                    entry, verb: "imported", by: context.identity.description, at: context.now)
            }
            return ImportCohortOutcomes.Reply(rows: results)
        }
    }
}
