internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func enter(
        _ call: EnterSubjectRequest, _ context: CallContext
    ) async throws -> SubjectRequest {
        try await records.perform(call, context) { transaction in
            let request = try SubjectRequestRules.enter(
                call, existing: transaction.get(SubjectRequest.self, call.id.uuid),
                event: transaction.event(on: call.participant, context))
            try transaction.put(
                request, verb: "entered", by: context.identity.description, at: context.now)
            return request
        }
    }

    @Sendable func answer(
        _ call: AnswerSubjectRequest, _ context: CallContext
    ) async throws -> SubjectRequest {
        try await records.perform(call, context) { transaction in
            let request = try transaction.subjectRequest(call.request)
            let answered = try SubjectRequestRules.answer(
                call, to: request, consents: transaction.consents(of: request.participant),
                event: transaction.event(on: request.participant, context))
            try transaction.put(
                answered, verb: "answered", by: context.identity.description, at: context.now)
            return answered
        }
    }

    @Sendable func lift(
        _ call: LiftRestriction, _ context: CallContext
    ) async throws -> SubjectRequest {
        try await records.perform(call, context) { transaction in
            let request = try transaction.subjectRequest(call.request)
            let lifted = try SubjectRequestRules.lift(
                call, of: request, event: transaction.event(on: request.participant, context))
            try transaction.put(
                lifted, verb: "lifted", by: context.identity.description, at: context.now)
            return lifted
        }
    }

    @Sendable func list(
        _ call: ListSubjectRequests, _ context: CallContext
    ) async throws -> ListSubjectRequests.Reply {
        try await records.look(call, context) { snapshot in
            let requests =
                if let participant = call.participant {
                    try snapshot.all(SubjectRequest.self, of: participant)
                } else {
                    try snapshot.all(SubjectRequest.self)
                }
            let zones = try snapshot.zones(of: Set(requests.map(\.participant)))
            return ListSubjectRequests.Reply(
                lines: SubjectRequestRules.lines(call, of: requests, now: context.now) {
                    zones[$0] ?? .wib
                })
        }
    }
}
