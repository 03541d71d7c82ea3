import RPC
package import RegistryAPI
package import Vocabulary

/// A screening as the clinical service's feed tells of it.
package struct ScreeningFact: Hashable, Sendable {
    package let participant: ParticipantID
    package let day: Day
    /// ASSIST's highest risk band over the drugs besides tobacco and alcohol: `low`, `moderate`
    /// or `high`.
    package let highestDrugBand: String
    /// The substances of that band.
    package let substances: [String]

    package init(
        participant: ParticipantID, day: Day, highestDrugBand: String, substances: [String] = []
    ) {
        self.participant = participant
        self.day = day
        self.highestDrugBand = highestDrugBand
        self.substances = substances
    }
}

/// What is known when somebody is to be enrolled.
///
/// Everything of the participant means of all records that are merged into theirs, too.
package struct EnrollmentFacts: Hashable, Sendable {
    package var participant: Participant
    package var program: Program
    package var agreement: Agreement
    package var consents: [Consent]
    package var decisions: [Decision]
    /// The decree that the call names, where it is recorded.
    package var decree: Decree?
    /// All that are known, in any order.
    package var screenings: [ScreeningFact]
    /// Days of urine tests.
    package var urineTests: [Day]
    /// The participant's enrollments, ended and not, and the one with the call's id.
    package var enrollments: [Enrollment]
    /// How many are enrolled in the cohort and have not exited.
    package var cohortCount: Int

    package init(
        participant: Participant, program: Program, agreement: Agreement, consents: [Consent] = [],
        decisions: [Decision] = [], decree: Decree? = nil, screenings: [ScreeningFact] = [],
        urineTests: [Day] = [], enrollments: [Enrollment] = [], cohortCount: Int = 0
    ) {
        self.participant = participant
        self.program = program
        self.agreement = agreement
        self.consents = consents
        self.decisions = decisions
        self.decree = decree
        self.screenings = screenings
        self.urineTests = urineTests
        self.enrollments = enrollments
        self.cohortCount = cohortCount
    }
}

/// Decides who is enrolled.
///
/// Every rule is judged as of the day of admission. They are asked in an order in which mending
/// one seldom brings up an earlier one: the person, the agreement, the law, consent, the papers.
package enum EnrollmentRules {
    typealias Refusal = OpenEnrollment.Refusal

    /// Enrolls somebody whom no rule of entry keeps out.
    package static func open(
        _ call: OpenEnrollment, facts: EnrollmentFacts, today: Day
    ) throws -> OpenEnrollment.Reply {
        try Input.text(call.cohort, "cohort", max: Input.codeMax)
        try Input.past(call.openedOn, "openedOn", today: today)
        let enrollment = Enrollment(
            id: call.id, participant: call.participant, program: call.program,
            cohort: call.cohort, decree: call.decree, status: .active,
            stages: facts.program.phases.prefix(1).map {
                StageEntry(stage: $0.name, from: call.openedOn)
            },
            openedOn: call.openedOn,
            plannedEnd: call.openedOn.adding(days: facts.program.lengthDays))
        if let existing = facts.enrollments.first(where: { $0.id == call.id }) {
            guard existing == enrollment else { throw Refused(Refusal.idTaken) }
        } else {
            try checkPerson(call, facts)
            try checkAgreement(call, facts)
            try checkLaw(call, facts)
            try checkConsent(call, facts)
            try checkScreening(call, facts)
            try checkPapers(call, facts)
            guard facts.cohortCount < facts.program.capacity else {
                throw Refused(Refusal.programFull, "capacity \(facts.program.capacity)")
            }
        }
        return OpenEnrollment.Reply(
            enrollment: enrollment, warnings: warnings(enrollment, facts))
    }

    private static func checkPerson(_ call: OpenEnrollment, _ facts: EnrollmentFacts) throws {
        let participant = facts.participant
        guard participant.mergedInto == nil else { throw Refused(Refusal.merged) }
        guard participant.diedOn == nil else { throw Refused(Refusal.deceased) }
        guard RegisterRules.current(participant.legal) != nil,
            RegisterRules.entry(participant.legal, on: call.openedOn) != nil
        else { throw Refused(Refusal.notInCustody) }
        guard facts.enrollments.allSatisfy({ $0.status == .exited }) else {
            throw Refused(Refusal.alreadyEnrolled)
        }
        for exit in facts.enrollments.compactMap(\.exit) {
            try Input.order(
                call.openedOn, "openedOn", notBefore: exit.day, of: "the end of an earlier one")
        }
    }

    private static func checkAgreement(_ call: OpenEnrollment, _ facts: EnrollmentFacts) throws {
        switch AgreementRules.state(of: facts.agreement, on: call.openedOn) {
        case .notYetValid:
            throw Refused(Refusal.agreementNotYetValid, "from \(facts.agreement.validFrom)")
        case .expired:
            throw Refused(Refusal.agreementExpired, "since \(facts.agreement.validUntil)")
        case .valid, .expiring: break
        }
        guard facts.agreement.facilityCode == facts.participant.facilityCode else {
            throw Refused(Refusal.otherFacility, facts.agreement.facilityCode)
        }
    }

    private static func checkLaw(_ call: OpenEnrollment, _ facts: EnrollmentFacts) throws {
        let (legal, rules) = (facts.participant.legal, facts.program.entryRules)
        let status = RegisterRules.entry(legal, on: call.openedOn)?.number.book.legalStatus
        guard let status, rules.allowedStatuses.contains(status) else {
            throw Refused(Refusal.legalStatusNotAllowed, status?.rawValue)
        }
        guard !(rules.registerFExcludes && legal.registerF) else {
            throw Refused(Refusal.registerF)
        }
        let minimum = rules.minimumRemainingDays ?? facts.program.lengthDays
        guard minimum > 0 else { return }
        guard let release = ReleaseRules.earliest(legal.releaseDates, status: status) else {
            throw Refused(Refusal.noReleaseDate)
        }
        let remaining = release.day.days(since: call.openedOn)
        guard remaining >= minimum else {
            throw Refused(
                Refusal.remainingSentenceTooShort,
                "\(release.kind.rawValue) on \(release.day): \(remaining) days of \(minimum)")
        }
    }

    private static func checkConsent(_ call: OpenEnrollment, _ facts: EnrollmentFacts) throws {
        let exits = facts.enrollments.compactMap { $0.exit?.day }
        let releases = facts.participant.releases.map(\.day)
        let treatment = facts.consents.filter { $0.kind == .treatment }
            .sorted { $0.signedOn < $1.signedOn }
        let states = treatment.map {
            ConsentRules.state(of: $0, on: call.openedOn, exits: exits, releases: releases)
        }
        if states.contains(.valid) { return }
        switch states.last(where: { $0 != .notYetSigned }) {
        case .revoked: throw Refused(Refusal.consentRevoked)
        case .expired: throw Refused(Refusal.consentExpired)
        default: throw Refused(Refusal.noConsent)
        }
    }

    private static func checkScreening(_ call: OpenEnrollment, _ facts: EnrollmentFacts) throws {
        let rules = facts.program.entryRules
        if !rules.requiredRiskBands.isEmpty {
            let before = facts.screenings.filter { $0.day <= call.openedOn }
            guard let screening = before.max(by: { $0.day < $1.day }) else {
                throw Refused(Refusal.screeningMissing)
            }
            let age = call.openedOn.days(since: screening.day)
            if let limit = rules.maximumScreeningAgeDays, age > limit {
                throw Refused(Refusal.screeningTooOld, "\(age) days, allowed \(limit)")
            }
            guard rules.requiredRiskBands.contains(screening.highestDrugBand) else {
                throw Refused(Refusal.riskTooLow)
            }
        }
        if rules.urineRequired, !facts.urineTests.contains(where: { $0 <= call.openedOn }) {
            throw Refused(Refusal.urineMissing)
        }
    }

    private static func checkPapers(_ call: OpenEnrollment, _ facts: EnrollmentFacts) throws {
        let rules = facts.program.entryRules
        if rules.decisionRequired {
            guard let decision = DecisionRules.standing(facts.decisions, on: call.openedOn) else {
                throw Refused(Refusal.noDecision)
            }
            guard ProgramRules.covers(decision.recommends, facts.program.kind) else {
                throw Refused(Refusal.kindNotRecommended, decision.recommends.rawValue)
            }
        }
        if call.decree != nil || rules.decreeRequired {
            guard let decree = facts.decree, decree.id == call.decree else {
                throw Refused(Refusal.noDecree)
            }
            guard decree.participants.contains(call.participant), decree.program == call.program,
                decree.cohort == call.cohort, decree.signedOn <= call.openedOn
            else { throw Refused(Refusal.decreeDoesNotName, decree.number) }
        }
        if rules.placementRequired, PlacementRules.current(facts.participant) == nil {
            throw Refused(Refusal.notPlaced)
        }
    }

    private static func warnings(
        _ enrollment: Enrollment, _ facts: EnrollmentFacts
    ) -> [OpenEnrollment.Warning] {
        var warnings: [OpenEnrollment.Warning] = []
        let identity = facts.participant.identity
        if let age = facts.program.entryRules.warnBelowAge,
            ParticipantRules.mayBeYounger(than: age, identity, on: enrollment.openedOn)
        {
            warnings.append(.belowAge)
        }
        if enrollment.plannedEnd > facts.agreement.validUntil {
            warnings.append(.endsAfterAgreement)
        }
        let legal = facts.participant.legal
        let status = RegisterRules.entry(legal, on: enrollment.openedOn)?.number.book.legalStatus
        if let release = ReleaseRules.earliest(legal.releaseDates, status: status),
            release.day < enrollment.plannedEnd
        {
            warnings.append(.endsAfterRelease)
        }
        return warnings
    }
}
