package import Vocabulary

/// Asks a service whether it lives and is ready, and how current its copies are.
///
/// Every service answers it, to everyone with a valid certificate: it says nothing of people.
package struct CheckHealth: RPCMethod {
    package static let name: MethodName = "rpc.health.check"
    package static let access = Access.everyone
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly
    package static let timeout = Duration.seconds(5)

    package init() {}

    package struct Reply: Codable, Hashable, Sendable {
        package let service: ServiceName
        /// Whether it takes calls: it has opened its store, nothing that only a person can solve
        /// stands against that, and it is not draining.
        package let ready: Bool
        package let version: String
        package let startedAt: Timestamp
        /// The last position in its own journal.
        package let position: Int64
        /// One for each service it follows.
        package let feeds: [FeedState]
        /// What a person should know; a service of an earlier version says nothing.
        package let notices: [HealthNotice]?

        package init(
            service: ServiceName, ready: Bool, version: String, startedAt: Timestamp,
            position: Int64, feeds: [FeedState], notices: [HealthNotice]? = nil
        ) {
            self.service = service
            self.ready = ready
            self.version = version
            self.startedAt = startedAt
            self.position = position
            self.feeds = feeds
            self.notices = notices
        }
    }
}

/// How current a service's copy of a peer's facts is.
package struct FeedState: Codable, Hashable, Sendable {
    package let of: ServiceName
    /// The last position of the peer's journal that is applied here.
    package let position: Int64
    /// When the peer was last heard from; nil where it never was.
    package let heardAt: Timestamp?

    package init(of: ServiceName, position: Int64, heardAt: Timestamp?) {
        self.of = of
        self.position = position
        self.heardAt = heardAt
    }
}
