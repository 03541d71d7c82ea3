internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func issue(_ call: IssueDecree, _ context: CallContext) async throws -> Decree {
        try await records.perform(call, context) { transaction in
            let program = try transaction.program(call.decree.program)
            let facilityCode = try transaction.agreement(program.agreement).facilityCode
            for id in call.decree.participants { _ = try transaction.participant(id) }
            let decree = try DecreeRules.issue(
                call,
                facts: DecreeFacts(
                    program: program, facilityCode: facilityCode,
                    signer: transaction.get(Staff.self, call.decree.signedBy.uuid),
                    decisions: transaction.decisions(on: call.decree.participants),
                    decrees: transaction.decrees()),
                today: context.now.day(in: transaction.zone(of: facilityCode)))
            try transaction.put(
                decree, verb: "issued", by: context.identity.description, at: context.now)
            return decree
        }
    }

    @Sendable func list(
        _ call: ListDecrees, _ context: CallContext
    ) async throws -> ListDecrees.Reply {
        try await records.look(call, context) { snapshot in
            let decrees = try call.program.map { try snapshot.decrees(of: $0) }
            return ListDecrees.Reply(decrees: try decrees ?? snapshot.decrees())
        }
    }
}
