package import RPC
package import Vocabulary

/// Follows what changes here, as far as the follower may see it.
///
/// The registry gets ``ScreeningSummary`` and ``UrineTestDay``; the evaluation gets
/// ``ScoreSummary``, ``AttendanceSummary`` and ``UrineSummary``. Notes, plans, medical detail,
/// alerts and raw answers go to nobody.
package struct FollowClinical: RPCStream {
    package static let name: MethodName = "clinical.feed.follow"
    package static let access = Access.services(.registry, .evaluation)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly
    package typealias Element = FeedItem

    /// The last position that the follower applied; 0 for the beginning.
    package let after: Int64

    package init(after: Int64) {
        self.after = after
    }
}

/// Names of the kinds of record in the feed.
package enum ClinicalNoun: String, Codable, Hashable, Sendable, CaseIterable {
    /// The body is a ``ScreeningSummary``.
    case screening
    /// The body is a ``ScoreSummary``.
    case score
    /// The body is an ``AttendanceSummary``.
    case attendance
    /// The body is a ``UrineSummary`` for the evaluation, a ``UrineTestDay`` for the registry.
    case urineTest = "urine-test"
}
