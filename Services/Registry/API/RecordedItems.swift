package import RPC
package import Vocabulary

/// One of the seven aspects that the recap must hold about everybody (PP 25/2011, article 18).
package enum RecordedAspect: String, Codable, Hashable, Sendable, CaseIterable {
    /// That the person is one of those handled.
    case handled
    case identity
    case substance
    case lengthOfUse = "length-of-use"
    case wayOfUse = "way-of-use"
    case diagnosis
    /// Treatment and rehabilitation history.
    case history
}

/// One fact of the legal minimum, with its date and where it is from.
///
/// Items are never changed: a correction is a new item of the same aspect.
package struct RecordedItem: Codable, Hashable, Sendable {
    package let id: ItemID
    package let participant: ParticipantID
    package let aspect: RecordedAspect
    package let text: String
    /// A code for the text where a code system has one, such as `F15.2`.
    package let code: String?
    package let recordedOn: Day
    /// The paper, interview or test it is from.
    package let source: String

    package init(
        id: ItemID, participant: ParticipantID, aspect: RecordedAspect, text: String,
        code: String? = nil, recordedOn: Day, source: String
    ) {
        self.id = id
        self.participant = participant
        self.aspect = aspect
        self.text = text
        self.code = code
        self.recordedOn = recordedOn
        self.source = source
    }
}

/// Records one fact of the legal minimum.
package struct RecordItem: RPCMethod {
    package static let name: MethodName = "registry.item.record"
    package static let access = Access(roles: Set.registration.union(Set.clinicians))
    package static let section = Section.clinical
    package static let repeatability = Repeatability.keyed
    package typealias Reply = RecordedItem

    package let item: RecordedItem

    package init(item: RecordedItem) {
        self.item = item
    }

    package enum Refusal: String, RPCRefusal {
        case diagnosisNeedsPhysician = "diagnosis-needs-physician"
        case aspectNeedsClinician = "aspect-needs-clinician"
        case merged = "merged-record"
        case idTaken = "item-id-taken"

        package var status: StatusCode {
            switch self {
            case .diagnosisNeedsPhysician, .aspectNeedsClinician: .permissionDenied
            case .merged: .failedPrecondition
            case .idTaken: .alreadyExists
            }
        }

        package var explanation: String {
            switch self {
            case .diagnosisNeedsPhysician: "only a physician records a diagnosis"
            case .aspectNeedsClinician:
                "use, substance and treatment history are recorded by those who treat"
            case .merged: "the record is merged into another; name the one that stands"
            case .idTaken: "this id already names an item with other content; make a new id"
            }
        }
    }
}

/// Shows the recorded items of one participant, the oldest first, and which aspects lack one.
package struct ListItems: RPCMethod, AboutParticipant, ShowsSelfReport {
    package static let name: MethodName = "registry.item.list"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }

    package struct Reply: Codable, Hashable, Sendable, HoldsSelfReport {
        package let items: [RecordedItem]
        package let missing: [RecordedAspect]

        package init(items: [RecordedItem], missing: [RecordedAspect]) {
            self.items = items
            self.missing = missing
        }

        package func without(_ isWalled: (Day) -> Bool) -> (rest: Self?, left: Int) {
            without(items, { isWalled($0.recordedOn) }, { Self(items: $0, missing: missing) })
        }
    }
}
