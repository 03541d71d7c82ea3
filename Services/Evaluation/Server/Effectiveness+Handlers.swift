internal import EvaluationAPI
internal import EvaluationRules
internal import Hosting
internal import RPC
internal import Storage
internal import Vocabulary

extension EvaluationService {
    @Sendable func report(
        _ call: ReportEffectiveness, _ context: CallContext
    ) async throws -> EffectivenessReport {
        let person = try context.person
        let (facts, today) = try await records.store.look(context) { snapshot in
            (
                try snapshot.effectivenessFacts(at: context.now),
                try snapshot.today(for: person, at: context.now)
            )
        }
        return Effectiveness.report(facts, call, on: today)
    }
}
