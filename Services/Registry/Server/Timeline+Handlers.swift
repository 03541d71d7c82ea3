internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func timeline(
        _ call: RegistryTimeline, _ context: CallContext
    ) async throws -> RegistryTimeline.Reply {
        guard case .person(let person) = context.identity else {
            throw RPCFailure(.permissionDenied, "only a member of staff reads a dossier")
        }
        return try await records.look(call, context) { snapshot in
            let participant = try snapshot.standing(for: call.participant)
            let zone = try snapshot.zone(of: participant.facilityCode)
            return RegistryTimeline.Reply(
                participant: participant.id,
                lines: Timeline.lines(
                    try snapshot.timelineFacts(on: participant.id), for: person.role, zone: zone,
                    today: context.now.day(in: zone)),
                withheld: Timeline.withheld(from: person.role))
        }
    }
}
