internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func add(_ call: AddFacility, _ context: CallContext) async throws -> Facility {
        try await records.perform(call, context) { transaction in
            let facility = try FacilityRules.add(call, known: transaction.facilities())
            try transaction.put(
                facility, verb: "added", by: context.identity.description, at: context.now)
            return facility
        }
    }

    @Sendable func list(
        _ call: ListFacilities, _ context: CallContext
    ) async throws -> ListFacilities.Reply {
        try await records.look(call, context) {
            ListFacilities.Reply(facilities: try $0.facilities())
        }
    }

    @Sendable func add(_ call: AddInstitution, _ context: CallContext) async throws -> Institution {
        try await records.perform(call, context) { transaction in
            let institution = try InstitutionRules.add(call, known: transaction.institutions())
            try transaction.put(
                institution, verb: "added", by: context.identity.description, at: context.now)
            return institution
        }
    }

    @Sendable func list(
        _ call: ListInstitutions, _ context: CallContext
    ) async throws -> ListInstitutions.Reply {
        try await records.look(call, context) {
            ListInstitutions.Reply(institutions: try $0.institutions())
        }
    }
}
