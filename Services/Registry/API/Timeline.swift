package import RPC
package import Vocabulary

/// One dated line of a participant's dossier, without a name and without what was said.
package struct RegistryTimelineLine: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// The record was made here, or imported.
        case registration
        /// They entered a register book.
        case register
        case placement
        case item
        case consent
        case decision
        case decree
        case enrollment
        case stage
        case hold
        case exit
        case release
        case death
        /// Two records were declared to be of one person, or this was taken back.
        case merge

        /// Who may see such lines: who may see the record itself, by its own call.
        package var access: Access {
            switch self {
            case .registration, .register, .placement, .release, .death, .merge:
                GetParticipant.access
            case .item: ListItems.access
            case .consent: ListConsents.access
            case .decision: ListDecisions.access
            case .decree: ListDecrees.access
            case .enrollment, .stage, .hold, .exit: GetEnrollment.access
            }
        }

        /// How sensitive such lines are: as the call is that changes or shows the record.
        package var section: Section {
            switch self {
            case .registration, .merge: GetParticipant.section
            case .register: MoveRegister.section
            case .placement: PlaceParticipant.section
            case .release: ReleaseParticipant.section
            case .death: RecordDeath.section
            case .item: ListItems.section
            case .consent: ListConsents.section
            case .decision: ListDecisions.section
            case .decree: ListDecrees.section
            case .enrollment, .stage, .hold, .exit: GetEnrollment.section
            }
        }
    }

    package let day: Day
    /// Where the record knows the hour.
    package let at: Timestamp?
    package let kind: Open<Kind>
    package let text: String
    /// The record's id, where the line stands for one.
    package let record: String?

    package init(
        day: Day, at: Timestamp? = nil, kind: Kind, text: String, record: String? = nil
    ) {
        self.day = day
        self.at = at
        self.kind = Open(kind)
        self.text = text
        self.record = record
    }
}

/// Shows what the registry knows of a participant, by date.
///
/// Lines of each kind are shown to those only who may see the records behind them.
package struct RegistryTimeline: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.participant.timeline"
    // Recorded items are clinical, and security sees nothing clinical.
    package static let access = Access(roles: Set.identityReaders.subtracting([.security]))
    package static let section = Section.clinical
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// The record that stands for the person.
        package let participant: ParticipantID
        /// The oldest first; those of records merged into this one are among them.
        package let lines: [RegistryTimelineLine]
        /// The kinds of line that the caller's role may not see, whether there are any or not.
        package let withheld: [Open<RegistryTimelineLine.Kind>]

        package init(
            participant: ParticipantID, lines: [RegistryTimelineLine],
            withheld: [RegistryTimelineLine.Kind]
        ) {
            self.participant = participant
            self.lines = lines
            self.withheld = withheld.map(Open.init)
        }
    }
}
