internal import ClinicalAPI
internal import ClinicalRules
internal import Hosting
internal import RPC
internal import RegistryFollower
internal import Storage
internal import Vocabulary

extension ClinicalService {
    @Sendable func administer(
        _ call: AdministerInstrument, _ context: CallContext
    ) async throws -> Administration {
        let signatory = try context.signatory
        return try await records.perform(call, context) { transaction in
            let outcome = try AdministrationRules.administer(
                call, recorded: transaction.administrations(for: call),
                facts: transaction.facts(about: [call.participant]), by: signatory,
                transaction.moment(for: call.participant, context),
                newAlert: { .random(at: context.now) })
            for alert in outcome.alerts {
                _ = try transaction.apply(.store(alert), verb: "raised", context)
            }
            return try transaction.apply(outcome.change, verb: "administered", context)
        }
    }

    @Sendable func list(
        _ call: ListAdministrations, _ context: CallContext
    ) async throws -> ListAdministrations.Reply {
        try await records.look(call, context) { snapshot in
            ListAdministrations.Reply(
                administrations: AdministrationRules.list(
                    call, of: try snapshot.all(Administration.self, of: call.participant),
                    merges: try snapshot.merges(of: call.participant)))
        }
    }

    @Sendable func get(
        _ call: GetAdministration, _ context: CallContext
    ) async throws -> Administration {
        try await records.look(call, context) { try $0.administration(call.administration) }
    }

    @Sendable func describe(
        _ call: DescribeInstrument, _ context: CallContext
    ) async throws -> DescribeInstrument.Reply {
        Scoring.form(of: call.instrument)
    }
}
