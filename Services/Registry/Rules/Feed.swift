package import RegistryAPI
package import Vocabulary

/// What the other services see of a record.
package enum FeedRules {
    /// A participant without name, NIK and case.
    package static func summary(of participant: Participant) -> ParticipantSummary {
        let inCustody = RegisterRules.current(participant.legal) != nil
        return ParticipantSummary(
            id: participant.id, facilityCode: participant.facilityCode,
            sex: participant.identity.sex, birthYear: Duplicates.year(participant.identity),
            legalStatus: RegisterRules.status(participant.legal),
            pseudonym: participant.pseudonym ?? pseudonym(for: participant.id),
            releasedOn: inCustody ? nil : participant.releases.last?.day,
            releases: participant.releases, diedOn: participant.diedOn,
            mergedInto: participant.mergedInto, historical: participant.historical,
            verdicts: RegisterRules.verdicts(participant.legal))
    }

    /// A consent as it stands on `day`, which a revocation must have reached to show.
    package static func summary(of consent: Consent, on day: Day) -> ConsentSummary {
        let scope = ConsentRules.scope(of: consent, on: day)
        return ConsentSummary(
            id: consent.id, participant: consent.participant, kind: consent.kind, scope: scope,
            withdrawn: consent.scope.filter { !scope.contains($0) }, purpose: "", recipients: [],
            signedOn: consent.signedOn,
            expiresOn: consent.expiresOn, endsWith: consent.endsWith,
            revokedOn: consent.revocations.map(\.day).max())
    }

    /// An enrollment without free text.
    package static func summary(of enrollment: Enrollment) -> EnrollmentSummary {
        EnrollmentSummary(
            id: enrollment.id, participant: enrollment.participant, program: enrollment.program,
            cohort: enrollment.cohort, status: enrollment.status,
            stage: enrollment.stages.last?.stage, stageFrom: enrollment.stages.last?.from,
            holds: enrollment.holds, openedOn: enrollment.openedOn,
            plannedEnd: enrollment.plannedEnd,
            exitClass: enrollment.exit?.exitClass, exitedOn: enrollment.exit?.day,
            historical: enrollment.historical)
    }

    /// A member of staff without their name.
    package static func summary(of member: Staff) -> StaffSummary {
        StaffSummary(
            id: member.id, code: member.code, affiliation: member.affiliation, role: member.role,
            active: member.active)
    }

    /// A request of police, prosecutor or court: what is granted of it.
    package static func summary(of request: LegalRequest) -> LegalRequestSummary {
        LegalRequestSummary(
            id: request.id, participant: request.participant,
            grant: LegalRequestRules.grant(of: request))
    }

    /// A person's request: what it restricts; nil for one of another kind.
    package static func summary(of request: SubjectRequest) -> RestrictionSummary? {
        guard request.kind == .restriction else { return nil }
        return RestrictionSummary(
            id: request.id, participant: request.participant,
            sections: SubjectRequestRules.restricted(by: request))
    }

    /// What stands for a name: `P-` and eight letters and digits, of Crockford's alphabet, from
    /// the identifier's random bits.
    ///
    /// It is for people to read aloud; programs use the identifier, for two of a million people
    /// may share one.
    package static func pseudonym(for id: ParticipantID) -> String {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        let bits = UInt64(id.description.filter { $0 != "-" }.suffix(10), radix: 16) ?? 0
        let letters = (0..<8).map { alphabet[Int(bits >> (35 - 5 * UInt64($0)) & 31)] }
        return "P-" + String(letters)
    }
}
