internal import Synchronization
package import Vocabulary

/// How far a peer's feed is applied here, and when it was last heard.
package struct FeedProgress: Hashable, Sendable {
    /// The last position of the peer's journal that is applied; 0 where none is.
    package let position: Int64
    /// When the entry at that position happened at the peer, where it was noted.
    ///
    /// Another time at the same position means another journal.
    package let entryAt: Timestamp?
    /// When the peer last said something that fits what is applied; nil where it never did.
    package let heardAt: Timestamp?
}

/// When each feed was last heard, kept in memory because a quiet feed would write all day.
final class HeardTimes: Sendable {
    private let times = Mutex<[String: Timestamp]>([:])

    func note(_ name: String, at time: Timestamp) {
        times.withLock { $0[name] = max(time, $0[name] ?? time) }
    }

    func last(_ name: String) -> Timestamp? { times.withLock { $0[name] } }
}
