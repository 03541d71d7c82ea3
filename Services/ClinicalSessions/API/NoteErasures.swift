package import RPC
package import Vocabulary

/// Erases all counseling notes about a participant: their key is destroyed, and with it every copy
/// of them, those in backups of the database too.
///
/// It carries out a request that was decided. The medical record stays: the law retains it for 25
/// years, and it has a key of its own.
package struct EraseNotes: RPCMethod, AboutParticipant {
    package static let name: MethodName = "clinical.note.erase"
    package static let access = Access.staff(.physician, .psychologist)
    package static let section = Section.counseling
    package static let repeatability = Repeatability.keyed

    package let participant: ParticipantID
    /// The number of the decided request; it stands in the journal for good, so no name.
    package let request: String
    /// The orders that forbid it now, each by its number: a court's, the police's, an auditor's.
    package let legalHolds: [String]

    package init(participant: ParticipantID, request: String, legalHolds: [String] = []) {
        self.participant = participant
        self.request = request
        self.legalHolds = legalHolds
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let participant: ParticipantID
        package let at: Timestamp
        /// Where the clinical service's journal says so: one position for each of the person's
        /// records.
        package let positions: [Int64]

        package init(participant: ParticipantID, at: Timestamp, positions: [Int64]) {
            self.participant = participant
            self.at = at
            self.positions = positions
        }
    }

    package enum Refusal: String, RPCRefusal {
        case legalHold = "legal-hold"

        package var explanation: String {
            "a legal hold forbids it; ask again when the order is lifted"
        }
    }
}
