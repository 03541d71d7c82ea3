internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func record(_ call: RecordItem, _ context: CallContext) async throws -> RecordedItem {
        guard case .person(let person) = context.identity else {
            throw RPCFailure(.permissionDenied, "only a member of staff records an item")
        }
        return try await records.perform(call, context) { transaction in
            let participant = try transaction.participant(call.item.participant)
            let item = try ItemRules.record(
                call, by: person.role, participant: participant,
                existing: transaction.get(RecordedItem.self, call.item.id.uuid),
                today: transaction.today(for: participant, context.now))
            try transaction.put(
                item, verb: "recorded", by: context.identity.description, at: context.now)
            return item
        }
    }

    @Sendable func list(_ call: ListItems, _ context: CallContext) async throws -> ListItems.Reply {
        try await records.look(call, context) { snapshot in
            _ = try snapshot.participant(call.participant)
            let items = try snapshot.items(of: call.participant)
            return ListItems.Reply(items: items, missing: ItemRules.missing(items))
        }
    }
}
