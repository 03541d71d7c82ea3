internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func enter(
        _ call: EnterLegalRequest, _ context: CallContext
    ) async throws -> LegalRequest {
        try await records.perform(call, context) { transaction in
            let request = try LegalRequestRules.enter(
                call, existing: transaction.get(LegalRequest.self, call.id.uuid),
                event: transaction.event(on: call.participant, context))
            try transaction.put(
                request, verb: "entered", by: context.identity.description, at: context.now)
            return request
        }
    }

    @Sendable func decide(
        _ call: DecideLegalRequest, _ context: CallContext
    ) async throws -> LegalRequest {
        try await records.perform(call, context) { transaction in
            let request = try transaction.legalRequest(call.request)
            let decided = try LegalRequestRules.decide(
                call, on: request, event: transaction.event(on: request.participant, context))
            try transaction.put(
                decided, verb: "decided", by: context.identity.description, at: context.now)
            return decided
        }
    }

    @Sendable func give(
        _ call: GiveOnLegalRequest, _ context: CallContext
    ) async throws -> LegalRequest {
        try await records.perform(call, context) { transaction in
            let request = try transaction.legalRequest(call.request)
            let given = try LegalRequestRules.give(
                call, on: request, existing: transaction.get(Disclosure.self, call.id.uuid),
                event: transaction.event(on: request.participant, context))
            try transaction.put(
                given.disclosure, verb: "recorded", by: context.identity.description,
                at: context.now)
            try transaction.put(
                given.request, verb: "given", by: context.identity.description, at: context.now)
            return given.request
        }
    }

    @Sendable func list(
        _ call: ListLegalRequests, _ context: CallContext
    ) async throws -> ListLegalRequests.Reply {
        try await records.look(call, context) { snapshot in
            let requests =
                if let participant = call.participant {
                    try snapshot.all(LegalRequest.self, of: participant)
                } else {
                    try snapshot.all(LegalRequest.self)
                }
            return ListLegalRequests.Reply(requests: LegalRequestRules.list(call, of: requests))
        }
    }
}

extension Reading where Self: ~Copyable {
    /// Who writes what into a person's register, on the clock of where they are held.
    func event(on participant: ParticipantID, _ context: CallContext) throws -> RegisterEvent {
        RegisterEvent(
            caller: context.identity, now: context.now,
            today: try today(for: self.participant(participant), context.now))
    }
}
