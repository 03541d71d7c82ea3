internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func record(
        _ call: RecordConsent, _ context: CallContext
    ) async throws -> RecordConsent.Reply {
        try await records.perform(call, context) { transaction in
            let participant = try transaction.participant(call.consent.participant)
            let reply = try ConsentRules.record(
                call,
                facts: ConsentFacts(
                    participant: participant,
                    witness: call.consent.witness.staff.flatMap {
                        try transaction.get(Staff.self, $0.uuid)
                    },
                    existing: transaction.get(Consent.self, call.consent.id.uuid)),
                today: transaction.today(for: participant, context.now))
            try transaction.put(
                reply.consent, verb: "recorded", by: context.identity.description,
                at: context.now)
            return reply
        }
    }

    @Sendable func revoke(
        _ call: RevokeConsent, _ context: CallContext
    ) async throws -> RevokeConsent.Reply {
        try await records.perform(call, context) { transaction in
            let consent = try transaction.consent(call.consent)
            let participant = try transaction.participant(consent.participant)
            let reply = try ConsentRules.revoke(
                call, consent: consent, today: transaction.today(for: participant, context.now),
                now: context.now)
            try transaction.put(
                reply.consent, verb: "revoked", by: context.identity.description, at: context.now)
            return reply
        }
    }

    @Sendable func list(
        _ call: ListConsents, _ context: CallContext
    ) async throws -> ListConsents.Reply {
        try await records.look(call, context) { snapshot in
            _ = try snapshot.participant(call.participant)
            return ListConsents.Reply(consents: try snapshot.consents(of: call.participant))
        }
    }
}
