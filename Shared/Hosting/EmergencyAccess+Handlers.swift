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
            .unary(ReviewEmergencyAccess.self) { call, context in
                try await perform(call, context) { transaction in
                    guard let access = try transaction.get(EmergencyAccess.self, call.id.uuid)
                    else { throw NotFound("emergency", call.id) }
                    let reviewed = try EmergencyRules.review(
                        call, of: access, by: context.identity, now: context.now)
                    try transaction.put(
                        reviewed, verb: "reviewed", by: context.identity.description,
                        at: context.now)
                    return reviewed
                }
            },
            .unary(ListEmergencyAccesses.self) { call, context in
                try await look(call, context) { snapshot in
                    ListEmergencyAccesses.Reply(
                        accesses: try snapshot.all(
                            EmergencyAccess.self, where: "? = 1 OR is_reviewed = 0",
                            [.flag(call.includingReviewed ?? false)], order: "is_reviewed, key"))
                }
            },
        ]
    }
}
