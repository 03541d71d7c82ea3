package import Vocabulary

// Each service's journal is a keyed chain, so its newest hash, the head, stands for all of it. The
// other two services are its witnesses: they keep the newest head they were told, and refuse one
// that goes back or belongs to another history. What the witness cannot recompute without the
// journal's key, the depositor shows: the hash that its journal now has at the position that is
// held. Whoever rewrites history, with the key too, changes that.

/// The end of a journal, or any entry of it as the end of what is before: a position and its hash.
package struct HeadMark: Codable, Hashable, Sendable {
    /// Counts from 1; 0 stands for the empty journal.
    package let position: Int64
    /// 32 bytes; zeros at position 0.
    package let mac: [UInt8]

    package init(position: Int64, mac: [UInt8]) {
        self.position = position
        self.mac = mac
    }
}

/// How a head stands against the one that a witness holds.
package enum HeadContradiction: String, Codable, Hashable, Sendable, CaseIterable {
    /// The journal ends before the position that is held.
    case wentBack = "went-back"
    /// The journal has another hash at the position that is held.
    case forked
}

/// Tells a witness how far the caller's own journal has got.
///
/// Whose journal it is the certificate says: nobody deposits for another. The ticket comes from
/// ``AskWitness`` and is good once, so that a deposit that was delayed on the way cannot look like a
/// journal that went back.
package struct DepositHead: RPCMethod {
    package static let name: MethodName = "rpc.witness.deposit"
    package static let access = Access.services(.registry, .clinical, .evaluation)
    package static let section = Section.operational
    package static let repeatability = Repeatability.idempotent
    package static let timeout = Duration.seconds(2)

    package let head: HeadMark
    /// What the journal now has at the position that the witness holds; nil where it holds none or
    /// the journal does not reach that far.
    package let anchor: HeadMark?
    package let ticket: Int64
    /// Whether somebody has accepted that the store was restored from a backup: the witness then
    /// holds this head from now on, and its journal says so.
    package let acceptsRestored: Bool?

    package init(
        head: HeadMark, anchor: HeadMark?, ticket: Int64, acceptsRestored: Bool? = nil
    ) {
        self.head = head
        self.anchor = anchor
        self.ticket = ticket
        self.acceptsRestored = acceptsRestored
    }

    package enum Verdict: String, Codable, Hashable, Sendable, CaseIterable {
        /// The witness holds this head.
        case kept
        /// The ticket is not the newest, or another head is held meanwhile: ask and deposit again.
        case again
        /// The head contradicts the one that is held, which stays.
        case refused
        /// It contradicted the one that was held, and was accepted as a restored store's.
        case accepted
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let verdict: Open<Verdict>
        /// Why it was refused, or would have been.
        package let contradiction: Open<HeadContradiction>?

        package init(_ verdict: Verdict, _ contradiction: HeadContradiction? = nil) {
            self.verdict = Open(verdict)
            self.contradiction = contradiction.map(Open.init)
        }
    }
}

/// Asks a service which heads it holds as a witness of the others' journals.
package struct AskWitness: RPCMethod {
    package static let name: MethodName = "rpc.witness.ask"
    package static let access = Access(
        roles: auditRoles, services: Set(ServiceName.allCases))
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly
    package static let timeout = Duration.seconds(2)

    package init() {}

    package struct Reply: Codable, Hashable, Sendable {
        /// In the order of the services' names; one that never deposited is left out.
        package let heads: [HeldHead]
        /// For the caller's next deposit; nil for callers that are no service.
        package let ticket: Int64?

        package init(heads: [HeldHead], ticket: Int64?) {
            self.heads = heads
            self.ticket = ticket
        }
    }
}

/// A head that a witness holds of another service's journal.
package struct HeldHead: Codable, Hashable, Sendable {
    package let of: ServiceName
    package let head: HeadMark
    /// When the witness took it.
    package let keptAt: Timestamp
    /// When the service last deposited a head that fits, this one too; nil where it did not since
    /// the witness was started.
    package let confirmedAt: Timestamp?
    /// The newest head that did not fit; nil where all do, or one fits again.
    package let refused: RefusedHead?

    package init(
        of: ServiceName, head: HeadMark, keptAt: Timestamp, confirmedAt: Timestamp?,
        refused: RefusedHead?
    ) {
        self.of = of
        self.head = head
        self.keptAt = keptAt
        self.confirmedAt = confirmedAt
        self.refused = refused
    }
}

/// A head that contradicts the one a witness holds.
package struct RefusedHead: Codable, Hashable, Sendable {
    package let contradiction: Open<HeadContradiction>
    package let position: Int64
    package let at: Timestamp

    package init(_ contradiction: HeadContradiction, position: Int64, at: Timestamp) {
        self.contradiction = Open(contradiction)
        self.position = position
        self.at = at
    }
}

/// Who may hold the journals against their witnesses.
let auditRoles: Set<Role> = [.auditor, .administrator, .facilityHead, .boardHead]
