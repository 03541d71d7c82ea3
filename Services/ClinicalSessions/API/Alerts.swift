package import RPC
package import Vocabulary

/// Something that a clinician must look at the same day.
package struct Alert: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case suicideRisk = "suicide-risk"
        case injectingRisk = "injecting-risk"
        /// A clinician asks that the person be watched.
        case safety

        /// Whether guards are asked to watch the person.
        package var asksForWatch: Bool {
            switch self {
            case .suicideRisk, .safety: true
            case .injectingRisk: false
            }
        }
    }

    /// What a clinician did about it.
    package struct Acknowledgment: Codable, Hashable, Sendable {
        package let by: Signatory
        package let at: Timestamp
        package let action: String
        /// The last day on which guards are asked to watch; nil where they no longer need to.
        package let watchThrough: Day?

        package init(by: Signatory, at: Timestamp, action: String, watchThrough: Day?) {
            self.by = by
            self.at = at
            self.action = action
            self.watchThrough = watchThrough
        }
    }

    package let id: AlertID
    package let participant: ParticipantID
    package let kind: Kind
    package let raisedAt: Timestamp
    /// The questionnaire that raised it; nil where a clinician did.
    package let administration: AdministrationID?
    package let raisedBy: Signatory
    package let reason: String?
    package var acknowledgment: Acknowledgment?

    package init(
        id: AlertID, participant: ParticipantID, kind: Kind, raisedAt: Timestamp,
        administration: AdministrationID?, raisedBy: Signatory, reason: String? = nil,
        acknowledgment: Acknowledgment? = nil
    ) {
        self.id = id
        self.participant = participant
        self.kind = kind
        self.raisedAt = raisedAt
        self.administration = administration
        self.raisedBy = raisedBy
        self.reason = reason
        self.acknowledgment = acknowledgment
    }
}

/// Asks that somebody be watched; guards see that they should, never why.
package struct RaiseAlert: RPCMethod, AboutParticipant {
    package static let name: MethodName = "clinical.alert.raise"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Alert

    package let id: AlertID
    package let participant: ParticipantID
    package let kind: Alert.Kind
    /// For clinicians alone.
    package let reason: String

    package init(
        id: AlertID, participant: ParticipantID, kind: Alert.Kind = .safety, reason: String
    ) {
        self.id = id
        self.participant = participant
        self.kind = kind
        self.reason = reason
    }

    package enum Refusal: String, RPCRefusal {
        case participantUnknown = "participant-unknown"
        case idTaken = "alert-id-taken"

        package var status: StatusCode {
            self == .idTaken ? .alreadyExists : .failedPrecondition
        }

        package var explanation: String {
            switch self {
            case .participantUnknown:
                "the registry has not announced this participant; register the person first"
            case .idTaken: "this id already names another alert; make a new id"
            }
        }
    }
}

/// Shows alerts, the oldest first: those that nobody acknowledged, or all of one participant.
package struct ListAlerts: RPCMethod, MayNameParticipant {
    package static let name: MethodName = "clinical.alert.list"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID?
    package let includingAcknowledged: Bool

    package init(participant: ParticipantID? = nil, includingAcknowledged: Bool = false) {
        self.participant = participant
        self.includingAcknowledged = includingAcknowledged
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let alerts: [Alert]

        package init(alerts: [Alert]) {
            self.alerts = alerts
        }
    }
}

/// Records what was done about an alert, and how long guards go on watching.
package struct AcknowledgeAlert: RPCMethod {
    package static let name: MethodName = "clinical.alert.acknowledge"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.clinical
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Alert

    package let alert: AlertID
    package let action: String
    /// The last day of the watch; nil ends it now.
    package let watchThrough: Day?

    package init(alert: AlertID, action: String, watchThrough: Day? = nil) {
        self.alert = alert
        self.action = action
        self.watchThrough = watchThrough
    }

    package enum Refusal: String, RPCRefusal {
        case alreadyAcknowledged = "already-acknowledged"
        case nothingToWatch = "nothing-to-watch"

        package var explanation: String {
            switch self {
            case .alreadyAcknowledged:
                "somebody acknowledged the alert before; to ask for a watch, raise another"
            case .nothingToWatch:
                "this kind of alert asks guards for nothing; leave the watch out"
            }
        }
    }
}

extension Set<Role> {
    /// Who must know whom to watch.
    package static let watchKeepers: Self = clinicians.union(managers).union([.security])
}

/// Shows guards whom to watch today, and nothing else about them.
package struct ListSafetyFlags: RPCMethod {
    package static let name: MethodName = "clinical.alert.flags"
    package static let access = Access(roles: .watchKeepers)
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly

    package init() {}

    package struct Reply: Codable, Hashable, Sendable {
        /// In the order of their ids, which says nothing.
        package let watch: [ParticipantID]

        package init(watch: [ParticipantID]) {
            self.watch = watch
        }
    }
}

extension ListAlerts.Reply: ShowsPeople {
    package var people: Set<ParticipantID> { Set(alerts.map(\.participant)) }

    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self {
        Self(alerts: alerts.filter { mayBeSeen($0.participant) })
    }
}

extension ListSafetyFlags.Reply: ShowsPeople {
    package var people: Set<ParticipantID> { Set(watch) }

    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self {
        Self(watch: watch.filter(mayBeSeen))
    }
}
