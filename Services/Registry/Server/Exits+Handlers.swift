internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func exit(_ call: ExitEnrollment, _ context: CallContext) async throws -> Enrollment {
        try await records.perform(call, context) { transaction in
            let enrollment = try transaction.enrollment(call.enrollment)
            let ended = try ExitRules.exit(
                call, enrollment: enrollment, program: transaction.program(enrollment.program),
                today: transaction.today(for: enrollment, context.now))
            try transaction.put(
                ended, verb: "exited", by: context.identity.description, at: context.now)
            return ended
        }
    }

    @Sendable func transfer(
        _ call: TransferEnrollment, _ context: CallContext
    ) async throws -> TransferEnrollment.Reply {
        try await records.perform(call, context) { transaction in
            let enrollment = try transaction.enrollment(call.enrollment)
            let reply = try ExitRules.transfer(
                call, enrollment: enrollment,
                participant: transaction.standing(for: enrollment.participant),
                program: transaction.program(enrollment.program),
                facilityCodes: transaction.facilityCodes(),
                today: transaction.today(for: enrollment, context.now))
            try transaction.put(
                reply.enrollment, verb: "exited", by: context.identity.description,
                at: context.now)
            try transaction.put(
                reply.participant, verb: "transferred", by: context.identity.description,
                at: context.now)
            return reply
        }
    }
}
