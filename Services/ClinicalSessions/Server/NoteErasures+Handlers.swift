internal import ClinicalAPI
internal import ClinicalRules
internal import Hosting
internal import RPC
internal import RegistryFollower
internal import Storage
internal import Vocabulary

extension ClinicalService {
    @Sendable func erase(
        _ call: EraseNotes, _ context: CallContext
    ) async throws -> EraseNotes.Reply {
        try await records.perform(call, context) { transaction in
            try NoteErasureRules.check(call)
            // A person's notes lie under whichever of their records was named.
            let erasures = try transaction.records(of: call.participant).map { record in
                try transaction.erase(
                    .counseling, of: record.uuid, ground: call.request,
                    by: context.identity.description, at: context.now)
            }
            return EraseNotes.Reply(
                participant: call.participant, at: context.now,
                positions: erasures.map(\.position))
        }
    }
}
