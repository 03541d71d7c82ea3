internal import ClinicalAPI
internal import ClinicalRules
internal import Hosting
internal import RPC
internal import RegistryFollower
internal import Storage
internal import Vocabulary

extension ClinicalService {
    @Sendable func record(
        _ call: RecordAssessment, _ context: CallContext
    ) async throws -> Assessment {
        let signatory = try context.signatory
        return try await records.perform(call, context) { transaction in
            let change = try AssessmentRules.record(
                call, recorded: transaction.assessments(for: call),
                facts: transaction.facts(about: [call.participant]), by: signatory,
                transaction.moment(for: call.participant, context))
            return try transaction.apply(change, verb: "recorded", context)
        }
    }

    @Sendable func diagnose(
        _ call: DiagnoseParticipant, _ context: CallContext
    ) async throws -> Assessment {
        let signatory = try context.signatory
        return try await records.perform(call, context) { transaction in
            let recorded = try transaction.assessments(beside: call.assessment)
            let change = try AssessmentRules.diagnose(
                call, recorded: recorded, by: signatory,
                transaction.moment(for: recorded.first?.participant, context))
            return try transaction.apply(change, verb: "diagnosed", context)
        }
    }

    @Sendable func list(
        _ call: ListAssessments, _ context: CallContext
    ) async throws -> ListAssessments.Reply {
        try await records.look(call, context) { snapshot in
            ListAssessments.Reply(
                assessments: AssessmentRules.list(
                    call, of: try snapshot.all(Assessment.self, of: call.participant),
                    merges: try snapshot.merges(of: call.participant)))
        }
    }
}
