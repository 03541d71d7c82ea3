internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func find(
        _ call: FindDuplicates, _ context: CallContext
    ) async throws -> FindDuplicates.Reply {
        try await records.look(call, context) { snapshot in
            let participant = try snapshot.participant(call.participant)
            return FindDuplicates.Reply(
                duplicates: Duplicates.find(
                    participant.identity, of: participant.id,
                    distinctFrom: participant.distinctFrom ?? [],
                    among: try snapshot.possiblySame(as: participant.identity)))
        }
    }

    @Sendable func add(_ call: AddAlias, _ context: CallContext) async throws -> Participant {
        try await records.perform(call, context) { transaction in
            let participant = try ParticipantRules.addAlias(
                call, to: transaction.participant(call.participant))
            try transaction.put(
                participant, verb: "given an alias", by: context.identity.description,
                at: context.now)
            return participant
        }
    }

    @Sendable func merge(
        _ call: MergeParticipants, _ context: CallContext
    ) async throws -> Participant {
        try await records.perform(call, context) { transaction in
            let merged = try MergeRules.merge(
                call, kept: transaction.participant(call.kept),
                duplicate: transaction.participant(call.duplicate),
                enrollments: transaction.enrollments(of: call.kept)
                    + transaction.enrollments(of: call.duplicate))
            try transaction.put(
                merged, verb: "merged", by: context.identity.description, at: context.now)
            return merged
        }
    }

    @Sendable func unmerge(
        _ call: UnmergeParticipants, _ context: CallContext
    ) async throws -> Participant {
        try await records.perform(call, context) { transaction in
            let restored = try MergeRules.unmerge(
                call, duplicate: transaction.participant(call.duplicate))
            try transaction.put(
                restored, verb: "unmerged", by: context.identity.description, at: context.now)
            return restored
        }
    }
}
