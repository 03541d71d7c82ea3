package import RPC
package import Vocabulary

/// Erases one section of what the registry keeps about a participant: its key is destroyed, and
/// with it every copy of it, those in backups of the database too.
///
/// It carries out a request that was decided; what the law retains is refused with its ground and
/// the day until which. The medical record and the counseling notes lie with the clinical service.
package struct EraseSection: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.participant.erase"
    package static let access = Access.staff(.facilityHead, .boardHead)
    package static let section = Section.identity
    package static let repeatability = Repeatability.keyed

    package let participant: ParticipantID
    package let erased: Section
    /// The number of the decided request; it stands in the journal for good, so no name.
    package let request: String
    /// The orders that forbid it now, each by its number: a court's, the police's, an auditor's.
    package let legalHolds: [String]

    package init(
        participant: ParticipantID, erased: Section, request: String, legalHolds: [String] = []
    ) {
        self.participant = participant
        self.erased = erased
        self.request = request
        self.legalHolds = legalHolds
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let participant: ParticipantID
        package let erased: Section
        package let at: Timestamp
        /// Where the registry's journal says so.
        package let position: Int64

        package init(participant: ParticipantID, erased: Section, at: Timestamp, position: Int64) {
            self.participant = participant
            self.erased = erased
            self.at = at
            self.position = position
        }
    }

    package enum Refusal: String, RPCRefusal {
        case legalHold = "legal-hold"
        case inCustody = "in-custody"
        case enrolled
        case retained
        case notKeptHere = "not-kept-here"

        package var explanation: String {
            switch self {
            case .legalHold: "a legal hold forbids it; ask again when the order is lifted"
            case .inCustody:
                "the register of custody is kept while the person is held; ask again after release"
            case .enrolled: "the enrollment is open; end it first, or erase after its exit"
            case .retained:
                "the law retains this section, and nobody may erase it before the day is over"
            case .notKeptHere:
                "the registry keeps no such section about a person; ask the service that does"
            }
        }
    }
}
