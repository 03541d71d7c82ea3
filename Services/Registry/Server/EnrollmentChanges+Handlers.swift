internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func advance(
        _ call: AdvanceEnrollment, _ context: CallContext
    ) async throws -> Enrollment {
        try await records.perform(call, context) { transaction in
            let enrollment = try transaction.enrollment(call.enrollment)
            let changed = try StageRules.advance(
                call, enrollment: enrollment, program: transaction.program(enrollment.program),
                today: transaction.today(for: enrollment, context.now))
            try transaction.put(
                changed, verb: "advanced", by: context.identity.description, at: context.now)
            return changed
        }
    }

    @Sendable func hold(_ call: HoldEnrollment, _ context: CallContext) async throws -> Enrollment {
        try await records.perform(call, context) { transaction in
            let enrollment = try transaction.enrollment(call.enrollment)
            let changed = try HoldRules.hold(
                call, enrollment: enrollment,
                today: transaction.today(for: enrollment, context.now))
            try transaction.put(
                changed, verb: "put on hold", by: context.identity.description, at: context.now)
            return changed
        }
    }

    @Sendable func resume(
        _ call: ResumeEnrollment, _ context: CallContext
    ) async throws -> ResumeEnrollment.Reply {
        try await records.perform(call, context) { transaction in
            let enrollment = try transaction.enrollment(call.enrollment)
            let reply = try HoldRules.resume(
                call, enrollment: enrollment,
                today: transaction.today(for: enrollment, context.now))
            try transaction.put(
                reply.enrollment, verb: "resumed", by: context.identity.description,
                at: context.now)
            return reply
        }
    }
}
