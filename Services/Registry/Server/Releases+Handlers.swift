internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func release(
        _ call: ReleaseParticipant, _ context: CallContext
    ) async throws -> Departure {
        try await records.perform(call, context) { transaction in
            let participant = try transaction.participant(call.participant)
            let departure = try DepartureRules.release(
                call, participant: participant,
                open: transaction.openEnrollment(of: call.participant),
                today: transaction.today(for: participant, context.now))
            try transaction.put(
                departure.participant, verb: "released", by: context.identity.description,
                at: context.now)
            if let ended = departure.enrollment {
                try transaction.put(
                    ended, verb: "exited", by: context.identity.description, at: context.now)
            }
            return departure
        }
    }

    @Sendable func recordDeath(
        _ call: RecordDeath, _ context: CallContext
    ) async throws -> Departure {
        try await records.perform(call, context) { transaction in
            let participant = try transaction.participant(call.participant)
            let departure = try DepartureRules.recordDeath(
                call, participant: participant,
                open: transaction.openEnrollment(of: call.participant),
                today: transaction.today(for: participant, context.now))
            try transaction.put(
                departure.participant, verb: "died", by: context.identity.description,
                at: context.now)
            if let ended = departure.enrollment {
                try transaction.put(
                    ended, verb: "exited", by: context.identity.description, at: context.now)
            }
            return departure
        }
    }
}
