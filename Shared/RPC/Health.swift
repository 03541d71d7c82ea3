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
        /// How long its certificate holds; nil where it takes no connections, or is of an earlier
        /// version.
        package let certificate: CertificateState?

        /// What a person should know; a service of an earlier version says nothing.
        package let notices: [HealthNotice]?

        package init(
            service: ServiceName, ready: Bool, version: String, startedAt: Timestamp,
            position: Int64, feeds: [FeedState], certificate: CertificateState? = nil,
            notices: [HealthNotice]? = nil
        ) {
            self.service = service
            self.ready = ready
            self.version = version
            self.startedAt = startedAt
            self.position = position
            self.feeds = feeds
            self.certificate = certificate
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

/// How long a service's certificate holds.
package struct CertificateState: Codable, Hashable, Sendable {
    package let validUntil: Timestamp
    /// The end of the first of the authorities above it, and so of all that they have issued.
    package let authorityValidUntil: Timestamp?
    /// What must be done, where one of them ends soon.
    package let warning: String?

    /// Judges both ends.
    ///
    /// `warnDays`: how many days before an end it is time to warn.
    package init(
        validUntil: Timestamp, authorityValidUntil: Timestamp?, at now: Timestamp, warnDays: Int
    ) {
        self.validUntil = validUntil
        self.authorityValidUntil = authorityValidUntil
        func daysLeft(_ end: Timestamp) -> Int64? {
            let seconds = end.seconds(since: now)
            return seconds <= Int64(warnDays) * 86_400 ? max(0, seconds / 86_400) : nil
        }
        // A new certificate does not help where the authority ends first.
        if let days = authorityValidUntil.flatMap(daysLeft) {
            warning =
                "the authority ends within \(Self.text(days)): make a new one, and issue all "
                + "certificates from it"
        } else if let days = daysLeft(validUntil) {
            warning = "the certificate ends within \(Self.text(days)): renew it"
        } else {
            warning = nil
        }
    }

    private static func text(_ days: Int64) -> String {
        days == 0 ? "a day" : "\(days + 1) days"
    }
}
