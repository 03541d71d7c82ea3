internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func define(_ call: DefineProgram, _ context: CallContext) async throws -> Program {
        try await records.perform(call, context) { transaction in
            let agreement = try transaction.get(Agreement.self, call.program.agreement.uuid)
            let zone = try transaction.zone(of: agreement?.facilityCode ?? "")
            let program = try ProgramRules.define(
                call, agreement: agreement, known: transaction.programs(),
                today: context.now.day(in: zone))
            try transaction.put(
                program, verb: "defined", by: context.identity.description, at: context.now)
            return program
        }
    }

    @Sendable func list(
        _ call: ListPrograms, _ context: CallContext
    ) async throws -> ListPrograms.Reply {
        try await records.look(call, context) { ListPrograms.Reply(programs: try $0.programs()) }
    }

    @Sendable func get(_ call: GetProgram, _ context: CallContext) async throws -> Program {
        try await records.look(call, context) { try $0.program(call.program) }
    }
}
