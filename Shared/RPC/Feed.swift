package import FoundationEssentials
package import Vocabulary

/// One entry of a service's change feed, as much of it as the follower may see.
///
/// An entry that is not for this follower comes without noun and body: it only tells how far the
/// feed has got, so that the follower knows how current its copy is.
package struct FeedItem: Codable, Hashable, Sendable {
    /// The position in the journal of the service that is followed.
    package let position: Int64
    /// When it happened there.
    package let at: Timestamp
    /// What kind of record `body` is.
    package let noun: String?
    package let id: UUID?
    /// The record, encoded as CBOR.
    package let body: [UInt8]?

    private enum CodingKeys: Int, CodingKey {
        case position = 1
        case at = 2
        case noun = 3
        case id = 4
        case body = 5
    }

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
