internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func move(_ call: MoveRegister, _ context: CallContext) async throws -> LegalChange {
        try await records.perform(call, context) { transaction in
            let participant = try transaction.participant(call.participant)
            let change = try RegisterRules.move(
                call, participant: participant, facilityCodes: transaction.facilityCodes(),
                today: context.now.day(
                    in: transaction.zone(of: call.facilityCode ?? participant.facilityCode)))
            try transaction.put(
                change.participant, verb: "moved to another book",
                by: context.identity.description, at: context.now)
            return change
        }
    }

    @Sendable func set(_ call: SetSentence, _ context: CallContext) async throws -> LegalChange {
        try await records.perform(call, context) { transaction in
            let participant = try transaction.participant(call.participant)
            let change = try LegalRules.setSentence(
                call, participant: participant,
                today: transaction.today(for: participant, context.now))
            try transaction.put(
                change.participant, verb: "sentenced", by: context.identity.description,
                at: context.now)
            return change
        }
    }

    @Sendable func set(_ call: SetReleaseDate, _ context: CallContext) async throws -> LegalChange {
        try await records.perform(call, context) { transaction in
            let participant = try transaction.participant(call.participant)
            let change = try LegalRules.setReleaseDate(
                call, participant: participant,
                today: transaction.today(for: participant, context.now))
            try transaction.put(
                change.participant, verb: "given a release date",
                by: context.identity.description, at: context.now)
            return change
        }
    }

    @Sendable func set(_ call: SetRegisterF, _ context: CallContext) async throws -> LegalChange {
        try await records.perform(call, context) { transaction in
            let change = try LegalRules.setRegisterF(
                call, participant: transaction.participant(call.participant))
            try transaction.put(
                change.participant,
                verb: call.entered ? "entered in register F" : "taken out of register F",
                by: context.identity.description, at: context.now)
            return change
        }
    }

    @Sendable func get(
        _ call: GetLegalStanding, _ context: CallContext
    ) async throws -> LegalStanding {
        try await records.look(call, context) {
            LegalStanding(try $0.participant(call.participant))
        }
    }
}
