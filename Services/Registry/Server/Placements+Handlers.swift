internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func place(
        _ call: PlaceParticipant, _ context: CallContext
    ) async throws -> Participant {
        try await records.perform(call, context) { transaction in
            let participant = try transaction.participant(call.participant)
            let placed = try PlacementRules.place(
                call, participant: participant,
                today: transaction.today(for: participant, context.now))
            try transaction.put(
                placed, verb: "placed", by: context.identity.description, at: context.now)
            return placed
        }
    }
}
