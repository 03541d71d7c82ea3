package import RPC
package import Storage
package import Vocabulary

/// A peer's feed that a service follows, and what it does with an item.
package struct FeedSubscription: Sendable {
    package let peer: ServiceName
    /// Opens the stream from just after a position.
    let open: @Sendable (Caller, Int64) async throws -> ReplyStream<FeedItem>
    let apply: @Sendable (FeedItem, borrowing Transaction) throws -> Void

    /// Names the peer, how to follow it, and what to do with an item.
    ///
    /// `request`: the peer's follow method, from just after a position.
    /// `apply`: stores what an item says; it runs in the transaction that also notes the
    /// position, so that each item has its effect exactly once.
    package init<Follow: RPCStream>(
        of peer: ServiceName, request: @escaping @Sendable (Int64) -> Follow,
        apply: @escaping @Sendable (FeedItem, borrowing Transaction) throws -> Void
    ) where Follow.Element == FeedItem {
        self.peer = peer
        self.apply = apply
        open = { caller, position in
            // A feed has no end: its deadline is far, and it is taken up again when it passes.
            try await caller.stream(
                request(position), options: CallOptions(timeout: .seconds(3600)))
        }
    }
}
