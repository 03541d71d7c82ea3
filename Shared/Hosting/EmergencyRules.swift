package import RPC
package import Vocabulary

/// Decides on emergency accesses.
package enum EmergencyRules {
    /// How long one lasts, in seconds.
    static let lasts: Int64 = 3600
    static let reasonMinimum = 20
    static let textMaximum = 500

    static func open(
        _ call: OpenEmergencyAccess, by taker: Identity, existing: EmergencyAccess?,
        now: Timestamp
    ) throws -> EmergencyAccess {
        try check(call.reason, "reason", minimum: reasonMinimum)
        let access = EmergencyAccess(
            id: call.id, participant: call.participant, by: taker.description,
            category: call.category, reason: call.reason, from: now,
            until: now.adding(seconds: lasts))
        guard existing == nil else { throw Refused(OpenEmergencyAccess.Refusal.idTaken) }
        return access
    }

    package static func review(
        _ call: ReviewEmergencyAccess, of access: EmergencyAccess, by reviewer: Identity,
        now: Timestamp
    ) throws -> EmergencyAccess {
        try check(call.remark, "remark", minimum: 1)
        guard access.by != reviewer.description else {
            throw Refused(ReviewEmergencyAccess.Refusal.ownAccess)
        }
        guard access.review == nil else {
            throw Refused(ReviewEmergencyAccess.Refusal.alreadyReviewed)
        }
        var reviewed = access
        reviewed.review = EmergencyAccess.Review(
            by: reviewer.description, at: now, justified: call.justified, remark: call.remark)
        return reviewed
    }

    private static func check(_ text: String, _ field: String, minimum: Int) throws {
        guard (minimum...textMaximum).contains(text.count) else {
            throw InvalidInput(field, "must have \(minimum) to \(textMaximum) characters")
        }
    }
}
