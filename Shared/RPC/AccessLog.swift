package import Vocabulary

/// Shows who read or changed a person's records in this service, and who was refused.
///
/// Every service answers it. Asking is itself a line of the log.
package struct ReadAccessLog: RPCMethod, AboutParticipant {
    package static let name: MethodName = "rpc.access.log"
    package static let access = Access.staff(
        .auditor, .facilityHead, .boardHead, .programManager, .registrar)
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly
    package static let limitMaximum = 500

    package let participant: ParticipantID
    /// The position of the last line that the caller has; 0 from the beginning.
    package let after: Int64?
    /// 1 to 500.
    package let limit: Int?

    package init(participant: ParticipantID, after: Int64? = nil, limit: Int? = nil) {
        self.participant = participant
        self.after = after
        self.limit = limit
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// The oldest first.
        package let lines: [AccessLine]
        /// What to pass as `after` for more; absent where this was all.
        package let next: Int64?

        package init(lines: [AccessLine], next: Int64?) {
            self.lines = lines
            self.next = next
        }
    }
}

/// One thing that somebody did with a person's records.
package struct AccessLine: Codable, Hashable, Sendable {
    /// Where it stands in the service's journal.
    package let position: Int64
    package let at: Timestamp
    /// Who, as their certificate names them.
    package let actor: String
    /// The call that read, such as `clinical.note.list`; or what was changed, such as
    /// `note written`.
    package let deed: String
    package let outcome: Open<AccessEntry.Outcome>
    /// Absent for a change, which lies in the section of its record.
    package let section: Open<Section>?
    package let purpose: Open<PurposeOfUse>?
    /// The rule that refused.
    package let rule: String?
    /// The number that a print of what was read bears; absent for a change of one person's record.
    package let document: String?

    package init(
        position: Int64, at: Timestamp, actor: String, deed: String,
        outcome: AccessEntry.Outcome, section: Section? = nil, purpose: PurposeOfUse? = nil,
        rule: String? = nil, document: String? = nil
    ) {
        self.position = position
        self.at = at
        self.actor = actor
        self.deed = deed
        self.outcome = Open(outcome)
        self.section = section.map(Open.init)
        self.purpose = purpose.map(Open.init)
        self.rule = rule
        self.document = document
    }
}
