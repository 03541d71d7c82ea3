package import FoundationEssentials

/// One decision on a person's data, or one read of it, as the journal keeps it: never what was
/// read.
package struct AccessEntry: Codable, Hashable, Sendable {
    package enum Outcome: String, Codable, Hashable, Sendable, CaseIterable {
        case read
        /// A record of several people was changed; what changes one person's is an entry by itself.
        case changed
        case refused
    }

    package let id: UUID
    package let at: Timestamp
    /// Whose data it was; nil where a refused call names nobody.
    package let participant: ParticipantID?
    /// Who asked, as their certificate names them.
    package let actor: String
    package let method: String
    package let section: Section
    package let purpose: PurposeOfUse?
    package let outcome: Outcome
    /// The rule that refused.
    package let rule: String?
    /// Finds the call in the service's log.
    package let call: String
    /// The number of the document that a command prints of what it read: the id of its trace.
    ///
    /// Nil where the caller traced nothing.
    package let document: String?

    private enum CodingKeys: Int, CodingKey {
        case id = 1
        case at = 2
        case participant = 3
        case actor = 4
        case method = 5
        case section = 6
        case purpose = 7
        case outcome = 8
        case rule = 9
        case call = 10
        case document = 11
    }

    package init(
        id: UUID, at: Timestamp, participant: ParticipantID?, actor: String, method: String,
        section: Section, purpose: PurposeOfUse?, outcome: Outcome, rule: String? = nil,
        call: String, document: String? = nil
    ) {
        self.id = id
        self.at = at
        self.participant = participant
        self.actor = actor
        self.method = method
        self.section = section
        self.purpose = purpose
        self.outcome = outcome
        self.rule = rule
        self.call = call
        self.document = document
    }
}
