internal import RPC
internal import Vocabulary

/// Decides on emergency accesses.
enum EmergencyRules {
    /// How long one lasts, in seconds.
    static let lasts: Int64 = 3600
    static let reasonMinimum = 20

    static func open(
        _ call: OpenEmergencyAccess, by taker: Identity, existing: EmergencyAccess?,
        now: Timestamp
    ) throws -> EmergencyAccess {
        try ReviewRules.check(call.reason, "reason", minimum: reasonMinimum)
        let access = EmergencyAccess(
            id: call.id, participant: call.participant, by: taker.description,
            category: call.category, reason: call.reason, from: now,
            until: now.adding(seconds: lasts))
        guard existing == nil else { throw Refused(OpenEmergencyAccess.Refusal.idTaken) }
        return access
    }
}
