internal import EvaluationAPI
internal import EvaluationRules
internal import Hosting
internal import RPC
internal import Storage
internal import Vocabulary

extension EvaluationService {
    @Sendable func open(
        _ call: OpenEvaluation, _ context: CallContext
    ) async throws -> PeriodicEvaluation {
        let person = try context.person
        return try await records.perform(call, context) { transaction in
            let opening = try Evaluations.open(
                call, by: person, enrollment: transaction.enrollment(call.enrollment),
                points: transaction.points(),
                standing: transaction.evaluations(of: call.enrollment, or: call.id),
                evidence: transaction.evidence(of: call.enrollment, upTo: call.heldOn),
                on: transaction.today(for: call.participant, at: context.now))
            switch opening {
            case .alreadyDone(let evaluation): return evaluation
            case .store(let evaluation):
                try transaction.put(
                    evaluation, verb: "opened", by: context.identity.description,
                    at: context.now)
                return evaluation
            }
        }
    }

    @Sendable func amend(
        _ call: AmendEvaluation, _ context: CallContext
    ) async throws -> PeriodicEvaluation {
        try await records.perform(call, context) { transaction in
            let old = try Self.evaluation(call.evaluation, in: transaction)
            let new = try Evaluations.amend(
                old, call, enrollment: transaction.enrollment(old.enrollment),
                evidence: transaction.evidence(
                    of: old.enrollment, upTo: call.heldOn ?? old.heldOn),
                on: transaction.today(for: old.participant, at: context.now))
            guard new != old else { return old }
            try transaction.put(
                new, verb: "amended", by: context.identity.description, at: context.now)
            return new
        }
    }

    @Sendable func sign(
        _ call: SignEvaluation, _ context: CallContext
    ) async throws -> PeriodicEvaluation {
        let person = try context.person
        return try await records.perform(call, context) { transaction in
            let old = try Self.evaluation(call.evaluation, in: transaction)
            let enrollment = try transaction.enrollment(old.enrollment)
            let new = try Evaluations.sign(
                old, call, by: person, enrollment: enrollment,
                treating: enrollment.flatMap { try transaction.treating(during: $0) },
                on: transaction.today(for: old.participant, at: context.now))
            try transaction.put(
                new, verb: "signed", by: context.identity.description, at: context.now)
            return new
        }
    }

    @Sendable func get(
        _ call: GetEvaluation, _ context: CallContext
    ) async throws -> PeriodicEvaluation {
        try await records.look(call, context) { try Self.evaluation(call.evaluation, in: $0) }
    }

    @Sendable func list(
        _ call: ListEvaluations, _ context: CallContext
    ) async throws -> ListEvaluations.Reply {
        let limit = try Paging.limit(call.limit, most: ListEvaluations.limitMax)
        return try await records.look(call, context) { try $0.page(of: call, limit: limit) }
    }

    private static func evaluation(
        _ id: EvaluationID, in reading: borrowing some Reading & ~Copyable
    ) throws -> PeriodicEvaluation {
        guard let evaluation = try reading.get(PeriodicEvaluation.self, id.uuid) else {
            throw NotFound("evaluation", id)
        }
        return evaluation
    }
}
