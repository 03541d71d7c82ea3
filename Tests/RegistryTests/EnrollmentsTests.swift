import RPC
import RegistryAPI
import RegistryRules
import Testing
import Vocabulary

@Suite("Opening an enrollment")
struct EnrollmentsTests {
    typealias Reason = OpenEnrollment.Refusal

    private func refused(
        _ call: OpenEnrollment = Example.opening(), _ change: (inout EnrollmentFacts) -> Void
    ) -> Reason? {
        var facts = Example.facts()
        change(&facts)
        return refusal(Reason.self) {
            try EnrollmentRules.open(call, facts: facts, today: Example.today)
        }
    }

    @Test("starts in the first phase and ends after the program's length")
    func opens() throws {
        let reply = try EnrollmentRules.open(
            Example.opening(), facts: Example.facts(), today: Example.today)
        #expect(reply.enrollment == Example.enrollment())
        #expect(reply.warnings.isEmpty)
    }

    @Test("with the same content again gives the same, with other content is refused")
    func again() throws {
        var facts = Example.facts()
        facts.enrollments = [Example.enrollment()]
        facts.cohortCount = 2
        let reply = try EnrollmentRules.open(
            Example.opening(), facts: facts, today: Example.today)
        #expect(reply.enrollment == Example.enrollment())
        #expect(
            refused(Example.opening(cohort: "2026-2")) {
                $0.enrollments = [Example.enrollment()]
            } == .idTaken)
    }

    @Test("is refused to a merged record, the dead, and those not in custody")
    func person() {
        #expect(refused { $0.participant.mergedInto = id(9) } == .merged)
        #expect(refused { $0.participant.diedOn = day("2026-02-01") } == .deceased)
        #expect(
            refused { $0.participant.legal.register[1].until = day("2026-02-01") }
                == .notInCustody)
        #expect(refused(Example.opening(openedOn: "2025-05-31")) { _ in } == .notInCustody)
    }

    @Test("is refused beside an open one, and possible again after its exit")
    func oneOpen() throws {
        var earlier = Example.enrollment(699)
        #expect(refused { $0.enrollments = [earlier] } == .alreadyEnrolled)
        earlier.status = .onHold
        #expect(refused { $0.enrollments = [earlier] } == .alreadyEnrolled)
        earlier.status = .exited
        earlier.exit = Exit(exitClass: .withdrew, day: Example.today, reason: "own wish")
        #expect(refused { $0.enrollments = [earlier] } == nil)
        earlier.exit = Exit(exitClass: .withdrew, day: day("2026-02-01"), reason: "own wish")
        var facts = Example.facts()
        facts.enrollments = [earlier]
        #expect(
            wrongField {
                try EnrollmentRules.open(
                    Example.opening(openedOn: "2026-01-31"), facts: facts, today: Example.today)
            } == "openedOn")
    }

    @Test("needs an agreement in force, at the same facility")
    func agreement() {
        func term(_ from: String, _ until: String, at code: String = Example.rutan) -> Agreement {
            Agreement(
                id: id(100), number: "1", facilityCode: code, institutionCodes: [Example.board],
                validFrom: day(from), validUntil: day(until), scope: "rehabilitation")
        }
        #expect(refused { $0.agreement = term("2025-01-01", "2026-03-01") } == nil)
        #expect(refused { $0.agreement = term("2025-01-01", "2026-02-28") } == .agreementExpired)
        #expect(
            refused { $0.agreement = term("2026-03-02", "2027-01-01") } == .agreementNotYetValid)
        #expect(
            refused { $0.agreement = term("2025-01-01", "2027-01-01", at: "rutan-situbondo") }
                == .otherFacility)
    }

    @Test("needs a legal status that the program admits")
    func legalStatus() {
        let detained = RegisterEntry(
            number: RegisterNumber(book: .a3, number: "1"), from: day("2025-09-01"))
        #expect(refused { $0.participant.legal.register = [detained] } == .legalStatusNotAllowed)
        #expect(
            refused {
                $0.participant.legal.register = [detained]
                $0.program.entryRules.allowedStatuses = [.detainee]
            } == nil)
    }

    @Test("is refused for register F only where the program says so")
    func registerF() {
        #expect(refused { $0.participant.legal.registerF = true } == .registerF)
        #expect(
            refused {
                $0.participant.legal.registerF = true
                $0.program.entryRules.registerFExcludes = false
            } == nil)
    }

    @Test("needs as many days until the earliest release as the program is long, or as it says")
    func remaining() {
        func expiry(_ text: String) -> [ReleaseDate] {
            [ReleaseDate(kind: .sentenceExpiry, date: day(text), recordedOn: Example.today)]
        }
        #expect(refused { $0.participant.legal.releaseDates = [] } == .noReleaseDate)
        // 2026-03-01 and 180 days is 2026-08-28.
        #expect(refused { $0.participant.legal.releaseDates = expiry("2026-08-28") } == nil)
        #expect(
            refused { $0.participant.legal.releaseDates = expiry("2026-08-27") }
                == .remainingSentenceTooShort)
        #expect(
            refused {
                $0.participant.legal.releaseDates = expiry("2026-08-27")
                $0.program.entryRules.minimumRemainingDays = 90
            } == nil)
        #expect(
            refused {
                $0.participant.legal.releaseDates = []
                $0.program.entryRules.minimumRemainingDays = 0
            } == nil)
    }

    @Test("needs a treatment consent that holds on the day")
    func consent() {
        #expect(refused { $0.consents = [] } == .noConsent)
        #expect(refused { $0.consents = [Example.consent(kind: .dataSharing)] } == .noConsent)
        #expect(refused { $0.consents = [Example.consent(signedOn: "2026-03-02")] } == .noConsent)
        #expect(
            refused { $0.consents = [Example.consent(expiresOn: "2026-02-28")] }
                == .consentExpired)
        #expect(refused { $0.consents = [Example.consent(expiresOn: "2026-03-01")] } == nil)
        var revoked = Example.consent()
        revoked.revocations = [Revocation(day: day("2026-02-15"), reason: "none given")]
        #expect(refused { $0.consents = [revoked] } == .consentRevoked)
        let newer = Example.consent(301, signedOn: "2026-02-20")
        #expect(refused { $0.consents = [revoked, newer] } == nil)
    }

    @Test("asks anew where the consent ended with an earlier exit")
    func consentEndedWithExit() {
        var earlier = Example.enrollment(699)
        earlier.status = .exited
        earlier.exit = Exit(exitClass: .withdrew, day: day("2026-02-15"), reason: "own wish")
        let consent = Example.consent(expiresOn: nil, endsWith: .exit)
        #expect(refused { $0.consents = [consent] } == nil)
        #expect(
            refused {
                $0.consents = [consent]
                $0.enrollments = [earlier]
            } == .consentExpired)
    }

    @Test("needs a screening that is recent and risky enough, and a urine test")
    func screening() {
        func screening(_ on: String, _ band: String) -> ScreeningFact {
            ScreeningFact(participant: id(1), day: day(on), highestDrugBand: band)
        }
        #expect(refused { $0.screenings = [] } == .screeningMissing)
        #expect(
            refused { $0.screenings = [screening("2026-03-02", "high")] } == .screeningMissing)
        #expect(refused { $0.screenings = [screening("2026-02-01", "low")] } == .riskTooLow)
        // The latest counts, not the riskiest.
        #expect(
            refused {
                $0.screenings = [screening("2026-02-02", "low"), screening("2026-02-01", "high")]
            } == .riskTooLow)
        #expect(
            refused {
                $0.screenings = [screening("2026-01-29", "high")]
                $0.program.entryRules.maximumScreeningAgeDays = 30
            } == .screeningTooOld)
        #expect(
            refused {
                $0.screenings = [screening("2026-01-30", "high")]
                $0.program.entryRules.maximumScreeningAgeDays = 30
            } == nil)
        #expect(refused { $0.urineTests = [day("2026-03-02")] } == .urineMissing)
        #expect(
            refused {
                $0.screenings = []
                $0.urineTests = []
                $0.program.entryRules.requiredRiskBands = []
                $0.program.entryRules.urineRequired = false
            } == nil)
    }

    @Test("needs the team's decision, the decree and the placement")
    func papers() {
        #expect(refused { $0.decisions = [] } == .noDecision)
        #expect(refused { $0.program.kind = .medical } == .kindNotRecommended)
        #expect(refused(Example.opening(decree: nil)) { _ in } == .noDecree)
        #expect(refused { $0.decree = nil } == .noDecree)
        #expect(refused(Example.opening(cohort: "2026-2")) { _ in } == .decreeDoesNotName)
        #expect(refused(Example.opening(openedOn: "2026-02-19")) { _ in } == .decreeDoesNotName)
        #expect(refused { $0.participant.placements = [] } == .notPlaced)
        #expect(
            refused(Example.opening(decree: nil)) {
                $0.decisions = []
                $0.participant.placements = []
                $0.program.entryRules.decisionRequired = false
                $0.program.entryRules.decreeRequired = false
                $0.program.entryRules.placementRequired = false
            } == nil)
    }

    @Test("stops at the capacity of the cohort")
    func capacity() {
        #expect(refused { $0.cohortCount = 1 } == nil)
        #expect(refused { $0.cohortCount = 2 } == .programFull)
    }

    @Test("cannot be in the future, or in a cohort without a name")
    func input() {
        #expect(
            wrongField {
                try EnrollmentRules.open(
                    Example.opening(openedOn: "2026-03-02"), facts: Example.facts(),
                    today: Example.today)
            } == "openedOn")
        #expect(
            wrongField {
                try EnrollmentRules.open(
                    Example.opening(cohort: " "), facts: Example.facts(), today: Example.today)
            } == "cohort")
    }

    @Test("warns of the young, and of an end after the agreement or the release")
    func warnings() throws {
        var facts = Example.facts()
        facts.participant.identity.birthDate = day("2008-03-02")
        facts.program.entryRules.minimumRemainingDays = 30
        facts.participant.legal.releaseDates = [
            ReleaseDate(kind: .twoThirds, date: day("2026-05-01"), recordedOn: Example.today)
        ]
        facts.agreement = Agreement(
            id: id(100), number: "1", facilityCode: Example.rutan,
            institutionCodes: [Example.board], validFrom: day("2025-01-01"),
            validUntil: day("2026-06-01"), scope: "rehabilitation")
        let reply = try EnrollmentRules.open(
            Example.opening(), facts: facts, today: Example.today)
        #expect(reply.warnings == [.belowAge, .endsAfterAgreement, .endsAfterRelease])
    }
}
