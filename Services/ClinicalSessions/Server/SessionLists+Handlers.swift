internal import ClinicalAPI
internal import ClinicalRules
internal import Hosting
internal import RPC
internal import Storage
internal import Vocabulary

extension ClinicalService {
    @Sendable func list(
        _ call: ListSessions, _ context: CallContext
    ) async throws -> ListSessions.Reply {
        try SessionRules.check(call)
        return try await records.look(call, context) { snapshot in
            let zone = try snapshot.moment(for: call.participant, context).zone
            let span = SessionRules.span(of: call, zone: zone)
            return ListSessions.Reply(
                sessions: SessionRules.list(
                    call, of: try snapshot.sessions(within: span, for: call),
                    merges: try snapshot.merges(of: call.participant.map { [$0] } ?? []),
                    zone: zone))
        }
    }

    @Sendable func next(_ call: NextSession, _ context: CallContext) async throws
        -> NextSession.Reply
    {
        try await records.look(call, context) { snapshot in
            NextSession.Reply(
                session: SessionRules.next(
                    for: call.participant,
                    of: try snapshot.nextSessions(of: call.participant, after: context.now),
                    merges: try snapshot.merges(of: call.participant), after: context.now))
        }
    }

    @Sendable func get(_ call: GetSession, _ context: CallContext) async throws -> Session {
        try await records.look(call, context) { try $0.session(call.session).session }
    }
}
