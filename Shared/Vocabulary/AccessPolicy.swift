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
    /// covers whoever stands in a book for detainees today; later, what was told before the verdict
    /// stays behind the wall (``isWalledOff(_:for:_:)``).
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

    /// Whether what somebody told of themselves on a day is left out of a read for a purpose: what
    /// was told before a verdict is for treatment, an emergency and the person's own request alone.
    package static func isWalledOff(
        _ day: Day, for purpose: PurposeOfUse?, _ standing: PersonStanding
    ) -> Bool {
        !(purpose?.passesTheWall ?? false) && standing.isBeforeVerdict(day)
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
