package import Logging
package import RPC
package import Storage
package import Vocabulary

/// Follows one peer's feed for as long as the service runs, and takes it up again when it breaks.
///
/// What a person must look after is noted as a problem, which health shows, and logged once: a
/// peer whose journal is not the one that was followed so far, and an item that cannot be
/// applied. Nothing is applied over either, and the feed counts as not heard.
package struct FeedFollower: Sendable {
    private let subscription: FeedSubscription
    private let caller: Caller
    private let store: Store
    private let state: HostState
    private let logger: Logger
    private let now: @Sendable () -> Timestamp

    /// Seconds after which hearing a quiet feed is stored, beside being known in memory.
    static let storedEvery: Int64 = 30

    package init(
        _ subscription: FeedSubscription, caller: Caller, store: Store, state: HostState,
        logger: Logger, now: @escaping @Sendable () -> Timestamp
    ) {
        self.subscription = subscription
        self.caller = caller
        self.store = store
        self.state = state
        self.logger = logger
        self.now = now
    }

    private var name: String { subscription.peer.rawValue }

    /// Runs until the task is cancelled.
    package func run() async {
        var pause = Duration.milliseconds(100)
        while !Task.isCancelled {
            do {
                try await follow { pause = .milliseconds(100) }
            } catch let problem as FeedProblem {
                if state.note(problem.description, with: subscription.peer) {
                    logger.critical(
                        "feed cannot be followed",
                        metadata: ["peer": "\(subscription.peer)", "reason": "\(problem)"])
                }
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

    /// Follows one stream; `onProgress` is told whenever it brought something that fits.
    private func follow(onProgress: () -> Void) async throws {
        var progress = try await store.read { [name] in try $0.feedState(name) }
        var storedAt = progress.heardAt
        for try await item in try await subscription.open(caller, progress.position) {
            let heardAt = now()
            switch try FeedStep.judge(item, after: progress) {
            case .entry:
                progress = try await apply(item, heardAt: heardAt)
                storedAt = heardAt
            case .beat:
                let isDue = storedAt.map { heardAt.seconds(since: $0) >= Self.storedEvery } ?? true
                if isDue {
                    try await note(progress, heardAt: heardAt)
                    storedAt = heardAt
                }
            }
            store.noteHeard(name, at: heardAt)
            if state.note(nil, with: subscription.peer) {
                logger.notice(
                    "feed is followed again", metadata: ["peer": "\(subscription.peer)"])
            }
            onProgress()
        }
    }

    private func apply(_ item: FeedItem, heardAt: Timestamp) async throws -> FeedProgress {
        let apply = subscription.apply
        let name = name
        do {
            return try await store.write { transaction in
                let before = try transaction.feedState(name)
                guard before.position < item.position else { return before }
                try apply(item, transaction)
                try transaction.setFeed(
                    name, position: item.position, entryAt: item.at, heardAt: heardAt)
                return try transaction.feedState(name)
            }.value
        } catch StorageError.constraint, StorageError.unreadable {
            throw FeedProblem.unusable(position: item.position)
        } catch let error as StorageError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw FeedProblem.unusable(position: item.position)
        }
    }

    private func note(_ progress: FeedProgress, heardAt: Timestamp) async throws {
        let name = name
        _ = try await store.write { transaction in
            try transaction.setFeed(
                name, position: progress.position, entryAt: progress.entryAt, heardAt: heardAt)
        }
    }
}

/// What an item of a feed is, against what is applied.
enum FeedStep {
    case entry
    case beat

    /// Tells a new entry from a repetition, and both from another journal.
    static func judge(_ item: FeedItem, after progress: FeedProgress) throws -> FeedStep {
        if item.position < progress.position {
            throw FeedProblem.older(applied: progress.position, peer: item.position)
        }
        if item.position == progress.position {
            guard item.position == 0 || progress.entryAt.map({ $0 == item.at }) ?? true else {
                throw FeedProblem.other(position: item.position)
            }
            return .beat
        }
        guard item.position - 1 == progress.position else {
            throw FeedProblem.gap(applied: progress.position, item: item.position)
        }
        return .entry
    }
}

/// Why a feed is not followed any further.
enum FeedProblem: Error, Hashable, CustomStringConvertible {
    /// The peer's journal ends before what was applied.
    case older(applied: Int64, peer: Int64)
    /// The peer's entry is not the one that was applied.
    case other(position: Int64)
    case gap(applied: Int64, item: Int64)
    /// An item that this version cannot apply.
    case unusable(position: Int64)

    var description: String {
        switch self {
        case .older(let applied, let peer):
            "the peer is at \(peer), but \(applied) is applied here: it was restored from an "
                + "older copy. \(Self.cure)"
        case .other(let position):
            "the peer's entry \(position) is not the one that is applied here: it was restored "
                + "from an older copy and went on. \(Self.cure)"
        case .gap(let applied, let item):
            "the peer went on at \(item) after \(applied)"
        case .unusable(let position):
            "entry \(position) cannot be applied; this service may be older than the peer"
        }
    }

    private static let cure =
        "Bring the peer's newest copy back, or stop this service and start it once with --rebuild, "
        + "which makes its copies anew"
}
