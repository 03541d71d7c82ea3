package import RPC
package import Vocabulary

/// Decides on the review of what somebody did.
package enum ReviewRules {
    static let textMaximum = 500

    package static func review<Call: ReviewCall>(
        _ call: Call, of event: Call.Reply, by reviewer: Identity, now: Timestamp
    ) throws -> Call.Reply {
        try check(call.remark, "remark", minimum: 1)
        guard event.by != reviewer.description else { throw Refused(ReviewRefusal.ownAccess) }
        guard event.review == nil else { throw Refused(ReviewRefusal.alreadyReviewed) }
        var reviewed = event
        reviewed.review = Review(
            by: reviewer.description, at: now, justified: call.justified, remark: call.remark)
        return reviewed
    }

    /// Refuses a text that says too little or too much.
    static func check(_ text: String, _ field: String, minimum: Int) throws {
        guard (minimum...textMaximum).contains(text.count) else {
            throw InvalidInput(field, "must have \(minimum) to \(textMaximum) characters")
        }
    }
}
