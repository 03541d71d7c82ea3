internal import RPC
internal import Storage
internal import Vocabulary

extension Records {
    /// Answers the review of events of one type.
    func review<Call: ReviewCall>(_ type: Call.Type) -> Handler where Call.Reply: StoredRecord {
        .unary(type) { call, context in
            try await perform(call, context) { transaction in
                guard let event = try transaction.get(Call.Reply.self, call.id.uuid) else {
                    throw NotFound(Call.Reply.words.one, call.id)
                }
                let reviewed = try ReviewRules.review(
                    call, of: event, by: context.identity, now: context.now)
                try transaction.put(
                    reviewed, verb: "reviewed", by: context.identity.description, at: context.now)
                return reviewed
            }
        }
    }
}

extension Reading where Self: ~Copyable {
    /// The events of a type, those first that wait for a review.
    func events<Event: ReviewedEvent & StoredRecord>(
        _ type: Event.Type, includingReviewed: Bool
    ) throws -> [Event] {
        try all(
            type, where: "? = 1 OR is_reviewed = 0", [.flag(includingReviewed)],
            order: "is_reviewed, key")
    }

    /// What health tells of the events of a type that nobody has looked at.
    func notices<Event: ReviewedEvent & StoredRecord>(
        toReview type: Event.Type
    ) throws -> [HealthNotice] {
        HealthNotice.toReview(type, try count(type, where: "is_reviewed = 0", []))
    }
}
