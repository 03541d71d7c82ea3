internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func add(_ call: AddStaff, _ context: CallContext) async throws -> Staff {
        try await records.perform(call, context) { transaction in
            let member = try StaffRules.add(
                call,
                facts: StaffFacts(
                    facilityCodes: transaction.facilityCodes(),
                    institutionCodes: transaction.institutionCodes(),
                    staff: transaction.staff()))
            try transaction.put(
                member, verb: "added", by: context.identity.description, at: context.now)
            return member
        }
    }

    @Sendable func list(_ call: ListStaff, _ context: CallContext) async throws -> ListStaff.Reply {
        try await records.look(call, context) { snapshot in
            let staff = try snapshot.staff()
            return ListStaff.Reply(
                staff: staff.filter {
                    (call.affiliation == nil || $0.affiliation == call.affiliation)
                        && ($0.active || call.includingFormer)
                })
        }
    }
}
