package import Vocabulary

/// Has a service recompute the hash chain of its whole journal, now.
///
/// One check runs at a time: who asks meanwhile is told of the newest that has ended.
package struct VerifyJournal: RPCMethod {
    package static let name: MethodName = "rpc.journal.verify"
    package static let access = Access(roles: auditRoles)
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly
    package static let timeout = Duration.seconds(60)

    /// Positions whose hashes the answer shall tell, to be held against what witnesses hold.
    package let positions: [Int64]

    package init(positions: [Int64]) { self.positions = positions }

    package struct Reply: Codable, Hashable, Sendable {
        /// The end of the journal when the answer was made.
        package let head: HeadMark
        /// The newest check of the whole; nil where none was finished yet.
        package let check: WholeCheck?
        /// Whether the check was made for this call: false where another one runs, or it would not
        /// have ended in time.
        package let checkedNow: Bool
        /// Of the positions asked for those that the journal has, in the same order.
        package let marks: [HeadMark]

        package init(
            head: HeadMark, check: WholeCheck?, checkedNow: Bool, marks: [HeadMark]
        ) {
            self.head = head
            self.check = check
            self.checkedNow = checkedNow
            self.marks = marks
        }
    }
}

/// How a check of a whole journal, and of the tables beside it, came out.
package struct WholeCheck: Codable, Hashable, Sendable {
    /// The entries that fit, from the first on.
    package let entries: Int64
    /// The first position that does not fit; nil where all do.
    package let brokenAt: Int64?
    package let endedAt: Timestamp
    /// The tables that hold something else than was written; absent where they were not looked at.
    package let alteredTables: [String]?

    package init(
        entries: Int64, brokenAt: Int64?, endedAt: Timestamp, alteredTables: [String]? = nil
    ) {
        self.entries = entries
        self.brokenAt = brokenAt
        self.endedAt = endedAt
        self.alteredTables = alteredTables
    }
}
