package import Logging
package import RPC
package import Storage
package import Vocabulary

/// Publishes a service's journal to those who follow it.
package enum FeedPublisher {
    /// Sends every entry after a position, as the follower may see it, and then each new one.
    ///
    /// It ends only with the call: when the follower goes away, or the service stops.
    ///
    /// `share`: what the follower may see of an entry: the noun it knows it by and the
    ///   encoded record, or nil where the entry is not for it.
    package static func publish(
        _ store: Store, after start: Int64,
        share: @Sendable (JournalEntry) throws -> (noun: String, body: [UInt8])?,
        send: @Sendable (FeedItem) async throws -> Void
    ) async throws {
        var sent = start
        for await position in store.positions() {
            while sent < position {
                let entries = try await store.entries(after: sent, limit: 200)
                guard let last = entries.last else { break }
                for entry in entries {
                    let shared = try share(entry)
                    try await send(
                        FeedItem(
                            position: entry.position, at: entry.at, noun: shared?.noun,
                            id: shared.map { _ in entry.key }, body: shared?.body))
                }
                sent = last.position
            }
            try Task.checkCancellation()
        }
        throw RPCFailure(
            .unavailable, "the service is stopping", outcome: .processed, retry: .later)
    }
}

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

/// Follows one peer's feed for as long as the service runs, and takes it up again when it breaks.
package struct FeedFollower: Sendable {
    private let subscription: FeedSubscription
    private let caller: Caller
    private let store: Store
    private let logger: Logger
    private let now: @Sendable () -> Timestamp

    package init(
        _ subscription: FeedSubscription, caller: Caller, store: Store, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.subscription = subscription
        self.caller = caller
        self.store = store
        self.logger = logger
        self.now = now
    }

    /// Runs until the task is cancelled.
    package func run() async {
        var pause = Duration.milliseconds(100)
        while !Task.isCancelled {
            do {
                try await follow { pause = .milliseconds(100) }
            } catch {
                guard !Task.isCancelled else { return }
                logger.notice(
                    "feed interrupted",
                    metadata: ["peer": "\(subscription.peer)", "reason": "\(RPCFailure(error))"])
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(5))
        }
    }

    private func follow(onItem: () -> Void) async throws {
        let name = subscription.peer.rawValue
        let position = try await store.read { try $0.feedState(name).position }
        for try await item in try await subscription.open(caller, position) {
            onItem()
            let apply = subscription.apply
            let heardAt = now()
            _ = try await store.write { transaction in
                guard try transaction.feedState(name).position < item.position else { return }
                try apply(item, transaction)
                try transaction.setFeed(name, position: item.position, heardAt: heardAt)
            }
        }
    }
}
