internal import FoundationEssentials
internal import RPC
internal import Storage
internal import Vocabulary

extension Records {
    var emergencyHandlers: [Handler] {
        [
            .unary(OpenEmergencyAccess.self) { call, context in
                try await perform(call, context) { transaction in
                    let access = try EmergencyRules.open(
                        call, by: context.identity,
                        existing: transaction.get(EmergencyAccess.self, call.id.uuid),
                        now: context.now)
                    try transaction.put(
                        access, verb: "opened", by: context.identity.description, at: context.now)
                    return access
                }
            },
            review(ReviewEmergencyAccess.self),
            .unary(ListEmergencyAccesses.self) { call, context in
                try await look(call, context) { snapshot in
                    ListEmergencyAccesses.Reply(
                        accesses: try snapshot.events(
                            EmergencyAccess.self,
                            includingReviewed: call.includingReviewed ?? false))
                }
            },
        ]
    }
}
