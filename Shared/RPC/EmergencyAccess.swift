package import Vocabulary

/// Leave to read one person's clinical records and notes for an hour, whatever they agreed to:
/// "break the glass".
///
/// Nobody gives it: whoever treats people takes it, says why, and somebody else looks at it
/// afterwards. Each service has its own, so it works while the others are down. Every service
/// answers these calls.
package struct EmergencyAccess: Codable, Hashable, Sendable {
    package enum Category: String, Codable, Hashable, Sendable, CaseIterable {
        /// Somebody's life or health is in danger.
        case medical
        case selfHarm = "self-harm"
        case harmToOthers = "harm-to-others"
    }

    package let id: EmergencyAccessID
    package let participant: ParticipantID
    /// Who took it, as their certificate names them.
    package let by: String
    package let category: Category
    package let reason: String
    package let from: Timestamp
    package let until: Timestamp
    package var review: Review?

    package init(
        id: EmergencyAccessID, participant: ParticipantID, by: String, category: Category,
        reason: String, from: Timestamp, until: Timestamp, review: Review? = nil
    ) {
        self.id = id
        self.participant = participant
        self.by = by
        self.category = category
        self.reason = reason
        self.from = from
        self.until = until
        self.review = review
    }
}

extension EmergencyAccess: ReviewedEvent {
    package static var notice: HealthNotice.Kind { .emergencyToReview }
    package static var words: (one: String, several: String) {
        ("emergency access", "emergency accesses")
    }
    package static var command: String { "pulih emergency list" }
}

/// Takes leave to read one person's records in an emergency; the reads then name the purpose
/// ETREAT.
package struct OpenEmergencyAccess: RPCMethod, AboutParticipant {
    package static let name: MethodName = "rpc.emergency.open"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed
    package typealias Reply = EmergencyAccess

    package let id: EmergencyAccessID
    package let participant: ParticipantID
    package let category: EmergencyAccess.Category
    /// Why nobody can wait, in at least 20 characters; no finding, since the log shows it.
    package let reason: String

    package init(
        id: EmergencyAccessID, participant: ParticipantID, category: EmergencyAccess.Category,
        reason: String
    ) {
        self.id = id
        self.participant = participant
        self.category = category
        self.reason = reason
    }

    package enum Refusal: String, RPCRefusal {
        case idTaken = "emergency-id-taken"

        package var status: StatusCode { .alreadyExists }

        package var explanation: String {
            "this id already names another emergency access; make a new id"
        }
    }
}

/// Says whether an emergency access was justified; once, and never by whoever took it.
package struct ReviewEmergencyAccess: ReviewCall {
    package static let name: MethodName = "rpc.emergency.review"
    package static let access = Access(roles: .managers)
    package static let section = Section.program
    package static let repeatability = Repeatability.keyed
    package typealias Reply = EmergencyAccess
    package typealias Refusal = ReviewRefusal

    package let id: EmergencyAccessID
    package let justified: Bool
    package let remark: String

    package init(id: EmergencyAccessID, justified: Bool, remark: String) {
        self.id = id
        self.justified = justified
        self.remark = remark
    }
}

/// Shows emergency accesses, those first that wait for a review.
package struct ListEmergencyAccesses: RPCMethod {
    package static let name: MethodName = "rpc.emergency.list"
    package static let access = Access(roles: Set.managers.union([.auditor]))
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly

    /// Whether those that are reviewed are shown too.
    package let includingReviewed: Bool?

    package init(includingReviewed: Bool? = nil) {
        self.includingReviewed = includingReviewed
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let accesses: [EmergencyAccess]

        package init(accesses: [EmergencyAccess]) {
            self.accesses = accesses
        }
    }
}

extension ListEmergencyAccesses.Reply: ShowsPeople {
    package var people: Set<ParticipantID> { Set(accesses.map(\.participant)) }

    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self {
        Self(accesses: accesses.filter { mayBeSeen($0.participant) })
    }
}
