package import RPC
package import Storage
internal import Vocabulary

/// Publishes a service's journal to those who follow it.
///
/// Between entries it repeats, without noun and body, the position and time of the newest entry
/// that the follower has: first of all where the follower begins behind an entry, and then
/// whenever the feed was quiet for a while. So a follower can tell a quiet feed from a dead one,
/// and the journal it follows from another one in its place.
package enum FeedPublisher {
    /// Sends every entry after a position, as the follower may see it, and then each new one.
    ///
    /// It ends only with the call: when the follower goes away, or the service stops.
    ///
    /// `quiet`: how long nothing may be sent.
    /// `share`: what the follower may see of an entry: the noun it knows it by and the
    ///   encoded record, or nil where the entry is not for it.
    package static func publish(
        _ store: Store, after start: Int64, quiet: Duration = .seconds(5),
        share: @Sendable (JournalEntry) throws -> (noun: String, body: [UInt8])?,
        send: @Sendable (FeedItem) async throws -> Void
    ) async throws {
        guard start >= 0 else { throw InvalidInput("after", "counts from 0") }
        var sentAt: ContinuousClock.Instant?
        if start > 0 {
            try await send(beat(store, at: min(start, store.position)))
            sentAt = .now
        }
        guard start <= store.position else {
            throw RPCFailure(
                .failedPrecondition,
                "this journal ends at \(store.position), before \(start): one of the two was "
                    + "restored from an older copy")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (wakes, wake) = AsyncStream.makeStream(
                of: Void.self, bufferingPolicy: .bufferingNewest(1))
            group.addTask {
                for await _ in store.positions() { wake.yield() }
                wake.finish()
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: quiet)
                    wake.yield()
                }
            }
            defer { group.cancelAll() }
            var sent = start
            for await _ in wakes {
                try Task.checkCancellation()
                if try await entries(of: store, after: &sent, share: share, send: send) {
                    sentAt = .now
                } else if sentAt.map({ $0.duration(to: .now) >= quiet }) ?? true {
                    try await send(beat(store, at: sent))
                    sentAt = .now
                }
            }
        }
        try Task.checkCancellation()
        throw RPCFailure(
            .unavailable, "the service is stopping", outcome: .processed, retry: .later)
    }

    /// Sends what has come since, and returns whether there was anything.
    private static func entries(
        of store: Store, after sent: inout Int64,
        share: @Sendable (JournalEntry) throws -> (noun: String, body: [UInt8])?,
        send: @Sendable (FeedItem) async throws -> Void
    ) async throws -> Bool {
        let before = sent
        while sent < store.position {
            let entries = try await store.entries(after: sent, limit: 200)
            guard let last = entries.last else { break }
            for entry in entries {
                let shared = entry.isLeftOut ? nil : try share(entry)
                try await send(
                    FeedItem(
                        position: entry.position, at: entry.at, noun: shared?.noun,
                        id: shared.map { _ in entry.key }, body: shared?.body))
            }
            sent = last.position
        }
        return sent > before
    }

    private static func beat(_ store: Store, at position: Int64) async throws -> FeedItem {
        let entry =
            position > 0 ? try await store.entries(after: position - 1, limit: 1).first : nil
        return FeedItem(position: position, at: entry?.at ?? Timestamp(microseconds: 0))
    }
}
