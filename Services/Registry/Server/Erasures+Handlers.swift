internal import FoundationEssentials
internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func erase(
        _ call: EraseSection, _ context: CallContext
    ) async throws -> EraseSection.Reply {
        try await records.perform(call, context) { transaction in
            let participant = try transaction.participant(call.participant)
            try ErasureRules.check(
                call, facts: transaction.erasureFacts(about: participant),
                today: transaction.today(for: participant, context.now))
            let erasure = try transaction.erase(
                call.erased, of: participant.id.uuid, ground: call.request,
                by: context.identity.description, at: context.now)
            return EraseSection.Reply(
                participant: participant.id, erased: erasure.section, at: erasure.at,
                position: erasure.position)
        }
    }
}
