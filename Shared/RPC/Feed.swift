package import FoundationEssentials
package import Vocabulary

/// One entry of a service's change feed.
///
/// An item without a noun only tells the position: the entries up to there are not for this
/// follower, or nothing has happened for a while.
package struct FeedItem: Codable, Hashable, Sendable {
    /// The position in the service's journal; a follower stores it with what it applied.
    package let position: Int64
    /// When the entry was written.
    package let at: Timestamp
    /// The kind of record that changed.
    package let noun: String?
    /// The record that changed.
    package let id: UUID?
    /// The record's new state as this follower may see it, encoded as CBOR.
    package let body: [UInt8]?

    package init(
        position: Int64, at: Timestamp, noun: String? = nil, id: UUID? = nil, body: [UInt8]? = nil
    ) {
        self.position = position
        self.at = at
        self.noun = noun
        self.id = id
        self.body = body
    }
}
