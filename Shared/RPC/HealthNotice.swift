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
        /// Somebody asked for the records of very many people, and nobody has looked at it since.
        case bulkReadingToReview = "bulk-reading-to-review"
        /// Connections were refused within the last hour for the certificate they showed.
        case certificatesRefused = "certificates-refused"
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

    /// Whether the service is less than it should be, and not only something for a person to do.
    package var isDegrading: Bool {
        switch kind.known {
        case .emergencyToReview, .bulkReadingToReview, .certificatesRefused: false
        default: true
        }
    }

    /// Tells whoever must review events of a type that there are any.
    package static func toReview<Event: ReviewedEvent>(
        _ type: Event.Type, _ count: Int
    ) -> [HealthNotice] {
        guard count > 0 else { return [] }
        let words = count == 1 ? Event.words.one : Event.words.several
        return [HealthNotice(Event.notice, "\(count) \(words) to review: \(Event.command)")]
    }

    /// Tells that somebody comes with certificates that are refused.
    package static func refusedCertificates(_ count: Int) -> [HealthNotice] {
        guard count > 0 else { return [] }
        let connections = count == 1 ? "connection was" : "connections were"
        return [
            HealthNotice(
                .certificatesRefused,
                "\(count) \(connections) refused within the last hour for the certificate shown: "
                    + "pulih audit refused")
        ]
    }
}
