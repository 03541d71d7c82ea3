internal import EvaluationAPI
internal import EvaluationRules
internal import Hosting
internal import RPC
internal import Storage
internal import Vocabulary

extension EvaluationService {
    @Sendable func timeline(
        _ call: EvaluationTimeline, _ context: CallContext
    ) async throws -> EvaluationTimeline.Reply {
        let participant = call.participant
        return try await records.look(call, context) { snapshot in
            EvaluationTimeline.Reply(
                lines: Timeline.lines(
                    evaluations: try snapshot.evaluations(of: participant),
                    releases: try snapshot.releases(of: participant),
                    contacts: try snapshot.contacts(with: participant),
                    outcomes: try snapshot.outcomes(of: participant),
                    imported: try snapshot.imported(of: participant)),
                sources: try snapshot.sources(at: context.now))
        }
    }
}
