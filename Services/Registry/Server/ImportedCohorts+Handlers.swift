internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func importCohort(
        _ call: ImportCohort, _ context: CallContext
    ) async throws -> ImportCohort.Reply {
        try await records.perform(call, context) { transaction in
            let decision = try ImportRules.decide(
                call, facts: transaction.facts(for: call),
                today: context.now.day(in: transaction.zone(of: call.facilityCode)))
            for participant in decision.participants {
                try transaction.put(
                    participant, verb: "imported", by: context.identity.description,
                    at: context.now)
            }
            for enrollment in decision.enrollments {
                try transaction.put(
                    enrollment, verb: "imported", by: context.identity.description,
                    at: context.now)
            }
            for episode in decision.episodes {
                try transaction.put(
                    episode, verb: "imported", by: context.identity.description, at: context.now)
            }
            return ImportCohort.Reply(rows: decision.rows)
        }
    }

    @Sendable func list(
        _ call: ListImportedEpisodes, _ context: CallContext
    ) async throws -> ListImportedEpisodes.Reply {
        let limit = try Paging.limit(call.limit)
        return try await records.look(call, context) { try $0.page(of: call, limit: limit) }
    }
}
