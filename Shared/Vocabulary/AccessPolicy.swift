/// A consent as far as it decides who may read what.
package struct ConsentTerm: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case treatment
        case sharing
    }

    /// An event that ends it, where no date does.
    package enum EndingEvent: Hashable, Sendable {
        case exit
        case release
    }

    package let kind: Kind
    /// What it still covers.
    package let covered: Set<Section>
    /// What it covered until that was taken back.
    package let withdrawn: Set<Section>
    package let signedOn: Day
    /// The last day on which it holds.
    package let expiresOn: Day?
    package let endsWith: EndingEvent?

    package init(
        kind: Kind, covered: Set<Section>, withdrawn: Set<Section>, signedOn: Day,
        expiresOn: Day?, endsWith: EndingEvent?
    ) {
        self.kind = kind
        self.covered = covered
        self.withdrawn = withdrawn
        self.signedOn = signedOn
        self.expiresOn = expiresOn
        self.endsWith = endsWith
    }
}

/// A request of police, prosecutor or court as far as it was granted.
package struct LegalGrant: Hashable, Sendable {
    package let sections: Set<Section>
    /// The first and the last day on which they may be read for it.
    package let from: Day
    package let through: Day

    package init(sections: Set<Section>, from: Day, through: Day) {
        self.sections = sections
        self.from = from
        self.through = through
    }
}

/// What is known of a person when somebody asks for their records.
package struct PersonStanding: Hashable, Sendable {
    /// Where they are held, or were last.
    package let facilityCode: String
    /// The institutions that have an agreement with that facility.
    package let partnerCodes: Set<String>
    package let consents: [ConsentTerm]
    /// The ends of their enrollments.
    package let exits: [Day]
    package let releases: [Day]
    /// The day it is where they are held.
    package let today: Day
    /// What was granted of the requests of police, prosecutor and court.
    package let legalGrants: [LegalGrant]
    /// What may not be read for the time being, because the person asked for that.
    package let restricted: Set<Section>
    /// Whether they stand in a book for detainees: no verdict holds yet.
    package let isOnTrial: Bool

    package init(
        facilityCode: String, partnerCodes: Set<String>, consents: [ConsentTerm], exits: [Day],
        releases: [Day], today: Day, legalGrants: [LegalGrant] = [],
        restricted: Set<Section> = [], isOnTrial: Bool = false
    ) {
        self.facilityCode = facilityCode
        self.partnerCodes = partnerCodes
        self.consents = consents
        self.exits = exits
        self.releases = releases
        self.today = today
        self.legalGrants = legalGrants
        self.restricted = restricted
        self.isOnTrial = isOnTrial
    }

    /// Whether a granted request of police, prosecutor or court covers a section today.
    package func isGrantedByLaw(_ section: Section) -> Bool {
        legalGrants.contains {
            $0.sections.contains(section) && $0.from <= today && today <= $0.through
        }
    }

    /// How consent of one kind stands for a section.
    package enum ConsentState: Hashable, Sendable {
        /// Nobody has asked yet.
        case none
        case given
        /// It ended by its date or its event.
        case lapsed
        case withdrawn
    }

    /// One consent that holds is enough; where none does, taking one back weighs more than the end
    /// of another.
    ///
    /// A consent holds through the day of the event that ends it, and only an event after the
    /// signing ends it.
    package func consent(_ kind: ConsentTerm.Kind, to section: Section) -> ConsentState {
        var state = ConsentState.none
        for term in consents where term.kind == kind && term.signedOn <= today {
            if term.covered.contains(section) {
                if holds(term) { return .given }
                if state == .none { state = .lapsed }
            } else if term.withdrawn.contains(section) {
                state = .withdrawn
            }
        }
        return state
    }

    private func holds(_ term: ConsentTerm) -> Bool {
        if let last = term.expiresOn, today > last { return false }
        let events =
            switch term.endsWith {
            case .exit: exits
            case .release: releases
            case nil: [Day]()
            }
        return !events.contains { $0 > term.signedOn && $0 < today }
    }
}

/// Decides whether somebody may read a section of a person's record, beyond what their role may
/// ask at all (``Access``).
package enum AccessPolicy {
    /// Rules that turn a read down.
    package enum Refusal: String, Error, Codable, Hashable, Sendable, CaseIterable {
        case purposeMissing = "purpose-missing"
        case purposeNotOfRole = "purpose-not-of-role"
        case consentMissing = "consent-missing"
        case consentLapsed = "consent-lapsed"
        case consentWithdrawn = "consent-withdrawn"
        case emergencyNotOpen = "emergency-not-open"
        case copyTooOld = "registry-copy-too-old"
        case tooManyPeople = "too-many-people"
        /// No granted request of police, prosecutor or court covers the section today.
        case legalRequestMissing = "legal-request-missing"
        /// The person asked that the section be read no more, and that was granted.
        case restricted
        /// What somebody tells of their own drug use before the verdict is for their treatment.
        case selfReportWalledOff = "self-report-walled-off"
    }

    /// Whether a person's record is near enough to a member of staff: held where they work, or
    /// where their institution has an agreement.
    package static func isInScope(_ reader: PersonIdentity, _ standing: PersonStanding) -> Bool {
        switch reader.affiliation.kind {
        case .facility: reader.affiliation.code == standing.facilityCode
        case .institution: standing.partnerCodes.contains(reader.affiliation.code)
        }
    }

    /// Holds the purpose against the section and the role.
    package static func checkPurpose(
        _ purpose: PurposeOfUse?, of role: Role, for section: Section
    ) throws(Refusal) {
        guard section.needsPurpose else { return }
        guard let purpose else { throw .purposeMissing }
        guard role.purposes.contains(purpose) else { throw .purposeNotOfRole }
    }

    /// Holds the purpose against what the person has agreed to.
    ///
    /// What is needed, by purpose and section:
    ///
    /// | purpose | clinical | counseling |
    /// |---|---|---|
    /// | TREAT | treatment not withdrawn | treatment given |
    /// | HOPERAT | sharing not withdrawn | sharing given |
    /// | HRESCH | sharing given | sharing given |
    /// | HLEGAL | a granted request that covers the section | the same |
    /// | ETREAT, PATADMIN, PATRQT | nothing: their basis is another | nothing |
    ///
    /// Whoever names HLEGAL needs the granted request in every section, of which the program's
    /// papers are some. A granted restriction (UU 27/2022, article 11) goes before all purposes
    /// but ETREAT, HLEGAL and PATRQT, in every section that it names.
    ///
    /// While somebody is on trial, reads that show self-report are for TREAT, ETREAT and PATRQT
    /// alone, whatever a request was granted: who speaks openly must not convict themselves. It
    /// covers whoever stands in a book for detainees today; from the day they stand in a book for
    /// convicts, the earlier records are read as all others.
    ///
    /// Screening comes before consent, and whoever treats somebody later must know what was found
    /// earlier; what was said in counseling is shown only while somebody wants it to be.
    package static func checkConsent(
        to section: Section, for purpose: PurposeOfUse?, _ standing: PersonStanding,
        showsSelfReport: Bool = false
    ) throws(Refusal) {
        if showsSelfReport, standing.isOnTrial, !(purpose?.passesTheWall ?? false) {
            throw .selfReportWalledOff
        }
        if purpose == .legal, !standing.isGrantedByLaw(section) { throw .legalRequestMissing }
        if standing.restricted.contains(section), !(purpose?.outweighsRestriction ?? false) {
            throw .restricted
        }
        guard section.needsPurpose, let purpose else { return }
        let kind: ConsentTerm.Kind
        switch purpose {
        case .treatment: kind = .treatment
        case .operations, .research: kind = .sharing
        case .emergency, .legal, .administration, .ownRequest: return
        }
        let mustBeGiven = section == .counseling || purpose == .research
        switch standing.consent(kind, to: section) {
        case .withdrawn: throw .consentWithdrawn
        case .lapsed where mustBeGiven: throw .consentLapsed
        case .none where mustBeGiven: throw .consentMissing
        case .given, .lapsed, .none: return
        }
    }
}

extension PurposeOfUse {
    /// Whether it may be read for this what the person has had restricted.
    fileprivate var outweighsRestriction: Bool {
        switch self {
        case .emergency, .legal, .ownRequest: true
        case .treatment, .operations, .administration, .research: false
        }
    }

    /// Whether what somebody on trial tells of themselves may be read for this.
    fileprivate var passesTheWall: Bool {
        switch self {
        case .treatment, .emergency, .ownRequest: true
        case .operations, .administration, .research, .legal: false
        }
    }
}
