package import RPC
package import Vocabulary

/// Follows what changes here, as the other services may see it: no name, no NIK, no case.
package struct FollowRegistry: RPCStream {
    package static let name: MethodName = "registry.feed.follow"
    package static let access = Access.services(.clinical, .evaluation)
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly
    package typealias Element = FeedItem

    /// The position up to which the follower has applied; 0 from the beginning.
    package let after: Int64

    package init(after: Int64) {
        self.after = after
    }
}

// What one service tells another outlives the versions of both. So every word of an enumeration is
// `Open` here: who follows may be older, and keeps a word that it does not know.

/// What ``FeedItem/noun`` says in this feed, and so which type its body is.
package enum RegistryFeedNoun: String, Codable, Hashable, Sendable, CaseIterable {
    /// A ``Facility``.
    case facility
    /// An ``Agreement``.
    case agreement
    /// A ``Program``, of which a follower reads a ``ProgramSummary``.
    case program
    /// A ``StaffSummary``.
    case staff
    /// A ``ParticipantSummary``.
    case participant
    /// A ``ConsentSummary``.
    case consent
    /// An ``EnrollmentSummary``.
    case enrollment
    /// A ``RevocationSummary``.
    case revocation
    /// A ``LegalRequestSummary``.
    case legalRequest = "legal_request"
    /// A ``RestrictionSummary``.
    case restriction = "subject_request"
}

/// A participant without what identifies them.
package struct ParticipantSummary: Codable, Hashable, Sendable {
    package let id: ParticipantID
    package let facilityCode: String
    package let sex: Open<Sex>
    package let birthYear: Int?
    /// Absent for somebody who stands in no register book: released, or imported.
    package let legalStatus: Open<LegalStatus>?
    /// Stands for the name.
    package let pseudonym: String
    /// The latest release, where they have not come back since.
    package let releasedOn: Day?
    /// Every release, the oldest first.
    package let releases: [ReleaseSummary]
    package let diedOn: Day?
    /// The record that stands for this one too.
    package let mergedInto: ParticipantID?
    package let historical: Bool
    /// When a verdict held; absent for somebody who never stood in a register book, and from older
    /// versions.
    package let verdicts: [VerdictPeriod]?

    package init(
        id: ParticipantID, facilityCode: String, sex: Sex, birthYear: Int?,
        legalStatus: LegalStatus?, pseudonym: String, releasedOn: Day?, releases: [Release],
        diedOn: Day?, mergedInto: ParticipantID?, historical: Bool,
        verdicts: [VerdictPeriod]? = nil
    ) {
        self.id = id
        self.facilityCode = facilityCode
        self.sex = Open(sex)
        self.birthYear = birthYear
        self.legalStatus = legalStatus.map(Open.init)
        self.pseudonym = pseudonym
        self.releasedOn = releasedOn
        self.releases = releases.map(ReleaseSummary.init)
        self.diedOn = diedOn
        self.mergedInto = mergedInto
        self.historical = historical
        self.verdicts = verdicts
    }

    /// Whether no verdict holds yet; a status that is not known here may be one before it.
    package var isOnTrial: Bool { legalStatus.map { $0.known != .convict } ?? false }
}

/// A release without its letter.
package struct ReleaseSummary: Codable, Hashable, Sendable {
    package let day: Day
    package let kind: Open<Release.Kind>
    package let handoverDue: Day?

    package init(_ release: Release) {
        day = release.day
        kind = Open(release.kind)
        handoverDue = release.handoverDue
    }
}

/// What a follower needs of a program; the registry tells the whole.
package struct ProgramSummary: Codable, Hashable, Sendable {
    /// A joint evaluation that falls due some time after admission.
    package struct Point: Codable, Hashable, Sendable {
        package let code: String
        package let after: Int
        package let unit: Open<EvaluationPoint.Unit>
    }

    package let id: ProgramID
    package let agreement: AgreementID
    package let code: String
    package let lengthDays: Int
    package let evaluationCalendar: [Point]
}

/// A consent as far as it decides what may be done: no witness, no guardian, no reason.
package struct ConsentSummary: Codable, Hashable, Sendable {
    package let id: ConsentID
    package let participant: ParticipantID
    package let kind: Open<Consent.Kind>
    /// What it still covers: empty once taken back.
    package let scope: [Open<Section>]
    /// Empty: what was written on the form stays here; earlier versions passed it on.
    package let purpose: String
    /// Empty, as the purpose.
    package let recipients: [String]
    package let signedOn: Day
    package let expiresOn: Day?
    package let endsWith: Open<Consent.EndingEvent>?
    /// The day of the latest revocation.
    package let revokedOn: Day?
    /// What it covered until that was taken back; absent from older versions.
    package let withdrawn: [Open<Section>]?

    package init(
        id: ConsentID, participant: ParticipantID, kind: Consent.Kind, scope: [Section],
        withdrawn: [Section], purpose: String, recipients: [String], signedOn: Day, expiresOn: Day?,
        endsWith: Consent.EndingEvent?, revokedOn: Day?
    ) {
        self.id = id
        self.participant = participant
        self.kind = Open(kind)
        self.scope = scope.map(Open.init)
        self.purpose = purpose
        self.recipients = recipients
        self.signedOn = signedOn
        self.expiresOn = expiresOn
        self.endsWith = endsWith.map(Open.init)
        self.revokedOn = revokedOn
        self.withdrawn = withdrawn.map(Open.init)
    }

    /// What it says about reading; nil where its kind is of a later version.
    package var term: ConsentTerm? {
        guard let kind = kind.known else { return nil }
        return ConsentTerm(
            record: participant, kind: kind == .treatment ? .treatment : .sharing,
            covered: Set(scope.compactMap(\.known)),
            withdrawn: Set((withdrawn ?? []).compactMap(\.known)), signedOn: signedOn,
            withdrawnOn: revokedOn, expiresOn: expiresOn,
            endsWith: endsWith.flatMap(\.known).map { $0 == .exit ? .exit : .release })
    }
}

/// An enrollment without free text.
package struct EnrollmentSummary: Codable, Hashable, Sendable {
    package let id: EnrollmentID
    package let participant: ParticipantID
    package let program: ProgramID
    package let cohort: String
    package let status: Open<Enrollment.Status>
    /// The phase the participant is in, or was in last.
    package let stage: String?
    package let stageFrom: Day?
    package let holds: [HoldSummary]
    package let openedOn: Day
    package let plannedEnd: Day
    package let exitClass: Open<ExitClass>?
    package let exitedOn: Day?
    package let historical: Bool

    package init(
        id: EnrollmentID, participant: ParticipantID, program: ProgramID, cohort: String,
        status: Enrollment.Status, stage: String?, stageFrom: Day?, holds: [Hold], openedOn: Day,
        plannedEnd: Day, exitClass: ExitClass?, exitedOn: Day?, historical: Bool
    ) {
        self.id = id
        self.participant = participant
        self.program = program
        self.cohort = cohort
        self.status = Open(status)
        self.stage = stage
        self.stageFrom = stageFrom
        self.holds = holds.map(HoldSummary.init)
        self.openedOn = openedOn
        self.plannedEnd = plannedEnd
        self.exitClass = exitClass.map(Open.init)
        self.exitedOn = exitedOn
        self.historical = historical
    }
}

/// A time away without its note.
package struct HoldSummary: Codable, Hashable, Sendable {
    package let from: Day
    package let until: Day?
    package let reason: Open<Hold.Reason>

    package init(_ hold: Hold) {
        from = hold.from
        until = hold.until
        reason = Open(hold.reason)
    }
}

/// A member of staff by their code, without their name.
package struct StaffSummary: Codable, Hashable, Sendable {
    package let id: StaffID
    package let code: String
    package let affiliation: Affiliation
    package let role: Open<Role>
    package let active: Bool

    package init(
        id: StaffID, code: String, affiliation: Affiliation, role: Role, active: Bool
    ) {
        self.id = id
        self.code = code
        self.affiliation = affiliation
        self.role = Open(role)
        self.active = active
    }
}

/// A request of police, prosecutor or court as far as it decides what may be read: no letter, no
/// office, no purpose.
package struct LegalRequestSummary: Codable, Hashable, Sendable {
    package let id: LegalRequestID
    package let participant: ParticipantID
    /// What may be read for it; empty where nothing may.
    package let sections: [Open<Section>]
    /// The first and the last day on which that holds.
    package let from: Day?
    package let through: Day?

    package init(id: LegalRequestID, participant: ParticipantID, grant: LegalGrant?) {
        self.id = id
        self.participant = participant
        sections = Section.allCases.filter { grant?.sections.contains($0) ?? false }.map(Open.init)
        from = grant?.from
        through = grant?.through
    }

    /// What it says about reading; nil where it grants nothing.
    package var grant: LegalGrant? {
        guard let from, let through else { return nil }
        return LegalGrant(
            sections: Set(sections.compactMap(\.known)), from: from, through: through)
    }
}

/// What a person's request restricts: not its words.
package struct RestrictionSummary: Codable, Hashable, Sendable {
    package let id: SubjectRequestID
    package let participant: ParticipantID
    /// What may not be read for the time being; empty once lifted.
    package let sections: [Open<Section>]

    package init(id: SubjectRequestID, participant: ParticipantID, sections: [Section]) {
        self.id = id
        self.participant = participant
        self.sections = sections.map(Open.init)
    }
}
