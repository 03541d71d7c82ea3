package import Vocabulary

/// Something about a service that a person should know and that does not keep it from answering,
/// or the one thing that does.
package struct HealthNotice: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// The service does not know where one of its witnesses is: a setting is missing.
        case witnessUnset = "witness-unset"
        /// A witness does not answer.
        case witnessUnheard = "witness-unheard"
        /// The service's own journal is not what was written or witnessed, or its tables are not what
        /// was written: it answers nothing else.
        case journalAlarm = "journal-alarm"
        /// As a witness it was told a head of another's journal that contradicts the one it holds.
        case headRefused = "head-refused"
        /// Another program has written to the store; journal and tables are whole.
        case storeDisturbed = "store-disturbed"
        /// The journal could not be looked over for a while.
        case journalUnchecked = "journal-unchecked"
        /// Somebody read in an emergency, and nobody has looked at it since.
        case emergencyToReview = "emergency-to-review"
    }

    package let kind: Open<Kind>
    /// The other service that it concerns; nil where it is the service's own.
    package let about: ServiceName?
    /// For a person: what is the case and what to do.
    package let text: String

    package init(_ kind: Kind, about: ServiceName? = nil, _ text: String) {
        self.kind = Open(kind)
        self.about = about
        self.text = text
    }

    /// Whether the service is less than it should be.
    package var isDegrading: Bool { kind.known != .emergencyToReview }

    /// Tells whoever must review emergency accesses that there are any.
    package static func toReview(_ count: Int) -> [HealthNotice] {
        guard count > 0 else { return [] }
        return [
            HealthNotice(
                .emergencyToReview,
                "\(count) emergency access\(count == 1 ? "" : "es") to review: "
                    + "pulih emergency list")
        ]
    }
}
