internal import EvaluationAPI
internal import EvaluationRules
internal import Hosting
internal import RPC
internal import Storage
internal import Vocabulary

extension EvaluationService {
    @Sendable func due(
        _ call: DueEvaluations, _ context: CallContext
    ) async throws -> DueEvaluations.Reply {
        let person = try context.person
        return try await records.look(call, context) { snapshot in
            let today = try snapshot.today(for: person, at: context.now)
            return DueEvaluations.Reply(
                asOf: today,
                evaluations: Calendar.due(
                    enrollments: try snapshot.enrollments(programCode: call.programCode),
                    points: try snapshot.points(), evaluations: try snapshot.evaluations(),
                    on: today, withinDays: call.withinDays),
                sources: try snapshot.sources(at: context.now))
        }
    }

    @Sendable func list(
        _ call: ListCaseload, _ context: CallContext
    ) async throws -> ListCaseload.Reply {
        let person = try context.person
        let wanted = call.participants.map(Set.init)
        return try await records.look(call, context) { snapshot in
            let today = try snapshot.today(for: person, at: context.now)
            let enrollments = try snapshot.enrollments(programCode: call.programCode)
                .filter { wanted?.contains($0.participant) ?? true }
            let evaluations = try snapshot.evaluations()
            let due = Calendar.due(
                enrollments: enrollments, points: try snapshot.points(),
                evaluations: evaluations, on: today, withinDays: DueEvaluations().withinDays)
            let lines = Caseload.lines(
                enrollments: enrollments, due: due, evaluations: evaluations,
                releases: try snapshot.releases(), contacts: try snapshot.contacts(), on: today)
            return ListCaseload.Reply(
                asOf: today, lines: lines, sources: try snapshot.sources(at: context.now))
        }
    }
}
