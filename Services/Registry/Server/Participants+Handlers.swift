internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func register(
        _ call: RegisterParticipant, _ context: CallContext
    ) async throws -> RegisterParticipant.Reply {
        try await records.perform(call, context) { transaction in
            let zone = try transaction.zone(of: call.facilityCode)
            let reply = try ParticipantRules.register(
                call,
                facts: RegistrationFacts(
                    facilityCodes: transaction.facilityCodes(),
                    existing: transaction.get(Participant.self, call.id.uuid),
                    candidates: transaction.possiblySame(as: call.identity)),
                today: context.now.day(in: zone))
            try transaction.put(
                reply.participant, verb: "registered", by: context.identity.description,
                at: context.now)
            return reply
        }
    }

    @Sendable func get(_ call: GetParticipant, _ context: CallContext) async throws -> Participant {
        try await records.look(call, context) { try $0.participant(call.participant) }
    }

    @Sendable func list(
        _ call: ListParticipants, _ context: CallContext
    ) async throws -> ListParticipants.Reply {
        let limit = try ParticipantRules.checkList(call)
        return try await records.look(call, context) { snapshot in
            try snapshot.page(of: call, limit: limit)
        }
    }

    @Sendable func reveal(
        _ call: RevealNationalID, _ context: CallContext
    ) async throws -> RevealNationalID.Reply {
        try await records.look(call, context) { snapshot in
            let identity = try snapshot.participant(call.participant).identity
            return RevealNationalID.Reply(
                number: identity.nik, unknownReason: identity.nikUnknownReason)
        }
    }
}
