package import RPC
package import Vocabulary

/// One attempt to reach a participant after release.
package struct Contact: Codable, Hashable, Sendable {
    package let id: ContactID
    package let participant: ParticipantID
    package let day: Day
    package let by: StaffMember
    package let mode: ContactMode
    /// Whether the person was reached; an attempt alone keeps no clock running.
    package let reached: Bool
    /// The last day on which the person is known to have used nothing.
    package let lastNegativeOn: Day?
    /// The first day on which use is known; the relapse lies between the two.
    package let firstPositiveOn: Day?
    /// A presumptive screen.
    package let urine: ContactUrine?
    /// Whether a note on paper or in the clinical service goes with it; its text is not here.
    package let hasNote: Bool
    package let source: ContactSource

    package init(
        id: ContactID, participant: ParticipantID, day: Day, by: StaffMember,
        mode: ContactMode, reached: Bool, lastNegativeOn: Day? = nil,
        firstPositiveOn: Day? = nil, urine: ContactUrine? = nil, hasNote: Bool = false,
        source: ContactSource
    ) {
        self.id = id
        self.participant = participant
        self.day = day
        self.by = by
        self.mode = mode
        self.reached = reached
        self.lastNegativeOn = lastNegativeOn
        self.firstPositiveOn = firstPositiveOn
        self.urine = urine
        self.hasNote = hasNote
        self.source = source
    }
}

/// How a contact was made.
package enum ContactMode: String, Codable, Hashable, Sendable, CaseIterable {
    case visit
    case office
    case phone
    case message
    case group
}

/// Who told what a contact reports.
package enum ContactSource: String, Codable, Hashable, Sendable, CaseIterable {
    /// The officer saw it.
    case observed
    case selfReport = "self-report"
    case family
    case partner
}

/// What a urine screen at a contact gave.
package enum ContactUrine: String, Codable, Hashable, Sendable, CaseIterable {
    case negative
    case positive
    case invalid
    case refused
}

/// Whether aftercare began in time after release.
package struct Handover: Codable, Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable, CaseIterable {
        /// Reached by the last day for it.
        case met
        /// Not reached yet, and there is time.
        case pending
        /// Reached, but later.
        case late
        /// Not reached, and the time is over.
        case overdue
    }

    package let releasedOn: Day
    package let dueBy: Day
    /// The first contact on which the person was reached.
    package let firstReachedOn: Day?
    package let state: Open<State>
    /// Days until the last day for it; negative after.
    package let daysLeft: Int

    package init(
        releasedOn: Day, dueBy: Day, firstReachedOn: Day?, state: State, daysLeft: Int
    ) {
        self.releasedOn = releasedOn
        self.dueBy = dueBy
        self.firstReachedOn = firstReachedOn
        self.state = Open(state)
        self.daysLeft = daysLeft
    }
}

/// Records an attempt to reach somebody after release.
package struct RecordContact: RPCMethod, AboutParticipant {
    package static let name: MethodName = "evaluation.contact.record"
    package static let access = Access(roles: .aftercare)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Contact

    package let id: ContactID
    package let participant: ParticipantID
    package let day: Day
    package let mode: ContactMode
    package let reached: Bool
    package let lastNegativeOn: Day?
    package let firstPositiveOn: Day?
    package let urine: ContactUrine?
    package let hasNote: Bool
    package let source: ContactSource

    package init(
        id: ContactID, participant: ParticipantID, day: Day, mode: ContactMode, reached: Bool,
        lastNegativeOn: Day? = nil, firstPositiveOn: Day? = nil, urine: ContactUrine? = nil,
        hasNote: Bool = false, source: ContactSource = .observed
    ) {
        self.id = id
        self.participant = participant
        self.day = day
        self.mode = mode
        self.reached = reached
        self.lastNegativeOn = lastNegativeOn
        self.firstPositiveOn = firstPositiveOn
        self.urine = urine
        self.hasNote = hasNote
        self.source = source
    }

    package enum Refusal: String, RPCRefusal {
        case notReleased = "not-released"
        case beforeRelease = "before-release"
        case inFuture = "in-future"
        case notReached = "not-reached"
        case intervalReversed = "interval-reversed"
        case intervalAfterContact = "interval-after-contact"
        case idTaken = "contact-id-taken"

        package var status: StatusCode {
            switch self {
            case .idTaken: .alreadyExists
            case .notReleased: .failedPrecondition
            default: .invalidArgument
            }
        }

        package var explanation: String {
            switch self {
            case .notReleased:
                "aftercare follows a release, and the copy of the registry knows of none; record "
                    + "the release there first"
            case .beforeRelease: "a contact lies on or after the day of release; check the day"
            case .inFuture: "a contact must have been made already; check the day"
            case .notReached:
                "where nobody was reached there is no urine screen and nothing the person said; "
                    + "leave those out, or name the family or a partner as source"
            case .intervalReversed:
                "the last day without use comes before the first day with use; check both"
            case .intervalAfterContact:
                "a contact cannot report on days after it; check the days"
            case .idTaken: "this id already names a contact with other content; make a new id"
            }
        }
    }
}

/// Shows the contacts with a participant after release, the oldest first.
package struct ListContacts: RPCMethod, AboutParticipant {
    package static let name: MethodName = "evaluation.contact.list"
    package static let access = Access(roles: .aftercareReaders)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let contacts: [Contact]
        /// Nil where no release is known.
        package let handover: Handover?

        package init(contacts: [Contact], handover: Handover?) {
            self.contacts = contacts
            self.handover = handover
        }
    }
}
