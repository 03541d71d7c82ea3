internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func report(_ call: ReportBreach, _ context: CallContext) async throws -> Breach {
        try await records.perform(call, context) { transaction in
            let breach = try BreachRules.report(
                call, existing: transaction.get(Breach.self, call.id.uuid),
                facilityCodes: transaction.facilityCodes(),
                event: transaction.event(at: call.facilityCode, context))
            try transaction.put(
                breach, verb: "reported", by: context.identity.description, at: context.now)
            return breach
        }
    }

    @Sendable func state(_ call: StateBreach, _ context: CallContext) async throws -> Breach {
        try await records.perform(call, context) { transaction in
            let breach = try transaction.breach(call.breach)
            let stated = try BreachRules.state(
                call, of: breach, event: transaction.event(at: breach.facilityCode, context))
            try transaction.put(
                stated, verb: "stated", by: context.identity.description, at: context.now)
            return stated
        }
    }

    @Sendable func tell(_ call: TellBreach, _ context: CallContext) async throws -> Breach {
        try await records.perform(call, context) { transaction in
            let breach = try transaction.breach(call.breach)
            let told = try BreachRules.tell(
                call, of: breach, event: transaction.event(at: breach.facilityCode, context))
            try transaction.put(
                told, verb: "told", by: context.identity.description, at: context.now)
            return told
        }
    }

    @Sendable func list(
        _ call: ListBreaches, _ context: CallContext
    ) async throws -> ListBreaches.Reply {
        try await records.look(call, context) { snapshot in
            ListBreaches.Reply(
                lines: BreachRules.lines(call, of: try snapshot.all(Breach.self), now: context.now))
        }
    }

    @Sendable func get(_ call: GetBreach, _ context: CallContext) async throws -> Breach {
        try await records.look(call, context) { try $0.breach(call.breach) }
    }
}

extension Reading where Self: ~Copyable {
    fileprivate func event(
        at facilityCode: String, _ context: CallContext
    ) throws -> RegisterEvent {
        RegisterEvent(
            caller: context.identity, now: context.now,
            today: context.now.day(in: try zone(of: facilityCode)))
    }
}
