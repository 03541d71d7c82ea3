internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func open(
        _ call: OpenEnrollment, _ context: CallContext
    ) async throws -> OpenEnrollment.Reply {
        try await records.perform(call, context) { transaction in
            let facts = try transaction.facts(for: call)
            let reply = try EnrollmentRules.open(
                call, facts: facts,
                today: transaction.today(for: facts.participant, context.now))
            try transaction.put(
                reply.enrollment, verb: "opened", by: context.identity.description,
                at: context.now)
            return reply
        }
    }

    @Sendable func get(_ call: GetEnrollment, _ context: CallContext) async throws -> Enrollment {
        try await records.look(call, context) { try $0.enrollment(call.enrollment) }
    }

    @Sendable func list(
        _ call: ListEnrollments, _ context: CallContext
    ) async throws -> ListEnrollments.Reply {
        let limit = try Paging.limit(call.limit)
        return try await records.look(call, context) { try $0.page(of: call, limit: limit) }
    }
}
