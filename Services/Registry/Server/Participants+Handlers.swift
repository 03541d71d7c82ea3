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
        try await store.perform(call, context) { transaction in
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
        try await store.look(context) { snapshot in
            guard let participant = try snapshot.get(Participant.self, call.participant.uuid) else {
                throw NotFound("participant", call.participant)
            }
            return participant
        }
    }

    @Sendable func list(
        _ call: ListParticipants, _ context: CallContext
    ) async throws -> ListParticipants.Reply {
        let limit = try Paging.limit(call.limit)
        if let part = call.nameContains, part.count < 3 {
            throw InvalidInput("nameContains", "must have at least three letters")
        }
        return try await store.look(context) { snapshot in
            try snapshot.page(of: call, limit: limit)
        }
    }
}
