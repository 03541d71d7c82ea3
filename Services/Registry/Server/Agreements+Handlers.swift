internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func sign(_ call: SignAgreement, _ context: CallContext) async throws -> Agreement {
        try await records.perform(call, context) { transaction in
            let agreement = try AgreementRules.sign(
                call,
                facts: AgreementFacts(
                    facilityCodes: transaction.facilityCodes(),
                    institutionCodes: transaction.institutionCodes(),
                    agreements: transaction.agreements()))
            try transaction.put(
                agreement, verb: "signed", by: context.identity.description, at: context.now)
            return agreement
        }
    }

    @Sendable func list(
        _ call: ListAgreements, _ context: CallContext
    ) async throws -> ListAgreements.Reply {
        try await records.look(call, context) { snapshot in
            let agreements = try snapshot.agreements()
            return ListAgreements.Reply(
                agreements: agreements.filter {
                    call.facilityCode == nil || $0.facilityCode == call.facilityCode
                })
        }
    }
}
