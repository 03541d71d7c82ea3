package import RPC
package import Vocabulary

/// Something that happened to a participant after admission or release, as a source reported it.
package struct OutcomeEvent: Codable, Hashable, Sendable {
    package let id: OutcomeID
    package let participant: ParticipantID
    package let kind: OutcomeKind
    /// When it happened, where that is known to the day.
    package let day: Day?
    /// The last day on which it had not happened, where only an interval is known.
    package let lastNegativeOn: Day?
    /// The first day on which it had happened, where only an interval is known.
    package let firstPositiveOn: Day?
    package let source: OutcomeSource
    package let reportedOn: Day
    /// The last day about which this report can speak.
    package let knownUntil: Day
    /// For a return to custody: whether only parole was revoked, which is not a new crime.
    package let paroleRevoked: Bool?

    package init(
        id: OutcomeID, participant: ParticipantID, kind: OutcomeKind, day: Day? = nil,
        lastNegativeOn: Day? = nil, firstPositiveOn: Day? = nil, source: OutcomeSource,
        reportedOn: Day, knownUntil: Day, paroleRevoked: Bool? = nil
    ) {
        self.id = id
        self.participant = participant
        self.kind = kind
        self.day = day
        self.lastNegativeOn = lastNegativeOn
        self.firstPositiveOn = firstPositiveOn
        self.source = source
        self.reportedOn = reportedOn
        self.knownUntil = knownUntil
        self.paroleRevoked = paroleRevoked
    }

    /// The day that figures count it on: its own, or the first on which it was known.
    package var countedOn: Day? { day ?? firstPositiveOn }
}

/// What can happen to somebody.
package enum OutcomeKind: String, Codable, Hashable, Sendable, CaseIterable {
    case relapse
    /// A presumptive urine screen after release.
    case positiveTest = "positive-test"
    case reArrest = "re-arrest"
    case newNarcoticsCase = "new-narcotics-case"
    case returnToCustody = "return-to-custody"
    case death
}

/// Who said so, and thereby which of the two clocks of follow-up it runs on.
package enum OutcomeSource: String, Codable, Hashable, Sendable, CaseIterable {
    /// The custody register: known up to the day it was read.
    case register
    case court
    /// An aftercare contact: known up to the last contact.
    case contact
    case selfReport = "self-report"
}

/// Records an event after admission or release.
package struct RecordOutcome: RPCMethod {
    package static let name: MethodName = "evaluation.outcome.record"
    package static let access = Access(roles: .outcomeReporters)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.keyed
    package typealias Reply = OutcomeEvent

    package let event: OutcomeEvent

    package init(event: OutcomeEvent) {
        self.event = event
    }

    package enum Refusal: String, RPCRefusal {
        case participantUnknown = "participant-unknown"
        case dayMissing = "day-missing"
        case dayAndInterval = "day-and-interval"
        case intervalReversed = "interval-reversed"
        case beforeAdmission = "before-admission"
        case inFuture = "in-future"
        case notKnownYet = "not-known-yet"
        case paroleNotACrime = "parole-not-a-crime"
        case sourceNotYours = "source-not-yours"
        case idTaken = "outcome-id-taken"

        package var status: StatusCode {
            switch self {
            case .idTaken: .alreadyExists
            case .sourceNotYours: .permissionDenied
            case .participantUnknown: .failedPrecondition
            default: .invalidArgument
            }
        }

        package var explanation: String {
            switch self {
            case .participantUnknown:
                "the copy of the registry has no enrollment of this participant; check the id"
            case .dayMissing:
                "an event needs its day, or the first day on which it was known to have happened"
            case .dayAndInterval: "give the day or the interval, not both"
            case .intervalReversed:
                "the last day without the event comes before the first day with it; check both"
            case .beforeAdmission:
                "an outcome lies on or after admission; earlier cases belong into the registry"
            case .inFuture: "an event and its report cannot lie in the future; check the days"
            case .notKnownYet:
                "a report cannot speak of days after it was made, nor of an event after the day "
                    + "up to which it is known; check the days"
            case .paroleNotACrime:
                "a revoked parole is a return to custody and not a new crime; record that kind"
            case .sourceNotYours:
                "registrars report from the register or a court, aftercare from contacts; ask "
                    + "whoever keeps the source"
            case .idTaken: "this id already names an event with other content; make a new id"
            }
        }
    }
}

/// Shows what happened to a participant, the oldest first.
package struct ListOutcomes: RPCMethod, AboutParticipant {
    package static let name: MethodName = "evaluation.outcome.list"
    package static let access = Access(roles: .aftercareReaders)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let events: [OutcomeEvent]
        package let followUp: FollowUp?

        package init(events: [OutcomeEvent], followUp: FollowUp? = nil) {
            self.events = events
            self.followUp = followUp
        }
    }
}

extension RecordOutcome: AboutPeople {
    package var people: [ParticipantID] { [event.participant] }
}
